// One call to one provider: sends what the adapter built, with a deadline over headers and body, and
// has the adapter read what came back. Never throws, never logs, never tries again.

import { fetchWithin } from '../lib/fetch-within.ts'
import type { Ports } from '../lib/ports.ts'
import type {
  OutboundMessage,
  ProviderRequest,
  ProviderResponse,
  SendOutcome,
  SmsAdapter,
} from './provider.ts'
import { SANDBOX_URL } from './sandbox/sandbox.ts'

export type CallPorts = Pick<Ports, 'now' | 'after' | 'fetch'>

export type CallResult = { readonly outcome: SendOutcome; readonly durationMs: number }

/** An answer of a provider is a few hundred bytes; what is longer is cut and not understood. */
const LONGEST_BODY_BYTES = 64 * 1024

/**
 * Sends `message` through `provider`; `timeoutMs` is for the whole call. Every failure on the wire is `ambiguous`, with the code
 * `timeout` or `connection_failed`: a Worker is told the same for a refused connection and for one
 * that broke after the message was out.
 */
export async function callProvider(
  ports: CallPorts,
  provider: SmsAdapter,
  message: OutboundMessage,
  timeoutMs: number,
): Promise<CallResult> {
  const startedAt = ports.now()
  const outcome = await attempt(ports, provider, message, timeoutMs)
  return { outcome, durationMs: Math.max(0, ports.now() - startedAt) }
}

async function attempt(
  ports: CallPorts,
  provider: SmsAdapter,
  message: OutboundMessage,
  timeoutMs: number,
): Promise<SendOutcome> {
  let request: ProviderRequest
  try {
    request = await provider.buildRequest(message)
  } catch {
    // A bug of ours, and nothing was sent: the next provider shall not suffer from it.
    return { class: 'unclear', code: 'request_not_built' }
  }
  const response = await exchange(request, ports, timeoutMs)
  if ('class' in response) return response
  try {
    return provider.readResponse(response)
  } catch {
    return { class: 'ambiguous', code: 'response_not_read' }
  }
}

async function exchange(
  { url, method, headers, body }: ProviderRequest,
  ports: CallPorts,
  timeoutMs: number,
): Promise<ProviderResponse | SendOutcome> {
  if (url.startsWith(SANDBOX_URL)) return { status: 200, headers: {}, body }
  const init = { method, headers: { ...headers }, body }
  const limits = { timeoutMs, bodyMaxBytes: LONGEST_BODY_BYTES }
  const answer = await fetchWithin(ports, url, init, limits)
  if (!answer.ok) return { class: 'ambiguous', code: answer.error }
  return { ...answer.value, headers: Object.fromEntries(answer.value.headers) }
}
