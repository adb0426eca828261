// The changes of protection that the owner's pages can make: what each takes as proof, whether a hold freezes it, and which
// SMS tells of it. In which direction each goes stands in exchange/protection-changed.ts. All pass make-change.ts.

import type { ProfileRules } from '../../country/profile-rules.ts'
import { PROTECTION_CHANGES, type ProtectionChange } from '../../exchange/protection-changed.ts'
import type { NoticeKind } from '../../notice/notice-kind.ts'

/**
 * demand | takes
 * --- | ---
 * `nothing` | the visit
 * `own_code` | a code of the authenticator app, each time; without one a code sent to the bound number; without either a passkey, where there is one
 * `told_code` | the same but for the code by SMS: where there is a number, its SMS that tells of it is enough
 * `app` | a code of the authenticator app, each time; it is set up first where there is none. A passkey in its place, where the profile holds that codes are not enough
 * `recent_code` | a code of the app seen a moment ago or now; without an app a code sent to the bound number; without either, what the exchange has just checked
 * `first_number` | a code of the app seen a moment ago or now, or what the exchange has just checked
 * `number_code` | a code sent to the bound number, where there is one
 * `passkey` | a passkey that is not new
 */
export type Demand =
  | 'nothing'
  | 'own_code'
  | 'told_code'
  | 'app'
  | 'recent_code'
  | 'first_number'
  | 'number_code'
  | 'passkey'

/** The others come by SMS, or take no proof at all. */
export type PortalChange = Exclude<
  ProtectionChange,
  'copies_ended' | 'contact_ended' | 'contact_closed' | 'lift_stopped'
>

type Terms = {
  readonly demand: Demand
  /**
   * A way to say "it was me": while a lock holds nobody adds one, and beside a passkey only who has that, or the app. A code
   * by SMS, or the exchange's word, adds none there: both are a thief's who has the session.
   */
  readonly addsProof?: true
  /**
   * With cooling-off on it holds withdrawals by itself: a thief who adds a proof of his own, or takes the owner's away to add
   * one, has to wait, and is told of.
   */
  readonly holds?: 'passkey_added' | 'passkey_removed' | 'two_factor_changed'
  /** Null where more is told than before: the callback and the log have it. That of a number goes to the one before. */
  readonly notice: NoticeKind | null
}

export const CHANGES: Readonly<Record<PortalChange, Terms>> = {
  alerts_off: { demand: 'own_code', notice: 'alerts_off' },
  alerts_unusual: { demand: 'own_code', notice: 'alerts_unusual' },
  alerts_raised: { demand: 'nothing', notice: null },
  // Whoever writes it writes a sentence into every SMS, and can copy it later.
  phrase_set: { demand: 'own_code', notice: 'phrase_changed' },
  phrase_changed: { demand: 'own_code', notice: 'phrase_changed' },
  phrase_removed: { demand: 'own_code', notice: 'phrase_changed' },
  language_changed: { demand: 'own_code', notice: 'language_changed' },
  number_bound: { demand: 'first_number', notice: 'phone_changed' },
  number_changed: { demand: 'app', notice: 'phone_changed' },
  number_removed: { demand: 'app', notice: 'phone_changed' },
  authenticator_added: {
    demand: 'number_code',
    addsProof: true,
    holds: 'two_factor_changed',
    notice: 'authenticator_added',
  },
  passkey_added: {
    demand: 'recent_code',
    addsProof: true,
    holds: 'passkey_added',
    notice: 'passkey_added',
  },
  // Also by SMS: it is the way out of whoever has lost the device. It must gain a thief no time.
  passkey_removed: { demand: 'recent_code', holds: 'passkey_removed', notice: 'passkey_removed' },
  push_added: { demand: 'told_code', notice: 'push_added' },
  push_removed: { demand: 'own_code', notice: 'push_removed' },
  // Whoever makes a card takes the owner's own away, and holds a way to lock him out of his money.
  card_made: { demand: 'own_code', notice: 'ways_changed' },
  card_revoked: { demand: 'own_code', notice: 'ways_changed' },
  // As a change of number: its owner will be able to lock.
  contact_added: { demand: 'app', notice: 'ways_changed' },
  contact_removed: { demand: 'own_code', notice: 'ways_changed' },
  lift_by_owner: { demand: 'own_code', notice: null },
  lift_by_policy: { demand: 'passkey', notice: 'lift_loosened' },
}

/** Whether one of those that a press makes leaves less protection than before. */
export function isWeakening(changes: readonly PortalChange[]): boolean {
  return changes.some((change) => PROTECTION_CHANGES[change].direction === 'weakens')
}

/** What is known of the account and its visitor. */
export type ProofFacts = {
  readonly hasAuthenticator: boolean
  readonly hasNumber: boolean
  /** Of whatever age. */
  readonly hasPasskey: boolean
  /** Who has seen a code of the authenticator app a moment ago. */
  readonly freshCode: 'exchange' | 'here' | null
  /** By a lock. */
  readonly isLocked: boolean
  /** By whatever reason. */
  readonly isHeld: boolean
  /** What the profile asks for a change of number. */
  readonly numberChange: ProfileRules['numberChange']
}

/** `totp`, `sms_code`: to be typed now · `passkey`: to be asked of the device, and not new · `own_passkey`: the same, of whatever age · `set_up`: an authenticator app comes first · `frozen`: not while held */
export type Asked =
  | 'nothing'
  | 'totp'
  | 'sms_code'
  | 'passkey'
  | 'own_passkey'
  | 'set_up'
  | 'frozen'

/** What the visitor has to bring for this change. Pure. */
export function decideProof(change: PortalChange, facts: ProofFacts): Asked {
  const { demand, addsProof } = CHANGES[change]
  const { hasAuthenticator, hasNumber, hasPasskey, isLocked } = facts
  if (addsProof && isLocked) return 'frozen'
  if (addsProof && hasPasskey) return decideBesidePasskey(facts)
  const isFresh = isFreshProof(facts)
  switch (demand) {
    case 'nothing':
      return 'nothing'
    case 'own_code':
      if (hasAuthenticator) return 'totp'
      if (hasNumber) return 'sms_code'
      return hasPasskey ? 'own_passkey' : 'nothing'
    case 'told_code':
      if (hasAuthenticator) return 'totp'
      return hasPasskey && !hasNumber ? 'own_passkey' : 'nothing'
    case 'app':
      if (facts.numberChange === 'passkey') return 'passkey'
      return hasAuthenticator ? 'totp' : 'set_up'
    case 'recent_code':
      if (!hasAuthenticator && hasNumber) return 'sms_code'
      if (isFresh) return 'nothing'
      return hasAuthenticator ? 'totp' : 'set_up'
    case 'first_number':
      if (isFresh) return 'nothing'
      return hasAuthenticator ? 'totp' : 'set_up'
    case 'number_code':
      return hasNumber ? 'sms_code' : 'nothing'
    case 'passkey':
      return 'passkey'
  }
}

/** What adds a proof where there is a passkey. */
function decideBesidePasskey({ hasAuthenticator, freshCode }: ProofFacts): Asked {
  if (!hasAuthenticator) return 'own_passkey'
  return freshCode === 'here' ? 'nothing' : 'totp'
}

/** What the exchange has checked proves nothing while withdrawals are held: whoever holds its session may be the thief. */
export function isFreshProof({ freshCode, isHeld }: ProofFacts): boolean {
  return freshCode === 'here' || (freshCode === 'exchange' && !isHeld)
}
