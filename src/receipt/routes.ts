// POST /v1/receipts/{provider}/{ref}: verify the raw bytes, read, apply. Answers fast and with nothing
// in it; a provider learns no more than that we took its report.

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { AppEnv } from '../app-env.ts'
import type { Context } from '../context.ts'
import type { Receipt, SmsProvider } from '../deliver/providers/provider.ts'
import { answerRefusedCallback } from '../deliver/providers/refused-callback.ts'
import { readReceiptRef } from '../deliver/receipt-ref.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import { paths } from '../paths.ts'
import { storeReceipt } from './store-receipt.ts'

// Infobip puts up to a hundred reports into one request.
const BODY_MAX_BYTES = 256 * 1024

export const receiptRoutes = new Hono<AppEnv>()

receiptRoutes.post(
  paths.receipts,
  bodyLimit({ maxSize: BODY_MAX_BYTES, onError: () => problem('body_too_large') }),
  async (c) => {
    const context = c.env.context
    const { provider: name, ref } = c.req.param()
    const provider = context.config.providers.find((configured) => configured.name === name)
    if (!provider) return problem('not_found')

    const { pathname, search } = new URL(c.req.url)
    const callback = {
      // Signed as the provider was given it: behind a proxy, Host may say something else.
      url: context.config.publicOrigin + pathname + search,
      headers: c.req.raw.headers,
      body: new Uint8Array(await c.req.arrayBuffer()),
    }
    const receipts = await provider.readReceipts(callback, context.now())
    if (!receipts.ok) {
      logInfo('receipt.refused', { provider: provider.name, reason: receipts.error.reason })
      return answerRefusedCallback(receipts.error)
    }
    const results = await Promise.all(
      receipts.value.map((receipt) => applyOne(context, provider, receipt.ref ?? ref, receipt)),
    )
    // Signed, but about nothing of ours: a 4xx lets the operator see a misdirected webhook.
    if (results.length > 0 && !results.includes('applied')) return problem('not_found')
    return c.body(null, 204)
  },
)

receiptRoutes.all(paths.receipts, () =>
  problem('method_not_allowed', { headers: { allow: 'POST' } }),
)

async function applyOne(
  context: Context,
  provider: SmsProvider,
  refText: string,
  receipt: Receipt,
): Promise<'applied' | 'foreign'> {
  const ref = await readReceiptRef(context.config.dataKeys, refText)
  if (!ref) return 'foreign'
  await storeReceipt(context, provider.name, ref, receipt)
  return 'applied'
}
