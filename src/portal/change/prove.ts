// The proof of a change, read from the form that asks for it. What is missing or wrong is told in words; a right code is
// used up here, so a change that follows comes of one request alone.

import { phoneStateAt } from '../../account/account-phone.ts'
import { isBindingCode } from '../../account/binding-code.ts'
import { openPhone } from '../../account/open-phone.ts'
import type { AssertionOffer } from '../../account/passkey-answer.ts'
import { countProofTry, findProofCode, useProofCode } from '../../account/proof-codes.ts'
import { readSixDigits } from '../../account/six-digits.ts'
import { checkTotp } from '../../account/totp-check.ts'
import type { Proof } from '../../exchange/protection-changed.ts'
import { fill, shownPhone } from '../../page/words.ts'
import { phoneWarning, tooManyTries } from '../layout.ts'
import { wrongCodeText } from '../number/wrong-code.ts'
import { totpProblem } from '../totp-problem.ts'
import { logVisit, OTP_FRESH_MS, type VisitContext } from '../visit/visit-env.ts'
import { noteOtpStatement, type Visit } from '../visit/visits.ts'
import {
  CHANGES,
  decideProof,
  isFreshProof,
  isWeakening,
  type PortalChange,
  type ProofFacts,
} from './changes.ts'
import { type CodeProgress, readCodeProgress } from './code-progress.ts'
import { sendProofCode } from './proof-code.ts'
import { offerPasskey, proveByPasskey } from './prove-passkey.ts'

/** The field that a form needs; the number is masked. That for a code by SMS is there once one was asked for, and while it counts. */
export type ProofField = { readonly isWeakening: boolean } & (
  | { readonly kind: 'totp' }
  | {
      readonly kind: 'sms_code'
      readonly number: string
      readonly progress: CodeProgress
      /** What speaks against its SMS arriving. */
      readonly warning: string | null
    }
)

export type ProofVerdict =
  /** `credentialId`: of the passkey that proved it. */
  | { readonly kind: 'proven'; readonly proof: Proof; readonly credentialId?: string }
  /** `problem`: what was wrong with what was typed; null where nothing was. `offer`: of a passkey, to be asked on a page of its own. */
  | {
      readonly kind: 'asked'
      readonly field: ProofField | null
      readonly offer?: AssertionOffer
      readonly problem: string | null
      readonly status: 422 | 429
    }
  | { readonly kind: 'set_up' }
  | { readonly kind: 'frozen' }

export function proofFacts(c: VisitContext): ProofFacts {
  const { account, holds, passkeys, visit } = c.var
  const now = c.env.context.now()
  const isLocked = account.holdUntil !== null && account.holdUntil > now
  return {
    hasAuthenticator: account.totpSealed !== null,
    hasNumber: account.phoneSealed !== null,
    hasPasskey: passkeys.length > 0,
    freshCode: freshCodeOf(visit, now),
    numberChange: c.env.context.config.profile.numberChange,
    isLocked,
    isHeld: isLocked || holds.length > 0,
  }
}

/** What the exchange has checked was checked before the visit began. */
function freshCodeOf({ otpAt, startedAt }: Visit, now: number): ProofFacts['freshCode'] {
  if (otpAt === null || now - otpAt >= OTP_FRESH_MS) return null
  return otpAt <= startedAt ? 'exchange' : 'here'
}

/** Proves all of `changes` at once: they are made by one press. */
export async function proveChange(
  c: VisitContext,
  changes: readonly PortalChange[],
): Promise<ProofVerdict> {
  const facts = proofFacts(c)
  const asked = changes.map((change) => decideProof(change, facts))
  if (asked.includes('frozen')) return { kind: 'frozen' }
  if (asked.includes('set_up')) return { kind: 'set_up' }
  if (asked.includes('passkey')) return proveByPasskey(c)
  const own = changes.find((change) => decideProof(change, facts) === 'own_passkey')
  if (own) return proveByOwnPasskey(c, own)
  if (asked.includes('totp')) return proveByApp(c, changes)
  if (asked.includes('sms_code')) return proveByNumber(c, isWeakening(changes))
  return { kind: 'proven', proof: isFreshProof(facts) ? freshProof(facts) : 'visit' }
}

function freshProof({ freshCode }: ProofFacts): Proof {
  return freshCode === 'here' ? 'totp' : 'exchange_otp'
}

