// One login of an account's history as the REST API shows it, read.

import type { ShownLogin } from '../ledger.ts'
import { recordOf, textOf } from '../world.ts'

export function toShown(login: unknown): ShownLogin {
  const fields = recordOf(login)
  const alert = recordOf(fields.alert)
  const attempts: unknown[] = Array.isArray(alert.attempts) ? alert.attempts : []
  return {
    alertId: textOf(fields.alert_id) ?? '',
    activity: textOf(recordOf(fields.activity).kind),
    receivedAt: Date.parse(textOf(fields.received_at) ?? ''),
    sessionId: textOf(fields.session_id) ?? '',
    number: typeof alert.number === 'number' ? alert.number : null,
    state: textOf(alert.state) ?? '',
    reason: textOf(alert.reason),
    attempts: attempts.map((attempt) => {
      const { number, provider, state } = recordOf(attempt)
      return {
        number: typeof number === 'number' ? number : 0,
        provider: textOf(provider) ?? '',
        state: textOf(state) ?? '',
      }
    }),
  }
}
