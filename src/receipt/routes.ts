// POST /v1/receipts/{provider}/{ref}, or without ref where the report itself has it or its message id leads to it: verify
// the raw bytes, read, apply. Answers fast and with nothing in it; a provider learns no more than that we took its
// report. GET is taken of those that report so, and of no other.

import { type Context, Hono } from 'hono'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import { limitBody } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { paths, providerPart } from '../paths.ts'
import { findReceiptRef } from '../routing/receipt-ids.ts'
import type { Receipt } from '../sms/provider.ts'
import { CALLBACK_BODY_MAX_KIB, readRawCallback, takesMethod } from '../sms/raw-callback.ts'
import { readReceiptRef } from '../sms/receipt-ref.ts'
import { answerRefusedCallback } from '../sms/refused-callback.ts'
import type { SmsProvider } from '../sms/registry.ts'
import type { ReceiptContext } from './receipt-context.ts'
import { storeReceipt } from './store-receipt.ts'

export const receiptRoutes = new Hono<RouteEnv<ReceiptContext>>()

const limit = limitBody(CALLBACK_BODY_MAX_KIB)

receiptRoutes.on(['GET', 'POST'], paths.receipts, limit, (c) => takeReceipts(c, c.req.param('ref')))
receiptRoutes.on(['GET', 'POST'], paths.receiptsById, limit, (c) => takeReceipts(c, null))

async function takeReceipts(
  c: Context<RouteEnv<ReceiptContext>>,
  ref: string | null,
): Promise<Response> {
  const context = c.env.context
  const part = c.req.param('provider') ?? ''
  const provider = context.config.providers.find(
    (configured) => providerPart(configured.name) === part,
  )
  if (!provider) return problem('not_found')
  if (!takesMethod(provider, c.req.method)) {
    return problem('method_not_allowed', { headers: { allow: 'POST' } })
  }

  const callback = await readRawCallback(c.req.raw, context.config.publicOrigin)
  const receipts = await provider.readReceipts(callback, context.now())
  if (!receipts.ok) {
    logInfo('receipt.refused', { provider: provider.name, reason: receipts.error.reason })
    return answerRefusedCallback(receipts.error)
  }
  const results = await Promise.all(
    receipts.value.map((receipt) => applyOne(context, provider, ref, receipt)),
  )
  // Signed, but about nothing of ours: a 4xx lets the operator see a misdirected webhook.
  if (results.length > 0 && !results.includes('applied')) return problem('not_found')
  return c.body(null, provider.acknowledgeWith ?? 204)
}

async function applyOne(
  context: ReceiptContext,
  provider: SmsProvider,
  refOfPath: string | null,
  receipt: Receipt,
): Promise<'applied' | 'foreign'> {
  const refText = receipt.ref ?? refOfPath ?? (await refOfId(context, provider, receipt))
  if (refText === null) return 'foreign'
  const ref = await readReceiptRef(context.config.dataKeys, refText)
  if (!ref) return 'foreign'
  await storeReceipt(context, provider.name, ref, receipt)
  return 'applied'
}

/** Of what the provider took a moment ago the row may not be there yet; it is told 404, and comes again. */
function refOfId(
  { db }: ReceiptContext,
  { name, reportsById }: SmsProvider,
  { providerMessageId }: Receipt,
): Promise<string | null> | null {
  return reportsById ? findReceiptRef(db, name, providerMessageId) : null
}