/** The page of a proof that is added has asked for it before; any other asks for it once it is pressed. */
async function proveByOwnPasskey(c: VisitContext, change: PortalChange): Promise<ProofVerdict> {
  const verdict = await proveByPasskey(c, change)
  if (verdict.kind === 'proven' || CHANGES[change].addsProof) return verdict
  const offer = await offerPasskey(c, change)
  return offer === null ? verdict : { ...verdict, offer }
}

async function proveByApp(
  c: VisitContext,
  changes: readonly PortalChange[],
): Promise<ProofVerdict> {
  const { config, now } = c.env.context
  const { db, account, form, language, visit } = c.var
  const field = { kind: 'totp', isWeakening: isWeakening(changes) } as const
  const typed = form.get('totp')
  if (typed === null) return { kind: 'asked', field, problem: null, status: 422 }
  const { visitId } = visit
  const attempt = { account, visitId, typed, dataKeys: config.dataKeys }
  const verdict = await checkTotp(db, attempt, now())
  if (verdict.kind === 'ok') {
    const isRemembered = changes.some((change) => CHANGES[change].demand === 'recent_code')
    if (isRemembered) await noteOtpStatement(db, visit, now())
    return { kind: 'proven', proof: 'totp' }
  }
  await logVisit(c, 'totp.refused', { reason: verdict.kind })
  const { text, status } = totpProblem(language, verdict)
  return { kind: 'asked', field, problem: text, status }
}

async function proveByNumber(c: VisitContext, weakens: boolean): Promise<ProofVerdict> {
  const { config } = c.env.context
  const { form, language } = c.var
  const typed = form.get('sms_code') ?? ''
  if (typed === '') {
    const sent = await sendProofCode(c)
    const field = await readCodeField(c, weakens)
    if (sent.kind === 'ok') return { kind: 'asked', field, problem: null, status: 422 }
    const problem =
      sent.kind === 'limited'
        ? tooManyTries(language, sent.retryAfterMs)
        : fill(language.portal.number.notServed, { exchange: config.exchangeName })
    return { kind: 'asked', field, problem, status: sent.kind === 'limited' ? 429 : 422 }
  }
  const refusal = await refuseSmsCode(c, typed)
  if (refusal === null) return { kind: 'proven', proof: 'sms_code' }
  return { kind: 'asked', field: await readCodeField(c, weakens), problem: refusal, status: 422 }
}

/** Null while there is no code of the present number to type. */
async function readCodeField(c: VisitContext, weakens: boolean): Promise<ProofField | null> {
  const { config, now } = c.env.context
  const { db, account, language } = c.var
  const at = now()
  const phone = await openPhone(config.dataKeys, account)
  const code = await findProofCode(db, account.accountId, at)
  if (phone === null || code?.phoneSealed !== account.phoneSealed) return null
  return {
    kind: 'sms_code',
    isWeakening: weakens,
    number: shownPhone(phone.e164),
    progress: await readCodeProgress(db, 'proof_code', code),
    warning: phoneWarning(language, phoneStateAt(account, at)),
  }
}

/** Null for the right code, which is used up by that. */
async function refuseSmsCode(c: VisitContext, typed: string): Promise<string | null> {
  const { config, now } = c.env.context
  const { db, account, language } = c.var
  const words = language.portal.number
  // What is no code at all costs no try.
  const digits = readSixDigits(typed)
  if (digits === null) return words.codeIncomplete
  const { accountId } = account
  const { visitId } = c.var.visit
  const taken = await countProofTry(db, { accountId, visitId, dataKeys: config.dataKeys }, now())
  if (taken.kind !== 'counted') {
    const reason = taken.kind === 'limited' ? 'limited' : 'none_left'
    await logVisit(c, 'typed_code.refused', { reason })
    return taken.kind === 'limited' ? tooManyTries(language, taken.retryAfterMs) : words.codeDead
  }
  const { proof, left } = taken
  const isRight =
    proof.phoneSealed === account.phoneSealed &&
    (await isBindingCode(config.linkKeys, proof, digits))
  if (isRight && (await useProofCode(db, proof))) return null
  await logVisit(c, 'typed_code.refused', { reason: 'wrong' })
  return isRight ? words.codeDead : wrongCodeText(language, left)
}
