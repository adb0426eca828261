// What happens to one account while the faults last: logins, changes inside it, questions, lifts, locks, ends of sessions.

import type { AccountFacts } from './ledger.ts'
import { ACTIVITY_WEIGHTS } from './outside/events.ts'
import type { Exchange } from './outside/exchange.ts'
import type { Visits } from './outside/visits.ts'
import { paceOf } from './pace.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

/** Settled accounts are known by these. */
const KNOWN_DEVICES = ['device 1', 'device 2']

export function isKnownDevice(device: string): boolean {
  return KNOWN_DEVICES.includes(device)
}

/** Of an account that is not new: its first day, in peace. */
export async function liveBefore(exchange: Exchange, account: AccountFacts): Promise<void> {
  if (account.age === 'young') return
  await exchange.importAccount(account)
  if (account.age !== 'settled') return
  for (const device of KNOWN_DEVICES) await exchange.login(account, device)
}

/** What happens to it while the faults last. */
export function live(
  stage: Stage,
  { exchange, visits }: { readonly exchange: Exchange; readonly visits: Visits },
  account: AccountFacts,
  scenario: Scenario,
): void {
  const { clock, world, ledger } = stage
  const { random } = world
  if (account.age === 'young') void exchange.importAccount(account)
  const { later, every } = paceOf(clock, random, scenario)
  const ownLogins = () => ledger.logins.filter(({ accountId }) => accountId === account.id)
  every(scenario.loginPauseMs, () => {
    const burst = random.chance(0.1) ? random.whole(3, 6) : 1
    const device = `device ${random.whole(1, 4)}`
    for (let count = 0; count < burst; count += 1) {
      later(random.whole(0, 20_000), () => void exchange.login(account, device))
    }
  })
  every(scenario.activityPauseMs, () => {
    const kind = random.weighted(ACTIVITY_WEIGHTS)
    const burst = random.chance(0.1) ? random.whole(3, 6) : 1
    for (let count = 0; count < burst; count += 1) {
      later(random.whole(0, 20_000), () => void exchange.activity(account, kind))
    }
  })
  // Once planned, a hold keeps every lift away.
  if (random.chance(0.2)) every(600_000, () => void visits.planHold(account))
  if (random.chance(0.4)) {
    later(random.whole(10_000, 100_000), () => void visits.makeCard(account))
    every(400_000, () => void visits.pressCard(account))
  }
  every(90_000, () => void exchange.askHold(account.id))
  every(180_000, () => void exchange.readHistory(account.id))
  // After each lift a hold can begin again.
  const liftPauseMs = scenario.coolingOffHours > 0 ? 250_000 : 800_000
  every(liftPauseMs, () => void exchange.lift(account.id))
  every(900_000, () => void exchange.lock(account))
  every(300_000, () => {
    const logins = ownLogins()
    if (logins.length > 0) void exchange.endSession(random.pick(logins))
  })
  every(600_000, () => {
    const logins = ownLogins()
    if (logins.length > 0) void exchange.revoke(random.pick(logins))
  })
}
