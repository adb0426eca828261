// The rules of binding a number: how long its code lives, how often it may be typed and sent, how long the
// numbers before it are told. Pure.

import { DAY_MS, MINUTE_MS, SECOND_MS } from '../lib/time.ts'

export const BINDING_LIFETIME_MS = 10 * MINUTE_MS
/** How long the number before the present one is told of each alert. */
export const FORMER_PHONE_MS = 3 * DAY_MS
/** As many are told at a time: of each alert, a copy each. */
export const FORMER_PHONES_MAX = 3

/**
 * `bnd`, a new number: five of a million, one binding in 200,000 is guessed. `prf`, the number there is: whoever else is
 * in the account's pages has tries of his own (proof-codes.ts), so that his wrong ones do not spend the code that
 * the owner holds; thirty in all, one code in 33,000.
 */
export const CODE_TRIES_MAX = { bnd: 5, prf: 30 } as const

/** After the first, second … SMS of one code. */
const RESEND_WAITS_MS = [30, 60, 120, 240].map((seconds) => seconds * SECOND_MS)

export type ResendVerdict =
  | { readonly kind: 'now' }
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** It was sent as often as it may be. */
  | { readonly kind: 'never' }

/** Whether a code that was sent at these instants may be sent once more. */
export function decideResend(codesSentAt: readonly number[], now: number): ResendVerdict {
  const last = codesSentAt.at(-1)
  if (last === undefined) return { kind: 'now' }
  const waitMs = RESEND_WAITS_MS[codesSentAt.length - 1]
  if (waitMs === undefined) return { kind: 'never' }
  const leftMs = last + waitMs - now
  return leftMs > 0 ? { kind: 'wait', waitMs: leftMs } : { kind: 'now' }
}
