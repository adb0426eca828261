// In which language an account's owner was last seen: that of a login shortly before which was recognised. Written as SQL,
// since the batch that stores a login asks for it too.

import type { Db } from '../lib/db.ts'
import { nameParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS, ofAccountText } from '../lib/slot.ts'
import type { Login } from './login.ts'

/** Rows before one that are looked at: activities may lie between. */
const ROWS_MAX = 100

/**
 * Of the newest login whose device, country and network were known, and which had a language; NULL where there is none, or where
 * `end`, SQL for the sequence before which it lies, is NULL.
 */
const familiarLocale = (end: string) => `(SELECT earlier.locale FROM logins AS earlier
  WHERE ${ofAccountText('earlier')} AND earlier.seq >= ${end} - ${ROWS_MAX} AND earlier.seq < ${end}
    AND earlier.is_familiar = 1 AND earlier.locale IS NOT NULL
  ORDER BY earlier.seq DESC LIMIT 1)`

/** The same before the login of `:alertId`; of one that is familiar itself, nothing is asked. */
export const FAMILIAR_LOCALE = familiarLocale(
  '(SELECT seq FROM logins WHERE alert_id = :alertId AND is_familiar = 0)',
)

type Before = Pick<Login, 'accountId'> & { readonly seq: number | null }

const NEWEST = `(SELECT coalesce(max(seq), 0) + 1 FROM logins WHERE ${ofAccountText('logins')})`
const FIND = nameParameters<Before>(
  `SELECT ${familiarLocale(`coalesce(:seq, ${NEWEST})`)} AS locale`,
  { ...ACCOUNT_PARAMETERS, seq: ({ seq }) => seq },
)

/** Before the login of `seq`, or of all where that is null. */
export async function findFamiliarLocale(db: Db, before: Before): Promise<string | null> {
  const found = db.$client.prepare(FIND.text).bind(...FIND.valuesOf(before))
  const { results } = await found.all<Pick<Login, 'locale'>>()
  return results[0]?.locale ?? null
}
