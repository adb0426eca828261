// What sending an alert needs to know of its owner: one statement, for the batch that stores the alert.

import { accountRowText, readAccountRow, unlessLocale } from '../account/accounts.ts'
import { nameParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS } from '../lib/slot.ts'
import type { RawRow } from '../lib/stored-row.ts'
import { FAMILIAR_LOCALE } from '../login/familiar-locale.ts'
import { HAS_LISTENERS } from '../push/subscriptions.ts'
import type { Claim } from './claim.ts'
import type { AlertKey } from './nudge.ts'

const OWNER_ROW = nameParameters<AlertKey>(
  accountRowText({ has_listeners: HAS_LISTENERS, familiar_locale: unlessLocale(FAMILIAR_LOCALE) }),
  { ...ACCOUNT_PARAMETERS, alertId: ({ alertId }) => alertId },
)

/** After the statement that stores the alert. No row of an account that is not there. */
export function ownerRowStatement(database: D1Database, key: AlertKey): D1PreparedStatement {
  return database.prepare(OWNER_ROW.text).bind(...OWNER_ROW.valuesOf(key))
}

export function readOwnerRow(
  rows: readonly RawRow[],
): Pick<Claim, 'account' | 'hasPush' | 'familiarLocale'> {
  const [row] = rows
  const familiarLocale = row?.familiar_locale
  return {
    account: readAccountRow(rows),
    hasPush: row?.has_listeners === 1,
    familiarLocale: typeof familiarLocale === 'string' ? familiarLocale : null,
  }
}
