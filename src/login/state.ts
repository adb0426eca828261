// The words a login's alert and session are stored with. One union each; docs/delivery.md shows the
// moves between them.

/**
 * state | meaning
 * --- | ---
 * `suppressed` | no SMS is to go out; `suppressionReason` says why
 * `merged` | told in one SMS with others, of known devices, in a burst
 * `queued` | waits for a consumer
 * `sending` | a consumer holds the lease
 * `accepted` | a provider took it: no more is known
 * `sent` | a receipt says it left towards the carrier
 * `delivered` | a receipt says it reached the phone
 * `undelivered` | given up; the exchange was told
 */
export type AlertState =
  | 'suppressed'
  | 'merged'
  | 'queued'
  | 'sending'
  | 'accepted'
  | 'sent'
  | 'delivered'
  | 'undelivered'

export type SuppressionReason =
  | 'no_number'
  | 'alerts_off'
  | 'number_invalid'
  | 'opted_out'
  | 'login_too_old'
  | 'usual'

export type SessionEnd = 'ended' | 'revoked'

/** One push notification of an alert: `gone` means that the device's subscription has ended. */
export type PushNote = {
  readonly at: number
  readonly result: 'accepted' | 'gone' | 'failed'
  /** How long the push service took to answer. */
  readonly durationMs: number
}
