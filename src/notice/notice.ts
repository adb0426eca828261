// A notice: one SMS that answers its reader, like the confirmation of a lock by reply. Rules and text,
// no storage; it is sent over the same routes as an alert (deliver/deliver-notice.ts).

import { fill, fillTime } from '../alert/fill.ts'
import { exchangeName } from '../alert/parts.ts'
import type { notices } from '../schema.ts'
import type { Language } from '../words/language.ts'

export type Notice = typeof notices.$inferSelect

/** An answer that comes later confuses more than it helps. */
export const NOTICE_MAX_AGE_MS = 10 * 60_000

/** The whole text; no link in it, no code, nothing of others. */
export function composeNotice(
  notice: Pick<Notice, 'kind' | 'untilAt'>,
  exchange: string,
  language: Language,
): string {
  const { notice: words } = language
  const template = {
    locked: words.locked,
    wrong_code: words.wrongCode,
    stopped: words.stopped,
    started: words.started,
    help: words.help,
  }[notice.kind]
  return fill(template, {
    exchange: exchangeName(exchange, language),
    time: notice.untilAt === null ? '' : fillTime(notice.untilAt, language),
  })
}
