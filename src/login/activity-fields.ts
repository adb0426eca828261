// What is stored of an activity, column by column, as login-fields.ts has it of a login. It has no session of its own, makes
// nothing known and counts to nothing of the logins': what they carry from row to row goes through it unchanged.

import { SLOT } from '../lib/slot.ts'
import type { ActivityFacts } from './activity-facts.ts'
import { columnsOf, type Fields, parametersOf, sourcesOf } from './login-fields.ts'

const FIELDS: Fields<ActivityFacts> = {
  slot: SLOT,
  accountId: (activity) => activity.accountId,
  seq: 'last_seq + 1',
  alertId: (activity) => activity.alertId,
  sessionId: (activity) => activity.sessionId,
  occurredAt: (activity) => activity.occurredAt,
  receivedAt: (activity) => activity.receivedAt,
  country: (activity) => activity.country,
  city: 'NULL',
  hosting: (activity) => activity.hosting,
  reserved: (activity) => activity.reserved,
  ipTail: (activity) => activity.ipTail,
  browser: (activity) => activity.browser,
  os: (activity) => activity.os,
  deviceName: 'NULL',
  locale: 'NULL',
  isParallel: '0',
  sessionExpiresAt: 'NULL',
  // No session that anybody might take for a live one.
  sessionEndedAt: ':occurredAt',
  sessionEnd: 'NULL',
  liveSeqs: 'live_seqs',
  alertNumber: 'CASE WHEN reason IS NULL THEN last_alert_count + 1 END',
  alertCount: 'last_alert_count + (reason IS NULL)',
  state: `CASE way WHEN 'gathering' THEN 'queued'
    WHEN 'due' THEN CASE WHEN :sendUntil IS NULL THEN 'queued' ELSE 'sending' END
    ELSE way END`,
  suppressionReason: 'reason',
  isOpen: "way IN ('due', 'gathering')",
  attempts: "'[]'",
  isFamiliar: '0',
  mergedInto: "CASE way WHEN 'merged' THEN carrier WHEN 'gathering' THEN last_seq + 1 END",
  leaseUntil: "CASE way WHEN 'gathering' THEN gathered_until WHEN 'due' THEN :sendUntil END",
  claim: ':claim',
  alertsToday: 'spent',
  carrierSeq: 'last_carrier',
  isNewCountry: '0',
  trace: (activity) => activity.trace,
  isNewDevice: '0',
  holdUntil: 'NULL',
  activity: (activity) => activity.activity,
  activityAsSent: (activity) => activity.activityAsSent,
  detail: (activity) => activity.detail,
  loginSeq: 'newest_login',
  activitiesToday: `json_set(today, :kindPath, CASE way
    WHEN 'due' THEN json_array(sms + 1, CASE WHEN carrier IS NULL THEN 1 ELSE row_count END, received, carrier, newest_lock)
    WHEN 'gathering' THEN json_array(sms + 1, 1, gathered_until, last_seq + 1, json_extract(today, :kindPath || '[4]'))
    ELSE json_array(sms, row_count + 1, told_at, carrier, json_extract(today, :kindPath || '[4]')) END)`,
}

export const ACTIVITY_COLUMNS = columnsOf(FIELDS)
export const ACTIVITY_SOURCES = sourcesOf(FIELDS)
export const ACTIVITY_PARAMETERS = parametersOf(FIELDS)
