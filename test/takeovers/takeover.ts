// One takeover from the thief's first act to the end of all holds, and what became of the money and of his footholds.

import type { Account as Kept } from '../../examples/exchange/account.ts'
import type { Account } from './account.ts'
import {
  type Guise,
  MISSES_PHONE_MS,
  type OwnerKind,
  READS_AFTER_MS,
  type ThiefKind,
} from './assumptions.ts'
import type { Policy } from './policies.ts'
import { steal } from './thief.ts'
import type { World } from './world.ts'

export type Draw = {
  readonly thief: ThiefKind
  readonly guise: Guise
  readonly owner: OwnerKind
  /** Whether this owner would act on a notice, if one is seen. */
  readonly isActing: boolean
  /** Of the owner's, and never in the thief's hands. */
  readonly hasPasskey: boolean
}

export type Takeover = Draw & {
  /** From the thief's first act until the money was gone; null: it is still there. */
  readonly lostAfterMs: number | null
  /** What the owner's lock left of five; null where nobody locked in time. */
  readonly lock: { readonly footholdsLeft: number; readonly goneAfterMs: number } | null
  /** Texts that told of it, on the phone. */
  readonly texts: number
}

const HOUR_MS = 3_600_000
/** No text comes later. */
const NOTICE_MS = 12 * HOUR_MS
const LOOK_EVERY_MS = 100
const GONE_WITHIN_MS = 10_000
/** Who sees no text: it is read and deleted, or goes to another card. */
const BLINDING: ReadonlySet<ThiefKind> = new Set(['sms', 'sim'])

export async function takeOver(
  world: World,
  account: Account,
  draw: Draw,
  { coolingOffHours, liftDelayHours }: Pick<Policy, 'coolingOffHours' | 'liftDelayHours'>,
): Promise<Takeover> {
  const startedAt = world.now()
  const { thief: kind, guise } = draw
  const stealing = steal(world, account, { kind, guise, liftDelayHours })
  const locking = draw.isActing ? lockWhenTold(world, account, draw, startedAt) : null
  const theft = await stealing
  const lock = (await locking) ?? null
  // Past the hold, and past the patience of the slowest thief.
  const restMs = startedAt + (coolingOffHours + NOTICE_MS / HOUR_MS) * HOUR_MS - world.now()
  await world.sleep(Math.max(0, restMs))
  const money = (await world.exchange.read(account.id)).withdrawals.find(
    ({ id }) => id === theft.withdrawalId,
  )
  const lostAt = money?.state === 'sent' ? money.settledAt : null
  return {
    ...draw,
    lostAfterMs: lostAt === null ? null : lostAt - startedAt,
    lock,
    texts: world.phones.textsOf(account.phone).filter(({ at }) => at >= startedAt).length,
  }
}

async function lockWhenTold(
  world: World,
  account: Account,
  { thief, owner }: Draw,
  startedAt: number,
): Promise<Takeover['lock']> {
  if (BLINDING.has(thief)) return null
  if (thief === 'phone') {
    await world.sleep(world.random.whole(...MISSES_PHONE_MS))
    return withFootholds(world, account, async () => {
      const locked = await world.exchange.lockline.lock(account.id)
      if (locked.kind !== 'locked') throw new Error(`the exchange could not lock: ${locked.kind}`)
    })
  }
  const text = await world.phones.linkAfter(account.phone, startedAt, NOTICE_MS)
  if (!text?.link) return null
  const { link } = text
  await world.sleep(world.random.whole(...READS_AFTER_MS[owner]))
  return withFootholds(world, account, async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await world.ask({ method: 'POST', url: link, headers, body: '' })
    if (answer.status !== 303) throw new Error(`a tap was answered ${answer.status}`)
  })
}

/** Null where the money was gone before: nothing is left to judge. */
async function withFootholds(
  world: World,
  account: Account,
  lock: () => Promise<void>,
): Promise<Takeover['lock']> {
  const before = await world.exchange.read(account.id)
  const isTooLate = before.withdrawals.some(({ state }) => state === 'sent')
  const at = world.now()
  await lock()
  for (;;) {
    const left = footholds(await world.exchange.read(account.id), account)
    const goneAfterMs = world.now() - at
    if (left === 0 || goneAfterMs > GONE_WITHIN_MS) {
      return isTooLate ? null : { footholdsLeft: left, goneAfterMs }
    }
    await world.sleep(LOOK_EVERY_MS)
  }
}

/** Sessions (the owner's too: one of them may be in other hands), keys, withdrawals, addresses but the owner's own, orders. */
function footholds(kept: Kept, { addressId }: Account): number {
  const { sessions, apiKeys, withdrawals, addresses, orders } = kept
  return [
    sessions.some(({ state }) => state === 'live'),
    apiKeys.some(({ state }) => state === 'live'),
    withdrawals.some(({ state }) => state === 'pending'),
    addresses.some(({ id, state }) => id !== addressId && state === 'usable'),
    orders.some(({ state }) => state === 'open'),
  ].filter(Boolean).length
}
