// Settings of the holds that nobody asks for.

import type { ProfileRules } from '../country/profile-rules.ts'
import { whole } from '../lib/setting-kinds.ts'
import { setting } from '../lib/settings.ts'
import { HOUR_MS } from '../lib/time.ts'

export const HOLD_SETTINGS = {
  coolingOffHours: setting('COOLING_OFF_HOURS', whole({ fallback: 0, min: 0, max: 72 }), {
    help: 'how long an unrecognised login holds withdrawals [by itself](docs/cooling-off.md): 0 is off, 12 Singapore’s rule, 24 OKX’s; where `PROFILE` asks for longer, that counts',
  }),
}

export type CoolingOffConfig = {
  readonly coolingOffHours: number
  readonly profile: Pick<ProfileRules, 'coolingOffHours'>
}

/** 0 where nothing is held by itself. */
export function coolingOffMs({ coolingOffHours, profile }: CoolingOffConfig): number {
  return Math.max(coolingOffHours, profile.coolingOffHours) * HOUR_MS
}
