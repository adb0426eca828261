// What an exchange can choose, as the rows of docs/takeovers.md have it.

import { LOCK_ACTION_NAMES } from '../../src/lock/lock-actions.ts'

export type Policy = {
  readonly name: string
  readonly coolingOffHours: 0 | 12 | 24
  /** 0: under `owner`, the API alone never lifts early. */
  readonly liftDelayHours: 0 | 6
  readonly settings: Readonly<Record<string, string>>
}

function policy(
  coolingOffHours: 0 | 12 | 24,
  lifts: 'api' | 'owner',
  liftDelayHours: 0 | 6 = 0,
): Policy {
  const hours = coolingOffHours === 0 ? 'off' : `${coolingOffHours} h`
  return {
    name: `${hours}, ${lifts}${liftDelayHours === 0 ? '' : ` or ${liftDelayHours} h`}`,
    coolingOffHours,
    liftDelayHours,
    settings: {
      LOCK_ACTIONS: LOCK_ACTION_NAMES.join(' '),
      COOLING_OFF_HOURS: String(coolingOffHours),
      LIFT_POLICY: lifts,
      LIFT_DELAY_HOURS: String(liftDelayHours),
    },
  }
}

export const POLICIES: readonly Policy[] = [
  policy(0, 'api'),
  policy(12, 'api'),
  policy(24, 'api'),
  policy(12, 'owner'),
  policy(24, 'owner'),
  policy(12, 'owner', 6),
]
