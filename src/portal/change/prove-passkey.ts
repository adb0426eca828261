// The proof of a change by a passkey, where a profile holds that codes are not enough. One that was added a moment ago
// proves nothing: whoever came in with a stolen session, or reads the owner's SMS, may have added it. An answer counts once.

import {
  type AssertionOffer,
  offerAssertion,
  type PasskeyQuestion,
  verifyAnswer,
} from '../../account/passkey-answer.ts'
import { relyingPartyOf } from '../../account/passkey-ceremony.ts'
import {
  listPasskeys,
  notePasskeyUseStatement,
  PASSKEY_PROVES_AFTER_MS,
} from '../../account/passkeys.ts'
import { limitScope, rememberStatement } from '../../guard/limits.ts'
import { returnVisitTry, takeVisitTry, type VisitTries } from '../../guard/visit-tries.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import { fillDurations } from '../../page/words.ts'
import { tooManyTries } from '../layout.ts'
import { logVisit, type VisitContext } from '../visit/visit-env.ts'

/** Nobody guesses a signature: this bounds what checking them costs. */
const PASSKEY_TRIES: VisitTries = {
  kind: 'passkey',
  perVisit: { max: 10, refillMs: MINUTE_MS },
  perAccount: { max: 30, refillMs: 5 * MINUTE_MS },
  leftForFirstTries: 10,
}

/** What the page asks the browser; null where no passkey of the account proves anything yet. */
export async function offerPasskey(c: VisitContext): Promise<AssertionOffer | null> {
  const { config } = c.env.context
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const question = await questionOf(c)
  if (!rp || question.passkeys.length === 0) return null
  return offerAssertion(c.env.context, rp, question)
}

export type PasskeyVerdict =
  | { readonly kind: 'proven'; readonly proof: 'passkey' }
  /** The page offers it anew. */
  | {
      readonly kind: 'asked'
      readonly field: null
      readonly problem: string | null
      readonly status: 422 | 429
    }

export async function proveByPasskey(c: VisitContext): Promise<PasskeyVerdict> {
  const { config, now } = c.env.context
  const { dataKeys } = config
  const { db, form, language, visit } = c.var
  const { accountId, visitId } = visit
  const refuse = (problem: string | null, status: 422 | 429 = 422): PasskeyVerdict => {
    return { kind: 'asked', field: null, problem, status }
  }
  const question = await questionOf(c)
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
  await notePasskeyUseStatement(db, answered.value.use, now())
  await returnVisitTry(db, taken)
  return { kind: 'proven', proof: 'passkey' }
}

/** Of this visit alone, to those that are old enough. */
async function questionOf(c: VisitContext): Promise<PasskeyQuestion> {
  const { now } = c.env.context
  const { db } = c.var
  const { accountId, visitId } = c.var.visit
  const before = now() - PASSKEY_PROVES_AFTER_MS
  const passkeys = await listPasskeys(db, accountId)
  return {
    purpose: `passkey-change/${accountId}/${visitId}`,
    passkeys: passkeys.filter(({ createdAt }) => createdAt <= before),
  }
}

/** Null for the first request with an answer to this challenge. */
async function useAnswer(c: VisitContext, challenge: string): Promise<'used' | null> {
  const { config, now } = c.env.context
  const { db } = c.var
  const scope = await limitScope(config.dataKeys, 'passkey-used', challenge)
  const { meta } = await rememberStatement(db, scope, now())
  return meta.changes === 0 ? 'used' : null
}
