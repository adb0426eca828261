// Carries one receipt into D1: read the login, decide, write if nobody wrote meanwhile, else again.

import type { Login } from '../alert/login.ts'
import { changeLoginStatement, findLogin } from '../alert/logins.ts'
import type { Context } from '../context.ts'
import type { ProviderName, Receipt } from '../deliver/providers/provider.ts'
import type { ReceiptRef } from '../deliver/receipt-ref.ts'
import { tellUndelivered } from '../deliver/record.ts'
import { logInfo } from '../lib/log.ts'
import { advanceAttempt } from './advance.ts'
import { applyReceipt, type ReceiptEffect } from './apply-receipt.ts'

const CONFLICTS_MAX = 8

/** An unknown or erased login is no error: the provider must not be made to repeat itself. */
export async function storeReceipt(
  context: Context,
  provider: ProviderName,
  ref: ReceiptRef,
  receipt: Receipt,
): Promise<void> {
  if (await advanceAttempt(context.db, provider, ref, receipt, context.now())) {
    logReceipt(provider, ref, receipt)
    return
  }
  for (let conflict = 0; conflict < CONFLICTS_MAX; conflict += 1) {
    const login = await findLogin(context.db, ref)
    if (!login) return
    const source = { number: ref.attempt, provider }
    const effect = applyReceipt(login, source, receipt, context.now())
    if (!effect.change) return
    const result = await changeLoginStatement(context.db, login, effect.change)
    if (result.meta.changes === 0) continue
    logReceipt(provider, ref, receipt)
    await followUp(context, { ...login, attempts: effect.change.attempts ?? [] }, effect)
    return
  }
  throw new Error('a login changed too often while a receipt was applied')
}

async function followUp(context: Context, login: Login, effect: ReceiptEffect): Promise<void> {
  const { accountId, alertId } = login
  if (effect.undelivered) await tellUndelivered(context, login, effect.undelivered)
  if (effect.resend) await context.alerts.send({ kind: 'deliver', accountId, alertId })
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
