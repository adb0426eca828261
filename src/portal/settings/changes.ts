// What a saved form of preferences changes of the protection. Pure.

import type { Account } from '../../account/accounts.ts'
import { STEPS } from '../../country/profile-rules.ts'
import type { PortalChange } from '../change/changes.ts'

export type Preferences = Pick<Account, 'alerts' | 'locale'> & {
  /** '' is none. */
  readonly phrase: string
}

export function settingsChanges(before: Preferences, after: Preferences): readonly PortalChange[] {
  const changes: PortalChange[] = []
  const more = STEPS.alerts.indexOf(after.alerts) - STEPS.alerts.indexOf(before.alerts)
  if (more > 0) changes.push('alerts_raised')
  if (more < 0) {
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
