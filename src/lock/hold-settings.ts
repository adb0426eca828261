// Settings of the holds that nobody asks for.

import type { LiftPolicy } from '../account/owner-proofs.ts'
import type { ProfileRules } from '../country/profile-rules.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { optional, textBy, whole } from '../lib/setting-kinds.ts'
import { type SettingKind, setting } from '../lib/settings.ts'
import { HOUR_MS } from '../lib/time.ts'

const chosen = optional(textBy(parseLiftPolicy))

const liftPolicy: SettingKind<LiftPolicy> = {
  isRequired: false,
  fallback: 'api',
  read: (value, context) => {
    const given = chosen.read(value, context)
    return given.ok ? ok(given.value ?? 'api') : given
  },
}

function parseLiftPolicy(text: string): Result<LiftPolicy, string> {
  return text === 'api' || text === 'owner' ? ok(text) : err('must be api or owner')
}

export const HOLD_SETTINGS = {
  coolingOffHours: setting('COOLING_OFF_HOURS', whole({ fallback: 0, min: 0, max: 72 }), {
    help: 'how long an unrecognised login holds withdrawals [by itself](docs/cooling-off.md): 0 is off, 12 Singapore’s rule, 24 OKX’s; where `PROFILE` asks for longer, that counts',
  }),
  liftDelayHours: setting('LIFT_DELAY_HOURS', whole({ fallback: 0, min: 0, max: 72 }), {
    help: 'where `LIFT_POLICY` is `owner`: how many hours after your request a hold ends early, if nobody [stops it](docs/decisions/046-lift-that-can-be-stopped.md); 0: your request alone ends none',
  }),
  liftPolicy: setting('LIFT_POLICY', liftPolicy, {
    help: 'who may end a hold early: `api`: the exchange by its API too; `owner`: of an owner with a [passkey of 72 hours](docs/decisions/043-release-and-lift.md), that passkey alone, and a key of `API_KEYS` has `holds.lift` only where it is named',
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
