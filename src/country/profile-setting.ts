// PROFILE: which regulators' profiles a deployment holds itself to. Of several, the strictest of each clause counts.

import { err, ok } from '../lib/result.ts'
import { listBy, optional } from '../lib/setting-kinds.ts'
import { type SettingKind, setting } from '../lib/settings.ts'
import { isKeyOf, keysOf } from '../lib/table.ts'
import { type ProfileRules, rulesOf } from './profile-rules.ts'
import { PROFILES } from './profiles.ts'

export type ProfileName = keyof typeof PROFILES

export type HeldProfile = ProfileRules & {
  /** As they were set; none by default. */
  readonly names: readonly ProfileName[]
}

export const PROFILE_NAMES: readonly ProfileName[] = keysOf(PROFILES)

export const NO_PROFILE: HeldProfile = { ...rulesOf([]), names: [] }

export function profileOf(names: readonly ProfileName[]): HeldProfile {
  return { ...rulesOf(names.flatMap((name) => [...PROFILES[name].clauses])), names }
}

const listed = optional(
  listBy((texts) =>
    texts.every((text) => isKeyOf(PROFILES, text))
      ? ok(profileOf(PROFILE_NAMES.filter((name) => texts.includes(name))))
      : err(`must be a list of any of ${PROFILE_NAMES.join(', ')}`),
  ),
)

const profile: SettingKind<HeldProfile> = {
  ...listed,
  read: (value, context) => {
    const given = listed.read(value, context)
    return given.ok ? ok(given.value ?? NO_PROFILE) : given
  },
}

export const PROFILE_SETTINGS = {
  profile: setting('PROFILE', profile, {
    help: `list of any of \`${PROFILE_NAMES.join(' ')}\`: what [regulators there](docs/profiles.md) ask of links, alerts and changes of number; of each clause the strictest counts, and what is set or chosen stricter stays so`,
  }),
}
