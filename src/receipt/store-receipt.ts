// Carries one receipt into D1: read the login, decide, write if nobody wrote meanwhile, else again.

import { healPhoneStatement } from '../account/account-phone.ts'
import {
  announceGiveUp,
  type GiveUp,
  giveUpStatements,
  withdrawGiveUpStatements,
} from '../deliver/give-up.ts'
import { asBound } from '../lib/bound-statement.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { isOfAlert } from '../login/alert-tag.ts'
import type { Login } from '../login/login.ts'
import { changeLoginStatement, findLogin } from '../login/logins.ts'
import { flushSamples } from '../routing/route-learning.ts'
import { noteSample, receiptSample } from '../routing/route-samples.ts'
import type { Receipt } from '../sms/provider.ts'
import type { ReceiptRef } from '../sms/receipt-ref.ts'
import type { ProviderName } from '../sms/registry.ts'
import { flushMeasures } from '../watch/measures.ts'
import { advanceAttempt } from './advance.ts'
import { applyReceipt, type ReceiptEffect } from './apply-receipt.ts'
import { countReceipt } from './count-receipt.ts'
import type { ReceiptContext } from './receipt-context.ts'
import { storeNoticeReceipt } from './store-notice-receipt.ts'
import { asUsualReceipt } from './usual-receipt.ts'

const CONFLICTS_MAX = 8

/** An unknown or erased login is no error: the provider must not be made to repeat itself. */
export async function storeReceipt(
  context: ReceiptContext,
  provider: ProviderName,
  ref: ReceiptRef,
  receipt: Receipt,
): Promise<void> {
  if (ref.noticeId !== undefined) {
    await storeNoticeReceipt(context, provider, { ...ref, noticeId: ref.noticeId }, receipt)
    logReceipt(provider, ref, receipt)
    await learnFrom(context, provider, ref, receipt)
    return
  }
  const db = context.dbOf(ref.accountId)
  const usual = asUsualReceipt(provider, ref, receipt, context.now())
  const advanced = usual && (await advanceAttempt(context, usual))
  if (advanced) {
    logReceipt(provider, ref, receipt)
    countReceipt(context, provider, ref, receipt, advanced)
    await learnFrom(context, provider, ref, receipt)
    return
  }
  const { config } = context
  for (let conflict = 0; conflict < CONFLICTS_MAX; conflict += 1) {
    const login = await findLogin(db, ref)
    // Or the account was erased and came back, and this is the alert of another login.
    if (!login || !isOfAlert(login, ref)) return
    const source = { number: ref.attempt, provider, called: ref.provider }
    const effect = applyReceipt(login, source, receipt, context.now())
    if (!effect.change) return
    const giveUp = toGiveUp(login, effect)
    const now = context.now()
    const rest = [
      ...(giveUp ? await giveUpStatements(db, giveUp, config.profile, now) : []),
      ...(isLateDelivery(login, effect) ? await withdrawGiveUpStatements(db, login) : []),
    ]
    const [changed] = await db.$client.batch([
      changeLoginStatement(db, login, effect.change),
      ...rest.map((statement) => asBound(db, statement)),
      ...(receipt.event.state === 'delivered' ? [healPhoneStatement(db, ref, now)] : []),
    ])
    if (changed?.meta.changes === 0) continue
    logReceipt(provider, ref, receipt)
    if (giveUp) await announceGiveUp(context, giveUp)
    if (effect.resend) await resend(context, login)
    const isNews = login.state !== 'delivered' || receipt.event.state === 'failed'
    countReceipt(context, provider, ref, receipt, isNews ? login : null)
    await learnFrom(context, provider, ref, receipt)
    return
  }
  throw new Error('a login changed too often while a receipt was applied')
}

function isLateDelivery({ state }: Login, { change }: ReceiptEffect): boolean {
  return state === 'undelivered' && change?.state === 'delivered'
}

/** Last of all, since everything else matters more. */
async function learnFrom(
  context: ReceiptContext,
  provider: ProviderName,
  ref: ReceiptRef,
  receipt: Receipt,
): Promise<void> {
  const sample = receiptSample(provider, ref, receipt, context.now())
  if (sample) {
    noteSample(context.routing.samples, sample)
    await flushSamples(context)
  }
  await flushMeasures(context)
}

function toGiveUp(login: Login, { change, undelivered }: ReceiptEffect): GiveUp | null {
  if (!undelivered) return null
  return { login, reason: undelivered, attempts: change?.attempts ?? login.attempts }
}

/** The next provider, now. The row says `queued`: should the nudge be lost, the sweep sends another. */
async function resend(context: ReceiptContext, { accountId, alertId }: Login): Promise<void> {
  try {
    await context.alerts.send({ kind: 'deliver', accountId, alertId })
  } catch (error) {
    logError('request.failed', { alert_id: alertId, ...errorFields(error) })
  }
}

function logReceipt(provider: ProviderName, ref: ReceiptRef, receipt: Receipt): void {
  logInfo('receipt.applied', {
    account_id: ref.accountId,
    seq: ref.seq,
    provider,
    attempt: ref.attempt,
    state: receipt.event.state,
    code: receipt.event.state === 'failed' ? receipt.event.code : undefined,
  })
}
