// One call to one provider: sends what the adapter built, with a deadline over headers and body, and
// has the adapter read what came back. Never throws, never logs; tries again only where an access token was no longer
// taken, once and within the same deadline: a 401 has sent nothing.

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
  if (!provider.tokens) return (await tryOnce(ports, provider, message, timeoutMs)).outcome
  const deadlineAt = ports.now() + timeoutMs
  const token = await provider.tokens.token(timeoutMs)
  if (!token.ok) return token.error
  const first = await tryOnce(ports, provider, message, deadlineAt - ports.now(), token.value)
  if (first.status !== 401) return first.outcome
  provider.tokens.drop(token.value)
  const fresh = await provider.tokens.token(deadlineAt - ports.now())
  if (!fresh.ok) return first.outcome
  const leftMs = deadlineAt - ports.now()
  return (await tryOnce(ports, provider, message, leftMs, fresh.value)).outcome
}

type Tried = { readonly outcome: SendOutcome; readonly status?: number }

async function tryOnce(
  ports: CallPorts,
  provider: SmsAdapter,
  message: OutboundMessage,
  timeoutMs: number,
  token?: string,
): Promise<Tried> {
  // The token took all the time there was: nothing was sent.
  if (timeoutMs <= 0) return { outcome: { class: 'provider_transient', code: 'token_timeout' } }
  let request: ProviderRequest
  try {
    request = await provider.buildRequest(message, token)
  } catch {
    // A bug of ours, and nothing was sent: the next provider shall not suffer from it.
    return { outcome: { class: 'unclear', code: 'request_not_built' } }
  }
  const response = await exchange(request, ports, timeoutMs)
  if ('class' in response) return { outcome: response }
  const { status } = response
  try {
    return { outcome: provider.readResponse(response), status }
  } catch {
    return { outcome: { class: 'ambiguous', code: 'response_not_read' }, status }
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
