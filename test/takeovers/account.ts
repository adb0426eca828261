// The owner of an account: imported, known by a phone from home, and with an address of their own.

import type { Actor } from '../../examples/exchange/acts.ts'
import type { World } from './world.ts'

export type Place = { readonly ip: string; readonly country: string; readonly city: string }
export type Device = { readonly userAgent: string; readonly deviceName: string }

export type Account = {
  readonly id: string
  readonly phone: string
  /** The phone's, which is open all the time. */
  readonly session: Actor
  readonly device: Device
  /** The owner's own, in the address book. */
  readonly addressId: string
}

export const HOME: Place = { ip: '91.10.20.30', country: 'DE', city: 'Frankfurt' }
/** The same country, another operator: a residential proxy. */
export const NEIGHBOUR: Place = { ip: '77.20.150.7', country: 'DE', city: 'Frankfurt' }
/** The owner's operator, and the same /16. */
export const SAME_NETWORK: Place = { ip: '91.10.200.99', country: 'DE', city: 'Frankfurt' }
export const ABROAD: Place = { ip: '190.15.200.10', country: 'BR', city: 'Recife' }
export const NEW_NETWORK: Place = { ip: '93.128.11.12', country: 'DE', city: 'Berlin' }

const PHONE: Device = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  deviceName: 'iPhone 15',
}
export const NEW_PHONE: Device = { ...PHONE, deviceName: 'iPhone 17' }
/** In the first day of the account, in which no login holds. */
export async function settleIn(
  world: World,
  number: number,
  hasPasskey: boolean,
): Promise<Account> {
  const { exchange } = world
  const id = String(10_000_000 + number)
  const phone = `+49151${String(10_000_000 + number)}`
  const stored = await exchange.lockline.putAccount(id, { phone, locale: 'en' })
  if (stored.kind !== 'stored') throw new Error(`account ${id} was not stored: ${stored.kind}`)
  if (hasPasskey) world.plantPasskey(id)
  const { session } = await exchange.logIn({ accountId: id, ...PHONE, ...HOME })
  const own = { name: 'my wallet', address: `TQ5k9mYwX2vB7nL4hR8sD3fG6jP1zC${id}` }
  const added = await exchange.addAddress(id, own, session)
  if (added.kind !== 'done') throw new Error(`no address for ${id}`)
  return { id, phone, session, device: PHONE, addressId: added.id }
}
