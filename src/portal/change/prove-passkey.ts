// The proof of a change by a passkey: where a profile holds that codes are not enough, and where a proof is added beside it.
// For what it changes, one that was added a moment ago proves nothing: whoever came in with a stolen session, or reads the
// owner's SMS, may have added it. What is added beside it is as new as itself, or newer. An answer counts once.

import {
  type AssertionOffer,
  offerAssertion,
  type PasskeyQuestion,
  verifyAnswer,
} from '../../account/passkey-answer.ts'
import { relyingPartyOf } from '../../account/passkey-ceremony.ts'
import { notePasskeyUseStatement, PASSKEY_PROVES_AFTER_MS } from '../../account/passkeys.ts'
import { limitScope, rememberStatement } from '../../guard/limits.ts'
import { returnVisitTry, takeVisitTry, type VisitTries } from '../../guard/visit-tries.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import { fillDurations } from '../../page/words.ts'
import { tooManyTries } from '../layout.ts'
import { logVisit, type VisitContext } from '../visit/visit-env.ts'
import type { PortalChange } from './changes.ts'

/** Nobody guesses a signature: this bounds what checking them costs. */
const PASSKEY_TRIES: VisitTries = {
  kind: 'passkey',
  perVisit: { max: 10, refillMs: MINUTE_MS },
  perAccount: { max: 30, refillMs: 5 * MINUTE_MS },
  leftForFirstTries: 10,
}

/** What the answer is good for, and for nothing else: whatever takes one that is not new, or this proof, which is added. */
export type PasskeyAsk = 'change' | PortalChange

/** What the page asks the browser; null where no passkey of the account proves anything yet. */
export async function offerPasskey(
  c: VisitContext,
  ask: PasskeyAsk = 'change',
): Promise<AssertionOffer | null> {
  const { config } = c.env.context
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const question = questionOf(c, ask)
  if (!rp || question.passkeys.length === 0) return null
  return offerAssertion(c.env.context, rp, question)
}

export type PasskeyVerdict =
  | { readonly kind: 'proven'; readonly proof: 'passkey'; readonly credentialId: string }
  /** The page offers it anew. */
  | {
      readonly kind: 'asked'
      readonly field: null
      readonly problem: string | null
      readonly status: 422 | 429
    }

export async function proveByPasskey(
  c: VisitContext,
  ask: PasskeyAsk = 'change',
): Promise<PasskeyVerdict> {
  const { config, now } = c.env.context
  const { dataKeys } = config
  const { db, form, language, visit } = c.var
  const { accountId, visitId } = visit
  const refuse = (problem: string | null, status: 422 | 429 = 422): PasskeyVerdict => {
    return { kind: 'asked', field: null, problem, status }
  }
  const question = questionOf(c, ask)
  if (question.passkeys.length === 0) {
    const durations = { age: PASSKEY_PROVES_AFTER_MS }
    return refuse(fillDurations(language, language.portal.number.needsPasskey, durations))
  }
  if (!form.has('credential')) return refuse(null)
  const taken = await takeVisitTry(db, PASSKEY_TRIES, { accountId, visitId, dataKeys }, now())
  if (taken.kind === 'limited') return refuse(tooManyTries(language, taken.retryAfterMs), 429)
  const answered = await verifyAnswer(c.env.context, question, form)
  const reason = answered.ok ? await useAnswer(c, answered.value.challenge) : answered.error.reason
  if (!answered.ok || reason !== null) {
    await logVisit(c, 'passkey.refused', { reason: reason ?? 'refused' })
    return refuse(language.portal.passkey.failed)
  }
  const { use } = answered.value
  await notePasskeyUseStatement(db, use, now())
  await returnVisitTry(db, taken)
  return { kind: 'proven', proof: 'passkey', credentialId: use.credentialId }
}

/** Of this visit alone; to change something, to those that are old enough. */
function questionOf(c: VisitContext, ask: PasskeyAsk): PasskeyQuestion {
  const { passkeys } = c.var
  const { accountId, visitId } = c.var.visit
  const before = c.env.context.now() - PASSKEY_PROVES_AFTER_MS
  return {
    purpose: `passkey-${ask}/${accountId}/${visitId}`,
    passkeys: ask === 'change' ? passkeys.filter(({ createdAt }) => createdAt <= before) : passkeys,
  }
}

/** Remembered once an answer to this challenge has been taken. */
export function usedScope(c: VisitContext, challenge: string): Promise<string> {
  return limitScope(c.env.context.config.dataKeys, 'passkey-used', challenge)
}

/** Null for the first request with an answer to this challenge. */
async function useAnswer(c: VisitContext, challenge: string): Promise<'used' | null> {
  const { now } = c.env.context
  const { db } = c.var
  const scope = await usedScope(c, challenge)
  const { meta } = await rememberStatement(db, scope, now())
  return meta.changes === 0 ? 'used' : null
}
