// What a thief does once he is in: a session, an address, an API key, an order, and the money. What he has decides how he
// comes in and what else he tries; nothing here knows what the Worker makes of it.

import type { Actor } from '../../examples/exchange/acts.ts'
import { PUBLIC_ORIGIN } from '../simulate/world.ts'
import { ABROAD, type Account, NEIGHBOUR, type Place, SAME_NETWORK } from './account.ts'
import type { Guise, ThiefKind } from './assumptions.ts'
import { PATIENT_MS, QUICK_MS, QUICK_SHARE } from './assumptions.ts'
import type { World } from './world.ts'

export type Theft = {
  readonly startedAt: number
  /** Of his withdrawal; null where he was refused it. */
  readonly withdrawalId: string | null
  readonly sessionId: string
  readonly addressId: string
}

const OTHER_DEVICE = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  deviceName: 'PC',
}
/** Who cannot withdraw yet lifts, every ten minutes. */
const LIFT_TRIES = 6
const LIFT_PAUSE_MS = 600_000
const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

const DIGS_AFTER_MS = 10_000

/** Those who ride on what the owner has open make no login. */
const RIDES: ReadonlySet<ThiefKind> = new Set(['session', 'phone'])

export async function steal(
  world: World,
  account: Account,
  {
    kind,
    guise,
    liftDelayHours,
  }: { readonly kind: ThiefKind; readonly guise: Guise; readonly liftDelayHours: number },
): Promise<Theft> {
  const { exchange, random, now } = world
  const startedAt = now()
  const isScript = guise !== 'abroad'
  const asksAt = startedAt + (isScript ? 0 : patience(world))
  const pause = async () => {
    if (!isScript) await world.sleep(random.whole(2_000, 4_000))
  }
  if (kind === 'sim') {
    await exchange.changeCredential(account.id, 'password_reset', { ...NOBODY, ip: ABROAD.ip })
    await pause()
  }
  const actor = RIDES.has(kind) ? account.session : await logIn(world, account, guise)
  if (kind === 'sim') await exchange.changeCredential(account.id, 'password_changed', actor)
  await pause()
  const addressId =
    guise === 'owners_address' ? account.addressId : await addOwnAddress(world, account, actor)
  await pause()
  if (!isScript) await digIn()
  await world.sleep(Math.max(0, asksAt - now()))
  const wish = { addressId, amount: ASKED_AMOUNT }
  const asked = await exchange.requestWithdrawal(account.id, wish, actor)
  // The money first: a key begins a hold of its own.
  if (isScript) {
    await world.sleep(DIGS_AFTER_MS)
    await digIn()
  }
  const withdrawalId = asked.kind === 'done' ? asked.id : null
  if (kind === 'insider') void liftAndLift(world, account, liftDelayHours)
  if (kind === 'sms' || kind === 'sim') void sayItWasMe(world, account, startedAt)
  return { startedAt, withdrawalId, sessionId: actor.id ?? '', addressId }

  async function digIn() {
    await exchange.makeApiKey(account.id, 'trading', actor)
    await exchange.placeOrder(account.id, 'sell all')
  }
}

/** What he asks for: all there is. */
export const ASKED_AMOUNT = 10_000

/** The worst of logins, and an address of his own: what every theft by script begins with. */
export async function breakIn(world: World, account: Account) {
  const actor = await logIn(world, account, 'worst')
  return { actor, addressId: await addOwnAddress(world, account, actor) }
}

async function addOwnAddress({ exchange }: World, account: Account, actor: Actor): Promise<string> {
  const added = { name: 'mine', address: `T${account.id.padStart(33, '9')}` }
  const result = await exchange.addAddress(account.id, added, actor)
  // A lock was quicker: he asks for what is not there.
  return result.kind === 'done' ? result.id : 'none'
}

const NOBODY: Actor = { id: null, ip: null, userAgent: null }

function patience({ random }: World): number {
  const [least, most] = random.chance(QUICK_SHARE) ? QUICK_MS : PATIENT_MS
  return random.whole(least, most)
}

const PLACES: Readonly<Record<Guise, Place>> = {
  abroad: ABROAD,
  worst: NEIGHBOUR,
  same_network: SAME_NETWORK,
  owners_address: SAME_NETWORK,
}

async function logIn({ exchange }: World, account: Account, guise: Guise): Promise<Actor> {
  const device = guise === 'abroad' ? OTHER_DEVICE : account.device
  const { session } = await exchange.logIn({ accountId: account.id, ...device, ...PLACES[guise] })
  return session
}

/** With the exchange's API key, as its support would. */
async function liftAndLift(world: World, { id }: Account, liftDelayHours: number): Promise<void> {
  const { insider, sleep } = world
  for (let tries = 0; tries < LIFT_TRIES; tries += 1) {
    await sleep(tries === 0 ? 5_000 : LIFT_PAUSE_MS)
    const asked = await insider.liftHold(id, 'owner called')
    if (asked.kind === 'asked' && tries === 0) void world.tickAfter(liftDelayHours)
    // That nobody is told, and that the owner's codes are his.
    await insider.putAccount(id, { phone: null })
    await insider.putAccount(id, { totp_secret: TOTP_SECRET })
  }
}

/** The link is all that a text gives him. */
async function sayItWasMe(world: World, account: Account, since: number): Promise<void> {
  const text = await world.phones.linkAfter(account.phone, since, 60_000)
  if (!text?.link) return
  for (const body of ['challenge=x&credential=%7B%7D', 'shown=1&totp=123456']) {
    await world.ask({
      method: 'POST',
      url: `${text.link}/confirm`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: PUBLIC_ORIGIN },
      body,
    })
  }
}
