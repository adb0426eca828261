// One call to one provider: sends what the adapter built, with a deadline over headers and body, and
// has the adapter read what came back. Never throws, never logs, never tries again.

import type {
  OutboundMessage,
  ProviderRequest,
  ProviderResponse,
  SendOutcome,
  SmsProvider,
} from './provider.ts'
import { readCapped } from './read-capped.ts'
import { SANDBOX_URL } from './sandbox/sandbox.ts'

export type CallOptions = {
  /** For the whole call: connecting, headers and body. */
  readonly timeoutMs: number
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Epoch milliseconds; in production `Date.now`, which only moves across I/O in a Worker. */
  readonly now: () => number
}

export type CallResult = { readonly outcome: SendOutcome; readonly durationMs: number }

/** An answer of a provider is a few hundred bytes; what is longer is cut and not understood. */
const LONGEST_BODY_BYTES = 64 * 1024

/**
 * Sends `message` through `provider`. Every failure on the wire is `ambiguous`, with the code
 * `timeout` or `connection_failed`: a Worker is told the same for a refused connection and for one
 * that broke after the message was out.
 */
export async function callProvider(
  provider: SmsProvider,
  message: OutboundMessage,
  options: CallOptions,
): Promise<CallResult> {
  const startedAt = options.now()
  const outcome = await attempt(provider, message, options)
  return { outcome, durationMs: Math.max(0, options.now() - startedAt) }
}

async function attempt(
  provider: SmsProvider,
  message: OutboundMessage,
  options: CallOptions,
): Promise<SendOutcome> {
  let request: ProviderRequest
  try {
    request = await provider.buildRequest(message)
  } catch {
    // A bug of ours, and nothing was sent: the next provider shall not suffer from it.
    return { class: 'message_rejected', code: 'request_not_built' }
  }
  const response = await exchange(request, options)
  if ('class' in response) return response
  try {
    return provider.readResponse(response)
  } catch {
    return { class: 'ambiguous', code: 'response_not_read' }
  }
}

async function exchange(
  request: ProviderRequest,
  { timeoutMs, fetch }: CallOptions,
): Promise<ProviderResponse | SendOutcome> {
  if (request.url.startsWith(SANDBOX_URL)) return { status: 200, headers: {}, body: request.body }

  const controller = new AbortController()
  const deadline = Promise.withResolvers<'timeout'>()
  const timer = setTimeout(() => deadline.resolve('timeout'), timeoutMs)
  try {
    // Raced, not only aborted: a body that hangs must not outlast the deadline on any runtime.
    const response = await Promise.race([send(request, fetch, controller.signal), deadline.promise])
    return response === 'timeout' ? { class: 'ambiguous', code: 'timeout' } : response
  } catch (error) {
    return { class: 'ambiguous', code: isTimeout(error) ? 'timeout' : 'connection_failed' }
  } finally {
    clearTimeout(timer)
    // Frees the connection, whatever of it is left.
    controller.abort()
  }
}

async function send(
  request: ProviderRequest,
  fetch: CallOptions['fetch'],
  signal: AbortSignal,
): Promise<ProviderResponse> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: { ...request.headers },
    body: request.body,
    // An API that moves is misconfigured; following would hand the credentials to another host.
    redirect: 'manual',
    signal,
  })
  const body = await readCapped(response.body, LONGEST_BODY_BYTES)
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}
