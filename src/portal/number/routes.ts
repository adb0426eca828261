// /portal/number: binds, changes and removes the number. A change or removal takes a code of the authenticator
// app each time; the number before is told of both.

import { Hono } from 'hono'
import { sealField } from '../../account/accounts.ts'
import { isBindingCode } from '../../account/binding-code.ts'
import { CODE_TRIES_MAX } from '../../account/binding-rules.ts'
import {
  type Binding,
  bindPhoneStatement,
  cancelBindingStatement,
  countCodeTry,
  endBindingStatement,
  findBinding,
  isBindingSql,
  noteCodeSent,
  startBindingStatement,
} from '../../account/bindings.ts'
import { openPhone, openSealedPhone } from '../../account/open-phone.ts'
import { type Phone, parsePhone } from '../../account/phone.ts'
import { makePhoneTag, phoneTags } from '../../account/phone-tag.ts'
import { readSixDigits } from '../../account/six-digits.ts'
import { phoneBoundCallback } from '../../exchange/phone-bound.ts'
import { phoneChangedCallback } from '../../exchange/phone-changed.ts'
import { codeScopes, verifiedStatements } from '../../guard/code-counts.ts'
import { randomId } from '../../lib/ids.ts'
import { SECOND_MS } from '../../lib/time.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice, postNotice } from '../../notice/post-notice.ts'
import { fill, fillWait } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { makeChange } from '../change/make-change.ts'
import { tooManyTries } from '../layout.ts'
import { seeOther } from '../respond.ts'
import { addressOf, logVisit, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import type { NumberProblem } from './page.ts'
import { proveNumber } from './refuse-proof.ts'
import { type CodePermission, codeNotice, permitCode } from './send-code.ts'
import { readCode, showNumber } from './view.ts'
import { wrongCodeText } from './wrong-code.ts'

export const numberRoutes = new Hono<VisitEnv>()

numberRoutes.get(paths.portalNumber, (c) => showNumber(c))

numberRoutes.post(paths.portalNumber, async (c) => {
  const context = c.env.context
  const { config } = context
  const { db, account, form, language } = c.var
  const words = language.portal.number
  const refuse = (text: string, status: 422 | 429 = 422) =>
    showNumber(c, { problem: { form: 'bind', text }, typed: form.get('phone') ?? '' }, status)

  const parsed = parsePhone(form.get('phone') ?? '')
  if (!parsed.ok) {
    return refuse(parsed.error === 'not_international' ? words.notInternational : words.notMobile)
  }
  const phone = parsed.value
  const present = await openPhone(config.dataKeys, account)
  if (present?.e164 === phone.e164) return refuse(words.sameNumber)
  const change = account.phoneSealed === null ? 'number_bound' : 'number_changed'
  const proof = await proveNumber(c, change, 'bind')
  if (!proof.ok) return proof.error
  const { accountId, createdAt } = account
  const request = { accountId, createdAt, phone, ip: addressOf(c), isFirstSend: true }
  const permission = await permitCode(context, request)
  if (permission.kind !== 'ok') return refuseCode(c, 'bind', permission)

  const binding = await newBinding(c, phone)
  const notice = codeNotice(context.randomBytes, binding)
  const now = context.now()
  await db.batch([startBindingStatement(db, binding, now), insertNoticeStatement(db, notice, now)])
  await nudgeNotice(context, notice)
  return seeOther(paths.portalNumber)
})

numberRoutes.post(paths.portalNumberCode, async (c) => {
  const context = c.env.context
  const { config } = context
  const { db, account, form, language } = c.var
  const refuse = (text: string) => showNumber(c, { problem: { form: 'code', text } }, 422)

  // What is no code at all costs no try.
  const typed = readSixDigits(form.get('code') ?? '')
  if (typed === null) return refuse(language.portal.number.codeIncomplete)
  const binding = await countCodeTry(db, account.accountId, context.now())
  if (!binding) {
    await logVisit(c, 'typed_code.refused', { reason: 'none_left' })
    return refuse(language.portal.number.codeDead)
  }
  if (!(await isBindingCode(config.linkKeys, binding, typed))) {
    await logVisit(c, 'typed_code.refused', { reason: 'wrong' })
    return refuse(wrongCodeText(language, CODE_TRIES_MAX.bnd - binding.tries))
  }
  // Where another request was faster, the page says how things stand.
  const isBound = await completeBinding(c, binding)
  return seeOther(paths.portalNumber, isBound ? 'bound' : undefined)
})

numberRoutes.post(paths.portalNumberResend, async (c) => {
  const context = c.env.context
  const { config } = context
  const { db, language } = c.var
  const { accountId, createdAt } = c.var.account
  const now = context.now()
  const binding = await findBinding(db, accountId, now)
  if (!binding) return seeOther(paths.portalNumber)
  const { resend: verdict } = await readCode(c, binding)
  if (verdict.kind === 'never') return seeOther(paths.portalNumber)
  if (verdict.kind === 'wait') {
    const text = fillWait(language, language.portal.number.resendWait, verdict.waitMs, SECOND_MS)
    return showNumber(c, { problem: { form: 'code', text } }, 429)
  }
  const phone = await openSealedPhone(config.dataKeys, accountId, binding.phoneSealed)
  if (!phone) return seeOther(paths.portalNumber)
  const request = { accountId, createdAt, phone, ip: addressOf(c), isFirstSend: false }
  const permission = await permitCode(context, request)
  if (permission.kind !== 'ok') return refuseCode(c, 'code', permission)
  if (await noteCodeSent(db, binding, now)) {
    await postNotice(context, codeNotice(context.randomBytes, binding))
  }
  return seeOther(paths.portalNumber)
})

numberRoutes.post(paths.portalNumberCancel, async (c) => {
  await cancelBindingStatement(c.var.db, c.var.account.accountId)
  return seeOther(paths.portalNumber)
})

async function newBinding(c: VisitContext, phone: Phone) {
  const { accountId } = c.var.account
  const { config, randomBytes } = c.env.context
  const { dataKeys } = config
  return {
    accountId,
    bindingId: randomId(randomBytes, 'bnd'),
    phoneSealed: await sealField(randomBytes, dataKeys, accountId, 'phone', phone.e164),
    phoneTag: await makePhoneTag(dataKeys, phone.e164),
  }
}

/**
 * The account has the number from here on, and everybody who has to know is told; false when the binding
 * was gone, by another request with the right code or by a cancellation.
 */
async function completeBinding(c: VisitContext, binding: Binding): Promise<boolean> {
  const context = c.env.context
  const { config } = context
  const { db } = c.var
  const { accountId, bindingId, codesSentAt } = binding
  const phone = await openSealedPhone(config.dataKeys, accountId, binding.phoneSealed)
  const country = phone?.country ?? ''
  const now = context.now()
  const tags = phone ? await phoneTags(config.dataKeys, phone.e164) : [binding.phoneTag]
  const isFirst = c.var.account.phoneSealed === null
  const callback = isFirst
    ? await phoneBoundCallback({ accountId, bindingId, country }, now)
    : await phoneChangedCallback(accountId, 'changed', bindingId)
  // What the change takes was asked for before its code was sent (a binding begins with nothing less, and ends in minutes).
  const changeProof = config.profile.numberChange === 'passkey' ? 'passkey' : 'totp'
  const isChanged = await makeChange(c, {
    changes: [isFirst ? 'number_bound' : 'number_changed'],
    proof: isFirst ? 'sms_code' : changeProof,
    statements: [bindPhoneStatement(db, binding, tags, now), endBindingStatement(db, binding)],
    when: isBindingSql(binding),
    callbacks: [callback],
  })
  if (isChanged && phone) await noteVerified(c, phone, codesSentAt)
  return isChanged
}

/** What the guard learns: these codes were typed. Once, and not worth failing for. */
async function noteVerified(
  c: VisitContext,
  phone: Phone,
  codesSentAt: readonly number[],
): Promise<void> {
  const { db, config } = c.env.context
  const scopes = await codeScopes(config.dataKeys, phone)
  for (const statement of verifiedStatements(db, scopes, codesSentAt)) await statement
}

function refuseCode(
  c: VisitContext,
  form: NumberProblem['form'],
  permission: Exclude<CodePermission, { kind: 'ok' }>,
): Promise<Response> {
  const { language } = c.var
  const typed = c.var.form.get('phone') ?? ''
  if (permission.kind === 'limited') {
    const text = tooManyTries(language, permission.retryAfterMs)
    return showNumber(c, { problem: { form, text }, typed }, 429)
  }
  const exchange = c.env.context.config.exchangeName
  const text = fill(language.portal.number.notServed, { exchange })
  return showNumber(c, { problem: { form, text }, typed }, 422)
}
