// What is stored of a login, column by column, and where each value comes from. The statement that stores it
// (insert-login.ts) is made of this table, so nothing is kept in step by hand: a column that is missing here, or stands
// twice, does not compile. activity-fields.ts is the same table for an activity.

import { getTableColumns } from 'drizzle-orm'
import type { SqlParameters, SqlValue } from '../lib/named-parameters.ts'
import { SLOT } from '../lib/slot.ts'
import type { Login } from './login.ts'
import type { LoginFacts } from './login-facts.ts'
import { logins } from './tables.ts'

/** A function: brought by the login, and bound under the column's key. A text: SQL over what the statement decided. */
type Source<Facts> = ((facts: Facts) => SqlValue) | string

/** Begin with their defaults. */
type Later = 'wave' | 'version' | 'knownMarks' | 'confirmedAt' | 'pushes'

export type Fields<Facts> = Readonly<Record<Exclude<keyof Login, Later>, Source<Facts>>>

const IS_TOLD_NEW = '(has_login OR last_seq = 0)'

const FIELDS: Fields<LoginFacts> = {
  slot: SLOT,
  accountId: (login) => login.accountId,
  seq: 'last_seq + 1',
  alertId: (login) => login.alertId,
  sessionId: (login) => login.sessionId,
  occurredAt: (login) => login.occurredAt,
  receivedAt: (login) => login.receivedAt,
  country: (login) => login.country,
  city: (login) => login.city,
  hosting: (login) => login.hosting,
  reserved: (login) => login.reserved,
  ipTail: (login) => login.ipTail,
  browser: (login) => login.browser,
  os: (login) => login.os,
  deviceName: (login) => login.deviceName,
  locale: (login) => login.locale,
  isParallel: "others <> '[]'",
  sessionExpiresAt: (login) => login.sessionExpiresAt,
  sessionEndedAt: 'coalesce(locked_at, ended_at)',
  sessionEnd:
    "CASE WHEN locked_at IS NOT NULL THEN 'revoked' WHEN ended_at IS NOT NULL THEN 'ended' END",
  liveSeqs: `CASE WHEN coalesce(locked_at, ended_at) IS NULL
    THEN json_insert(others, '$[#]', last_seq + 1) ELSE others END`,
  alertNumber: 'CASE WHEN reason IS NULL THEN last_alert_count + 1 END',
  alertCount: 'last_alert_count + (reason IS NULL)',
  state: `CASE WHEN way = 'gathering' THEN 'queued'
    WHEN way = 'due' THEN CASE WHEN :sendUntil IS NULL THEN 'queued' ELSE 'sending' END
    ELSE way END`,
  suppressionReason: 'reason',
  isOpen: "way IN ('due', 'gathering')",
  attempts: "'[]'",
  isFamiliar: 'familiar',
  mergedInto: "CASE way WHEN 'merged' THEN carrier WHEN 'gathering' THEN last_seq + 1 END",
  leaseUntil: "CASE way WHEN 'gathering' THEN gathered_until WHEN 'due' THEN :sendUntil END",
  claim: ':claim',
  alertsToday: "spent + (way = 'due')",
  carrierSeq: "CASE way WHEN 'gathering' THEN last_seq + 1 ELSE last_carrier END",
  // Where activities came before it, an account's first login is not its first row: nothing of it is new to anybody.
  isNewCountry: `NOT knows_country AND ${IS_TOLD_NEW}`,
  trace: (login) => login.trace,
  isNewDevice: `:isDeviceMarked AND NOT knows_device AND ${IS_TOLD_NEW}`,
  holdUntil: 'hold_until',
  activity: 'NULL',
  activityAsSent: 'NULL',
  detail: 'NULL',
  loginSeq: 'NULL',
  activitiesToday: 'activities_today',
}

const columns = new Map(Object.entries(getTableColumns(logins)))

/** The columns of the INSERT … */
export function columnsOf<Facts>(fields: Fields<Facts>): string {
  return Object.keys(fields)
    .map((key) => columns.get(key)?.name)
    .join(', ')
}

/** … what its SELECT puts into each, in the same order … */
export function sourcesOf<Facts>(fields: Fields<Facts>): string {
  return Object.entries<Source<Facts>>(fields)
    .map(([key, source]) => (typeof source === 'string' ? source : `:${key}`))
    .join(',\n  ')
}

/** … and the values of those that are brought. */
export function parametersOf<Facts>(fields: Fields<Facts>): SqlParameters<Facts> {
  return Object.fromEntries(
    Object.entries<Source<Facts>>(fields).flatMap(([key, source]) =>
      typeof source === 'string' ? [] : [[key, source]],
    ),
  )
}

export const LOGIN_COLUMNS = columnsOf(FIELDS)
export const LOGIN_SOURCES = sourcesOf(FIELDS)
export const LOGIN_PARAMETERS = parametersOf(FIELDS)
