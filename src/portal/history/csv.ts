// The history as a file: RFC 4180, one login or activity a line. Cells that a spreadsheet would take for a formula are
// disarmed. Pure.

import { formatInstant } from '../../lib/time.ts'
import { kindNameOf, type Login } from '../../login/login.ts'

const HEADER =
  'alert_number,login_at,country,city,hosting,ip_tail,browser,os,device_name,session_ended_at,session_end,alert_state,reason,providers,sent_at,delivered_at,confirmed_at,activity,detail'

/** With a byte order mark, without which spreadsheets misread UTF-8. */
export function historyCsv(logins: readonly Login[]): string {
  const lines = [HEADER, ...logins.map((login) => cellsOf(login).map(csvCell).join(','))]
  return `\u{feff}${lines.map((line) => `${line}\r\n`).join('')}`
}

function cellsOf(login: Login): readonly (string | number | null)[] {
  const { attempts } = login
  const instants = (pick: 'sentAt' | 'deliveredAt') =>
    attempts.flatMap((attempt) => attempt[pick] ?? [])
  const first = (all: readonly number[]) => (all.length === 0 ? null : Math.min(...all))
  return [
    login.alertNumber,
    formatInstant(login.occurredAt),
    login.country,
    login.city,
    login.hosting,
    login.ipTail,
    login.browser,
    login.os,
    login.deviceName,
    // An activity is no session, and none of it ended.
    login.activity === null ? formatInstant(login.sessionEndedAt) : null,
    login.sessionEnd,
    login.state,
    login.suppressionReason,
    attempts.map(({ provider }) => provider).join(' '),
    formatInstant(first(instants('sentAt'))),
    formatInstant(first(instants('deliveredAt'))),
    formatInstant(login.confirmedAt),
    kindNameOf(login),
    login.detail,
  ]
}

/**
 * OWASP, "CSV Injection": an apostrophe before what would begin a formula. A spreadsheet of another country separates
 * cells by semicolon or tab, whatever our quotes say: what follows those begins a cell too. Signs of full width count as
 * well: a spreadsheet of Japan or China takes them for the narrow ones.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const disarmed = value.replace(/(^|[;,\t\r\n]["' ]*)(?=[=+\-@＝＋－＠\t\r\n])/g, "$1'")
  return /[",;\t\r\n]/.test(disarmed) ? `"${disarmed.replaceAll('"', '""')}"` : disarmed
}
