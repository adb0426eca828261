// What an owner and a trusted contact do beside links and replies: lock by other ways, end holds, stop lifts. Everything is drawn from
// a stream of its own.

import type { AccountFacts } from './ledger.ts'
import type { Random } from './machine/random.ts'
import type { Exchange } from './outside/exchange.ts'
import type { LockWays } from './outside/lock-ways.ts'
import { type Replies, tap } from './outside/owner.ts'
import type { Taken } from './outside/provider.ts'
import type { Releases } from './outside/releases.ts'
import { linkIn, noticeIn, stopLinkIn, typedCodeIn } from './outside/texts.ts'
import type { Visits } from './outside/visits.ts'
import { paceOf } from './pace.ts'
import type { Scenario } from './scenario.ts'
import type { World } from './world.ts'

export type People = {
  readonly exchange: Exchange
  readonly visits: Visits
  readonly lockWays: LockWays
  readonly releases: Releases
  readonly replies: Replies
}

const HOUR_MS = 3_600_000

/** What happens while the faults last. */
export function liveByWays(
  world: World,
  random: Random,
  { exchange, visits, lockWays, releases }: People,
  account: AccountFacts,
  scenario: Scenario,
): void {
  const { clock, ledger } = world
  const { later, every } = paceOf(clock, random, scenario)
  /** Pressed again by a frightened hand; or it was false, support lifts it, and whoever has that way tries it once more. */
  const lockBy = async (lock: () => Promise<void>) => {
    await lock()
    const then = random.weighted({ nothing: 3, again: 2, lifted: 4 })
    if (then === 'nothing') return
    await clock.sleep(random.whole(2_000, 20_000))
    if (then === 'lifted') {
      await exchange.lift(account.id)
      await clock.sleep(random.whole(1_000, 40_000))
    }
    if (clock.now() < scenario.calmAt) await lock()
  }
  if (account.passkeySince !== null && random.chance(0.5)) {
    every(500_000, () => void lockWays.lockByPasskey(account))
  }
  if (account.contactPhone !== null) {
    later(random.whole(5_000, 60_000), () => void lockWays.nameContact(account))
    every(250_000, () => void lockBy(() => lockWays.lockByContact(account)))
  }
  if (random.chance(0.2)) every(400_000, () => void lockBy(() => visits.pressCard(account)))
  if (scenario.liftPolicy === 'owner' && account.passkeySince !== null) {
    every(200_000, () => {
      // Somebody who has locked signs; who has not has nothing to sign.
      const isLocked = ledger.locks.some(({ accountId }) => accountId === account.id)
      if (isLocked) void releases.sign(account)
    })
  }
}

/** Before the faults: a lift is asked for that is due while they last. */
export async function askLiftBefore(
  world: World,
  random: Random,
  { exchange, lockWays }: People,
  account: AccountFacts,
  scenario: Scenario,
): Promise<void> {
  const { clock } = world
  if (scenario.liftDelayHours === 0 || account.age === 'young' || account.passkeySince === null) {
    return
  }
  const dueAt = random.whole(scenario.startAt + 10_000, scenario.calmAt)
  await clock.sleep(dueAt - scenario.liftDelayHours * HOUR_MS - clock.now() - 2_000)
  // Into the hold of a lock comes nothing; into that of a change comes the next change.
  const by = random.pick(['api', 'passkey', scenario.coolingOffHours > 0 ? 'change' : 'api'])
  if (by === 'api') await exchange.lock(account)
  else if (by === 'passkey') await lockWays.lockByPasskey(account)
  else await exchange.activity(account, 'email_changed')
  await exchange.lift(account.id)
}

/** On the account's own phone, beside what owner.ts does with it. */
export function readByWays(
  world: World,
  random: Random,
  { lockWays, releases }: People,
  account: AccountFacts,
  { call: { text, alertNumbers } }: Taken,
): void {
  const { clock } = world
  const [alertNumber] = alertNumbers
  const notice = noticeIn(text)
  const stopLink = notice === 'lift_asked' ? stopLinkIn(text) : null
  if (stopLink && random.chance(0.5)) {
    const leftMs = Math.max(0, stopLink.dueAt - clock.now())
    // Early, or as it is due.
    const afterMs = random.chance(0.5)
      ? random.whole(2_000, 60_000)
      : leftMs + random.whole(-60_000, 70_000)
    clock.after(Math.max(1_000, afterMs), () => void releases.stop(account, stopLink))
  }
  if (world.isCalm()) return
  const link = linkIn(text)
  if (notice === 'lock_asked' && link !== null && random.chance(0.6)) {
    clock.after(random.whole(2_000, 30_000), () => void tap(world, account, 0, link))
  }
  if (alertNumber === undefined) return
  const typed = typedCodeIn(text)
  const act = random.weighted({ nothing: 10, release: 3, code: 2 })
  const afterMs = random.whole(2_000, random.pick([20_000, 200_000]))
  // Who has nothing to prove it with tries seldom.
  const isTrying = account.passkeySince !== null || account.age !== 'young'
  if (act === 'release' && link !== null && isTrying) {
    clock.after(afterMs, () => void releases.release(account, link))
  }
  if (act === 'code' && typed !== null) {
    clock.after(afterMs, () => void lockWays.lockByCode(account, alertNumber, typed))
  }
}
