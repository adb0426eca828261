// The provider for trying things out: no account, no network, no text on any phone. It accepts every
// number but the magic ones, which fail as they do with Twilio's test credentials. Its request goes to
// `sandbox:`, which `callProvider` answers by itself with the request's own body.

import { err } from '../../lib/result.ts'
import { idAt, parseRecord, textAt } from '../json-fields.ts'
import type { ProviderResponse, SendFailure, SendOutcome, SmsAdapter } from '../provider.ts'
import { isSuccess, refusal, UNREADABLE } from '../refusal.ts'

export const SANDBOX_URL = 'sandbox:'

/** https://www.twilio.com/docs/iam/test-credentials */
const MAGIC_NUMBERS: ReadonlyMap<string, SendFailure> = new Map<string, SendFailure>([
  ['+15005550001', { class: 'recipient_permanent', code: '21211' }],
  ['+15005550002', { class: 'provider_config', code: '21612', scope: 'country' }],
  ['+15005550003', { class: 'provider_config', code: '21408', scope: 'country' }],
  ['+15005550004', { class: 'opted_out', code: '21610' }],
  ['+15005550009', { class: 'recipient_permanent', code: '21614' }],
])

export function sandbox(): SmsAdapter {
  return {
    defaultSender: 'sandbox',
    hasReceipts: false,
    buildRequest: ({ to, ref }) => ({
      method: 'POST',
      url: SANDBOX_URL,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to, ref }),
    }),
    readResponse,
    readReceipts: async () => err({ reason: 'unsigned' }),
    readInbound: async () => err({ reason: 'unsigned' }),
  }
}

function readResponse(response: ProviderResponse): SendOutcome {
  if (!isSuccess(response)) return refusal(response, undefined, new Map())
  const body = parseRecord(response.body) ?? {}
  const to = textAt(body, 'to')
  const ref = idAt(body, 'ref')
  if (to === undefined || ref === undefined) return UNREADABLE
  return MAGIC_NUMBERS.get(to) ?? { class: 'accepted', providerMessageId: `sandbox-${ref}` }
}
