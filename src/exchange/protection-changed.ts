// Tells the exchange that the protection of an account is not what it was: what changed, in which direction, and how it was
// proven. Whether a change may happen is decided where it is made; no value of it goes out.

import { formatInstant } from '../lib/time.ts'
import type { NewCallback } from './outbox.ts'

type Direction = 'weakens' | 'strengthens'

/** Every change there is, as the exchange reads it. What each takes stands in portal/change/changes.ts. */
export const PROTECTION_CHANGES = {
  alerts_off: { direction: 'weakens', words: 'no more login alerts' },
  alerts_unusual: { direction: 'weakens', words: 'alerts of unusual logins only' },
  alerts_raised: { direction: 'strengthens', words: 'alerts of more logins than before' },
  phrase_set: { direction: 'strengthens', words: 'an anti-phishing code, where there was none' },
  phrase_changed: { direction: 'weakens', words: 'another anti-phishing code' },
  phrase_removed: { direction: 'weakens', words: 'no anti-phishing code any more' },
  language_changed: { direction: 'weakens', words: 'another language of alerts and pages' },
  number_bound: { direction: 'strengthens', words: 'a first number; `phone.bound` says more' },
  number_changed: { direction: 'weakens', words: 'another number; `phone.changed` says more' },
  number_removed: { direction: 'weakens', words: 'no number any more; `phone.changed` says more' },
  authenticator_added: {
    direction: 'strengthens',
    words: 'an authenticator app, where there was none',
  },
  passkey_added: { direction: 'strengthens', words: 'a new passkey' },
  passkey_removed: { direction: 'weakens', words: 'one passkey less' },
  push_added: { direction: 'strengthens', words: 'a device gets alerts by push' },
  push_removed: { direction: 'weakens', words: 'a device no longer gets alerts by push' },
  copies_ended: {
    direction: 'weakens',
    words: 'the previous number has answered STOP and gets no more messages',
  },
  card_made: { direction: 'strengthens', words: 'a lock card, in place of the one before' },
  card_revoked: { direction: 'weakens', words: 'no lock card any more' },
  contact_added: { direction: 'strengthens', words: 'a trusted contact, who may lock by SMS' },
  contact_removed: { direction: 'weakens', words: 'no trusted contact any more' },
  contact_ended: { direction: 'weakens', words: 'the trusted contact has answered STOP' },
  lift_by_owner: {
    direction: 'strengthens',
    words: 'only the owner’s passkey ends a hold early, whatever the policy',
  },
  lift_by_policy: {
    direction: 'weakens',
    words: 'you may end holds early again, as far as the policy lets you',
  },
  lift_stopped: {
    direction: 'strengthens',
    words: 'an early lift that you had asked for will not be made: somebody wants the hold',
  },
  contact_closed: {
    direction: 'weakens',
    words: 'too many wrong words came from the trusted contact, who can lock no more',
  },
} as const satisfies Readonly<
  Record<string, { readonly direction: Direction; readonly words: string }>
>

export type ProtectionChange = keyof typeof PROTECTION_CHANGES

/**
 * `visit`: by whoever came through the exchange's link · `exchange_otp`: the exchange had just checked a one-time code ·
 * `totp`: a code from the authenticator app · `passkey`: a passkey · `sms_code`: a code sent to the number in question · `reply`: an SMS from it ·
 * `link`: a link that was sent to it
 */
export type Proof = 'visit' | 'exchange_otp' | 'totp' | 'passkey' | 'sms_code' | 'reply' | 'link'

export type ProtectionNews = {
  readonly accountId: string
  readonly change: ProtectionChange
  readonly proof: Proof
}

/** `callbackId` tells one change from the next. */
export function protectionChangedCallback(
  { accountId, change, proof }: ProtectionNews,
  callbackId: string,
  changedAt: number,
): NewCallback {
  return {
    accountId,
    callbackId,
    type: 'protection.changed',
    data: {
      account_id: accountId,
      change,
      direction: PROTECTION_CHANGES[change].direction,
      proof,
      via: proof === 'reply' || proof === 'link' ? proof : 'portal',
      changed_at: formatInstant(changedAt),
    },
  }
}
