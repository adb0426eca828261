// The port to the network as an invocation has it: to hosts that are simulated, six connections waiting at most, and answers
// that may never come. Nothing leaves the process.

import type { Ports } from '../../../src/lib/ports.ts'
import type { CallOut, Reply } from './call-out.ts'
import { type Invocation, isGone, NEVER, running } from './invocation.ts'

export type HttpRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** `isBodyOpen`: the headers come, and the end of the body never. */
export type HostReply =
  | { readonly afterMs: number; readonly answer: HttpAnswer; readonly isBodyOpen?: boolean }
  | { readonly afterMs: number; readonly reset: true }
  | 'never'

/** The other side of a call, kept by the host: whether its answer was heard. */
export type Caller = {
  readonly invocation: Invocation
  heard: 'waiting' | 'answer' | 'error' | 'gave_up'
  /** When it was; until then, nobody on our side knows how the call ended. */
  heardAt: number | null
}

export type Host = (request: HttpRequest, caller: Caller) => HostReply

export type NetworkOptions = {
  readonly callOut: CallOut
  /** Null: there is no such host. */
  readonly hostOf: (url: URL) => Host | null
  readonly now: () => number
  /** One way, drawn for each call. */
  readonly wayMs: () => number
}

const CONNECTIONS_MAX = 6

export function createFetch({ callOut, hostOf, wayMs, now }: NetworkOptions): Ports['fetch'] {
  async function call(url: string, init: RequestInit): Promise<Response> {
    const invocation = running()
    if (!invocation) throw new Error('fetch was used outside of any invocation')
    if (isGone(invocation)) return NEVER
    const { signal } = init
    signal?.throwIfAborted()
    const caller: Caller = { invocation, heard: 'waiting', heardAt: null }
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const onAbort = () => {
      if (caller.heard === 'waiting') caller.heard = 'gave_up'
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort)
    aborted.catch(() => {})
    await Promise.race([connection(invocation), aborted])
    try {
      const host = hostOf(new URL(url))
      const request = toRequest(url, init)
      const answered = callOut(wayMs(), () => reach(host, request, caller, wayMs()))
      const { response, isBodyOpen } = await Promise.race([answered, aborted])
      caller.heard = isBodyOpen ? 'gave_up' : 'answer'
      caller.heardAt = now()
      return response
    } catch (error) {
      if (caller.heard === 'waiting') caller.heard = 'error'
      throw error
    } finally {
      signal?.removeEventListener('abort', onAbort)
      release(invocation)
    }
  }
  return (url, init = {}) => call(url, init)
}

type Reached = { readonly response: Response; readonly isBodyOpen: boolean }

function reach(
  host: Host | null,
  request: HttpRequest,
  caller: Caller,
  backMs: number,
): Reply<Reached> {
  const reply = host?.(request, caller) ?? { afterMs: 0, reset: true }
  if (reply === 'never') return 'never'
  const afterMs = reply.afterMs + backMs
  if ('reset' in reply) {
    return { afterMs, error: new Error('Network connection lost.') }
  }
  const isBodyOpen = reply.isBodyOpen ?? false
  return { afterMs, value: { response: toResponse(reply.answer, isBodyOpen), isBodyOpen } }
}

async function connection(invocation: Invocation): Promise<void> {
  if (invocation.connections >= CONNECTIONS_MAX) {
    await new Promise<void>((resolve) => invocation.waitingForConnection.push(resolve))
  }
  invocation.connections += 1
}

function release(invocation: Invocation): void {
  invocation.connections -= 1
  invocation.waitingForConnection.shift()?.()
}

function toRequest(url: string, init: RequestInit): HttpRequest {
  return {
    method: init.method ?? 'GET',
    url,
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof init.body === 'string' ? init.body : '',
  }
}

const BODYLESS = new Set([101, 204, 205, 304])

function toResponse({ status, headers, body }: HttpAnswer, isBodyOpen: boolean): Response {
  if (BODYLESS.has(status)) return new Response(null, { status, headers })
  if (!isBodyOpen) return new Response(body, { status, headers })
  const open = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(body.slice(0, 1))),
  })
  return new Response(open, { status, headers })
}
