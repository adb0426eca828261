// How far the SMS with a code has come, as the page of the number may say it. Pure. It says "on its way" of nothing that
// was refused, and blames the number only where a provider does.

import { furthestState } from '../../login/attempt.ts'
import type { Notice } from '../../notice/notice.ts'

/**
 * progress | meaning
 * --- | ---
 * `sent` | a provider has it, or is just being asked
 * `stopped` | a provider holds a STOP of this number
 * `unreachable` | a provider says that the number takes no SMS
 * `failed` | nobody took it, or it did not arrive, for another reason
 */
export type CodeProgress = 'sent' | 'stopped' | 'unreachable' | 'failed'

/** Of the newest SMS of a binding; null before it is stored. */
export function codeProgress(notice: Pick<Notice, 'state' | 'attempts'> | null): CodeProgress {
  if (notice === null || furthestState(notice.attempts) !== null) return 'sent'
  const { state, attempts } = notice
  if (attempts.some((attempt) => attempt.class === 'opted_out')) return 'stopped'
  // While it is still tried, the last word counts.
  const words = state === 'open' ? attempts.slice(-1) : attempts
  if (words.some((attempt) => attempt.class === 'recipient_permanent')) return 'unreachable'
  return state === 'open' ? 'sent' : 'failed'
}
