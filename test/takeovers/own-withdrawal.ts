// An owner who wants their own money: whether it was held, and until when.

import {
  ABROAD,
  type Account,
  type Device,
  HOME,
  NEW_NETWORK,
  NEW_PHONE,
  type Place,
} from './account.ts'
import { type Occasion, RELEASES_AFTER_MS } from './assumptions.ts'
import { releaseBy } from './release.ts'
import type { World } from './world.ts'

export type OwnWithdrawal = {
  readonly occasion: Occasion
  readonly hasPasskey: boolean
  readonly isHeld: boolean
  /** From the login until the money was on its way. */
  readonly outAfterMs: number
  /** Taps that it took beside the exchange's own. */
  readonly taps: number
}

export async function withdrawOwn(
  world: World,
  account: Account,
  draw: Pick<OwnWithdrawal, 'occasion' | 'hasPasskey'>,
): Promise<OwnWithdrawal> {
  const { exchange, random } = world
  const startedAt = world.now()
  const from = { ...account.device, ...HOME, ...NEW[draw.occasion] }
  const { session } = await exchange.logIn({ accountId: account.id, ...from })
  await world.sleep(random.whole(5_000, 60_000))
  const asked = { addressId: account.addressId, amount: 100 }
  const { id } = expectDone(await exchange.requestWithdrawal(account.id, asked, session))
  const find = async () => {
    const { withdrawals } = await exchange.read(account.id)
    return withdrawals.find((one) => one.id === id)
  }
  await world.sleep(LOOKED_AT_MS)
  const isHeld = (await find())?.state === 'pending'
  const taps = isHeld && draw.hasPasskey ? await release(world, account, startedAt) : 0
  for (;;) {
    const { settledAt = null } = (await find()) ?? {}
    if (settledAt !== null) {
      return { ...draw, isHeld, outAfterMs: settledAt - startedAt, taps }
    }
    await world.sleep(LOOK_EVERY_MS)
  }
}

/** 0 where nothing came of it. */
async function release(world: World, account: Account, since: number): Promise<number> {
  const text = await world.phones.linkAfter(account.phone, since, 60_000)
  if (!text?.link) return 0
  await world.sleep(world.random.whole(...RELEASES_AFTER_MS))
  const { isReleased, taps } = await releaseBy(world, account.id, text.link)
  return isReleased ? taps : 0
}

const LOOKED_AT_MS = 5_000
const LOOK_EVERY_MS = 3_600_000

const NEW: Readonly<Record<Occasion, Partial<Place & Device>>> = {
  usual: {},
  network: NEW_NETWORK,
  abroad: ABROAD,
  phone: NEW_PHONE,
}

function expectDone<Result extends { readonly kind: string }>(
  result: Result,
): Extract<Result, { readonly kind: 'done' }> {
  if (result.kind !== 'done') throw new Error(`refused: ${result.kind}`)
  return result as Extract<Result, { readonly kind: 'done' }>
}
