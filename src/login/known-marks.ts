// By what an account's next login is recognised: the marks of its devices, countries and networks, in one row per
// account, written only when a mark is new or was last seen on another day. Like the statement that stores a login, this
// one reads another room's rows (the account's locks): what is known is decided where it is written.

import { nameParameters, type SqlParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS, ofAccountText, SLOT } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { LOCK_ENDS_UNTIL } from './login.ts'
import type { LoginFacts } from './login-facts.ts'

/** Marks kept: the newest of what a person owns and where they go. */
export const MARKS_MAX = 40

/**
 * For how long after it was last seen a network that is known by where it lies is known under its operator, too: a table that
 * names more operators must not make all of their customers unknown. Long enough for whoever logs in now and then.
 */
export const FORMER_NETWORK_DAYS = 180

/** The marks of one login, as JSON paths. One without a mark gets a mark of its own: nothing is known of it. */
export const MARK_PARAMETERS: SqlParameters<LoginFacts> = {
  devicePath: (login) => pathOf('d', login.deviceMark ?? login.alertId),
  // Without an address that could be read, an unknown country is no country that was seen before.
  countryPath: (login) =>
    pathOf('c', login.country ?? (login.networkMark === null ? login.alertId : 'unknown')),
  networkPath: (login) => pathOf('n', login.networkMark ?? login.alertId),
  olderDevicePaths: (login) => pathsOf('d', login.olderDeviceMarks),
  olderNetworkPaths: (login) => pathsOf('n', login.olderNetworkMarks),
}

/** What decides whether they are known: the marks, and how they stood there before. */
export const KNOWS_PARAMETERS: SqlParameters<LoginFacts> = {
  ...MARK_PARAMETERS,
  formerNetworkPaths: (login) => pathsOf('n', login.formerNetworkMarks),
  formerSince: (login) => Math.floor(login.receivedAt / DAY_MS) - FORMER_NETWORK_DAYS,
}

/** Whatever a queue message of another deployment may hold, it must be a path. */
function pathOf(kind: 'd' | 'c' | 'n', mark: string): string {
  return `$."${kind}:${mark.replaceAll(/[^\w-]/g, '_')}"`
}

function pathsOf(kind: 'd' | 'n', marks: readonly string[]): string {
  return JSON.stringify(marks.map((mark) => pathOf(kind, mark)))
}

/** Whether the marks have the device or network, also under a key of before the last rotation. */
const isKnown = (path: string, olderPaths: string) => `(json_extract(marks, ${path}) IS NOT NULL
    OR EXISTS (SELECT 1 FROM json_each(${olderPaths}) AS older WHERE json_extract(marks, older.value) IS NOT NULL))`
/** Over `marks`: what of a login the account is known by, a column each. */
export const KNOWS = `${isKnown(':devicePath', ':olderDevicePaths')} AS knows_device,
  json_extract(marks, :countryPath) IS NOT NULL AS knows_country,
  (${isKnown(':networkPath', ':olderNetworkPaths')}
    OR EXISTS (SELECT 1 FROM json_each(:formerNetworkPaths) AS former
      WHERE json_extract(marks, former.value) >= :formerSince)) AS knows_network`

/**
 * What was known before a login, over `kept` (the account's marks, if it has any) and `last_login` (the login before it). After
 * a lock nothing is known any more, though it was lifted since: one of the devices was a thief's. An account that logged in last
 * under a former deployment has its marks in that login's row.
 */
export const MARKS_BEFORE = `CASE WHEN EXISTS (
    SELECT 1 FROM locks WHERE ${ofAccountText('locks')} AND ${LOCK_ENDS_UNTIL} >= last_login.occurred_at)
  THEN '{}' ELSE coalesce(kept.marks, last_login.known_marks, '{}') END`

/** SQL over a row, an activity or a login: the sequence of the newest login up to and with it; NULL for none. */
export const newestLoginSeq = (row: string) =>
  `CASE WHEN ${row}.activity IS NULL THEN ${row}.seq ELSE ${row}.login_seq END`

/** Joins it as `last_login`: an activity between two logins must not hide that the account was locked between them. */
export const lastLoginJoin = (row: string) =>
  `LEFT JOIN logins AS last_login ON ${ofAccountText('last_login')} AND last_login.seq = ${newestLoginSeq(row)}`

// Marks of former deployments come with instants, which are far above any number of days.
const DAYS = `(SELECT json_group_object(key, CASE WHEN value > ${DAY_MS} THEN value / ${DAY_MS} ELSE value END)
  FROM json_each(marks))`

// A number is bound as a fraction, and would be stored as one.
export const TODAY = 'CAST(:today AS INTEGER)'

// One that holds withdrawals adds nothing: its marks wait with the hold (lock/login-hold.ts). That a lock has made all unknown is
// written all the same, or the login after it would find what was known before.
const TEXT = `
INSERT INTO known_marks (slot, account_id, marks)
WITH before AS MATERIALIZED (
  SELECT ${MARKS_BEFORE} AS marks, kept.marks AS kept, this.hold_until AS hold_until
  FROM logins AS this
  LEFT JOIN known_marks AS kept ON ${ofAccountText('kept')}
  LEFT JOIN logins AS last ON ${ofAccountText('last')} AND last.seq = this.seq - 1
  ${lastLoginJoin('last')}
  WHERE this.alert_id = :alertId AND ${ofAccountText('this')} AND this.claim = :claim
)
SELECT ${SLOT}, :accountId, CASE WHEN hold_until IS NOT NULL THEN ${DAYS} ELSE (SELECT json_group_object(key, value) FROM (
  SELECT key, value FROM json_each(json_set(${DAYS}, :devicePath, ${TODAY}, :countryPath, ${TODAY}, :networkPath, ${TODAY}))
  WHERE '$."' || key || '"' NOT IN (SELECT value FROM json_each(:olderDevicePaths) UNION ALL SELECT value FROM json_each(:olderNetworkPaths))
  ORDER BY value DESC, '$."' || key || '"' IN (:devicePath, :countryPath, :networkPath) DESC LIMIT ${MARKS_MAX})) END
FROM before
WHERE CASE WHEN hold_until IS NOT NULL THEN kept IS NOT marks
  ELSE kept IS NULL OR json_extract(marks, :devicePath) IS NOT :today
    OR json_extract(marks, :countryPath) IS NOT :today OR json_extract(marks, :networkPath) IS NOT :today END
ON CONFLICT (slot, account_id) DO UPDATE SET marks = excluded.marks`

type MarkedLogin = LoginFacts & { readonly claim: string }

const NOTE_MARKS = nameParameters<MarkedLogin>(TEXT, {
  ...MARK_PARAMETERS,
  ...ACCOUNT_PARAMETERS,
  alertId: (login) => login.alertId,
  claim: (login) => login.claim,
  today: (login) => Math.floor(login.receivedAt / DAY_MS),
})

/** For the batch of the login, after it: notes its marks if that batch stored it, which its claim tells. */
export function noteMarksStatement(database: D1Database, login: MarkedLogin): D1PreparedStatement {
  return database.prepare(NOTE_MARKS.text).bind(...NOTE_MARKS.valuesOf(login))
}
