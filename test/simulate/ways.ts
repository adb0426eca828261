// Who may end a hold, and by what an account is locked without an alert: what the deployment says of the one, and what each account
// has for the other. Drawn from a stream of its own, so that it moves nothing else.

import type { AccountFacts } from './ledger.ts'
import type { Random } from './machine/random.ts'

const HOUR_MS = 3_600_000

export type Ways = {
  readonly liftPolicy: 'api' | 'owner'
  /** 0: the exchange alone never lifts what is the owner's to lift. */
  readonly liftDelayHours: number
  /** How long before the faults the accounts of before are imported: past their first day, or past the age of a proof as well. */
  readonly bornBeforeMs: number
  /** One provider writes from a name, which nobody can answer: its texts have a code to be typed. */
  readonly hasNamedSender: boolean
}

export function drawWays(random: Random): Ways {
  const liftPolicy = random.weighted({ api: 3, owner: 2 })
  const delayHours = random.pick([0, 1, 1])
  return {
    liftPolicy,
    liftDelayHours: liftPolicy === 'owner' ? delayHours : 0,
    bornBeforeMs: random.pick([25, 100]) * HOUR_MS,
    hasNamedSender: random.chance(0.3),
  }
}

/** Of an account: how old its passkey is as the faults begin, and whether it will have a trusted contact. */
export function drawProofs(
  random: Random,
  index: number,
  startAt: number,
): Pick<AccountFacts, 'passkeySince' | 'contactPhone'> {
  const age = random.weighted({ none: 5, old: 4, young: 2 })
  return {
    passkeySince: age === 'none' ? null : startAt - PASSKEY_AGES_MS[age],
    contactPhone: random.chance(0.25) ? `+4917098765${100 + index}` : null,
  }
}

/** A proof counts from 72 hours on. The young one is nearly so old. */
const PASSKEY_AGES_MS = { old: 110 * HOUR_MS, young: 71 * HOUR_MS }
