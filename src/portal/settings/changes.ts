// What a saved form of preferences changes of the protection. Pure.

import type { Account } from '../../account/accounts.ts'
import type { PortalChange } from '../change/changes.ts'

export type Preferences = Pick<Account, 'alerts' | 'locale'> & {
  /** '' is none. */
  readonly phrase: string
}

/** How much is told. */
const TOLD: Readonly<Record<Account['alerts'], number>> = { off: 0, unusual: 1, all: 2 }

export function settingsChanges(before: Preferences, after: Preferences): readonly PortalChange[] {
  const changes: PortalChange[] = []
  if (TOLD[after.alerts] > TOLD[before.alerts]) changes.push('alerts_raised')
  if (TOLD[after.alerts] < TOLD[before.alerts]) {
    changes.push(after.alerts === 'off' ? 'alerts_off' : 'alerts_unusual')
  }
  if (before.phrase !== after.phrase) changes.push(phraseChange(before.phrase, after.phrase))
  if (before.locale !== after.locale) changes.push('language_changed')
  return changes
}

function phraseChange(before: string, after: string): PortalChange {
  if (before === '') return 'phrase_set'
  return after === '' ? 'phrase_removed' : 'phrase_changed'
}
