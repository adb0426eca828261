// /portal/number: binds, changes and removes the number. A change or removal takes a code of the authenticator
// app each time; the number before is told of both.

import { Hono } from 'hono'
import { sealField } from '../../account/accounts.ts'
import { isBindingCode } from '../../account/binding-code.ts'
import { decideResend } from '../../account/binding-rules.ts'
import {
  type Binding,
  cancelBinding,
  countCodeTry,
  findBinding,
  noteCodeSent,
  startBindingStatement,
} from '../../account/bindings.ts'
import { openPhone, openSealedPhone } from '../../account/open-phone.ts'
import { type Phone, parsePhone } from '../../account/phone.ts'
import { makePhoneTag } from '../../account/phone-tag.ts'
import { readSixDigits } from '../../account/six-digits.ts'
import { phoneBoundCallback } from '../../exchange/phone-bound.ts'
import { phoneChangedCallback } from '../../exchange/phone-changed.ts'
import { codeScopes, verifiedStatements } from '../../guard/code-counts.ts'
import { deriveId, randomId } from '../../lib/ids.ts'
import { SECOND_MS } from '../../lib/time.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'
import { nudgeNotice, postNotice } from '../../notice/post-notice.ts'
import { fill, fillWait } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { tooManyTries } from '../layout.ts'
import { seeOther } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { changeNumber } from './change-number.ts'
import type { NumberProblem } from './page.ts'
import { wrongCodeText } from './page.ts'
import { refuseTotp } from './refuse-totp.ts'
import { type CodePermission, codeNotice, permitCode } from './send-code.ts'
import { needsTotp, showNumber } from './view.ts'

export const numberRoutes = new Hono<VisitEnv>()

numberRoutes.get(paths.portalNumber, (c) => showNumber(c))

numberRoutes.post(paths.portalNumber, async (c) => {
  const context = c.env.context
  const { db, config } = context
  const { account, form, language } = c.var
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
  if (needsTotp(c)) {
    const refused = await refuseTotp(c, 'bind')
    if (refused) return refused
  }
  const request = { accountId: account.accountId, phone, ip: ipOf(c), isFirstSend: true }
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
  const { db, config } = context
  const { account, form, language } = c.var
  const refuse = (text: string) => showNumber(c, { problem: { form: 'code', text } }, 422)

  // What is no code at all costs no try.
  const typed = readSixDigits(form.get('code') ?? '')
  if (typed === null) return refuse(language.portal.number.codeLabel)
  const binding = await countCodeTry(db, account.accountId, context.now())
  if (!binding) return refuse(language.portal.number.codeDead)
  if (!(await isBindingCode(config.linkKeys, binding, typed))) {
    return refuse(wrongCodeText(language, binding.tries))
  }
  // Where another request was faster, the page says how things stand.
  const isBound = await completeBinding(c, binding)
  return seeOther(paths.portalNumber, isBound ? 'bound' : undefined)
})

numberRoutes.post(paths.portalNumberResend, async (c) => {
  const context = c.env.context
  const { db, config } = context
  const { language } = c.var
  const { accountId } = c.var.account
  const now = context.now()
  const binding = await findBinding(db, accountId, now)
  if (!binding) return seeOther(paths.portalNumber)
  const verdict = decideResend(binding.codesSentAt, now)
  if (verdict.kind === 'never') return seeOther(paths.portalNumber)
  if (verdict.kind === 'wait') {
    const text = fillWait(language, language.portal.number.resendWait, verdict.waitMs, SECOND_MS)
    return showNumber(c, { problem: { form: 'code', text } }, 429)
  }
  const phone = await openSealedPhone(config.dataKeys, accountId, binding.phoneSealed)
  if (!phone) return seeOther(paths.portalNumber)
  const request = { accountId, phone, ip: ipOf(c), isFirstSend: false }
  const permission = await permitCode(context, request)
  if (permission.kind !== 'ok') return refuseCode(c, 'code', permission)
  if (await noteCodeSent(db, binding, now)) {
    await postNotice(context, codeNotice(context.randomBytes, binding))
  }
  return seeOther(paths.portalNumber)
})

numberRoutes.post(paths.portalNumberCancel, async (c) => {
  await cancelBinding(c.env.context.db, c.var.account.accountId)
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
  const { accountId, bindingId, codesSentAt } = binding
  const phone = await openSealedPhone(config.dataKeys, accountId, binding.phoneSealed)
  const country = phone?.country ?? ''
  const callback =
    c.var.account.phoneSealed === null
      ? await phoneBoundCallback({ accountId, bindingId, country }, context.now())
      : await phoneChangedCallback(accountId, 'changed', bindingId)
  const noticeId = await deriveId('ntc', 'phone_changed', accountId, bindingId)
  const isChanged = await changeNumber(context, binding, { callback, noticeId })
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

function ipOf(c: VisitContext): string {
  return c.req.header('cf-connecting-ip') ?? 'unknown'
}
