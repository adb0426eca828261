// What stands before the example exchange's endpoint for callbacks: it records every request, and can misbehave on demand.
// Whether a callback is genuine and what it changes is the example's own matter; it sees only what is let through.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallbackReading } from '../../examples/exchange/lockline-client.ts'
import type { Serve } from '../../examples/exchange/node-server.ts'
import { CALLBACK_PATH } from '../../examples/exchange/routes.ts'
import { createJournal, type Journal } from './journal.ts'
import { textField } from './json.ts'
import { readBody, startListener } from './listener.ts'

export const CALLBACK_MODES = ['ok', 'slow', 'hang', 'refuse', '500', '410', '302'] as const
export type CallbackMode = (typeof CALLBACK_MODES)[number]

export const CALLBACK_MODE_LABELS: Readonly<Record<CallbackMode, string>> = {
  ok: 'Works',
  slow: 'Answers slowly',
  hang: 'Hangs, never answers',
  refuse: 'Down: connection refused',
  '500': 'Error 500',
  '410': 'Gone (410): wants no more',
  '302': 'Redirects elsewhere',
}

export function isCallbackMode(text: unknown): text is CallbackMode {
  return CALLBACK_MODES.some((mode) => mode === text)
}

export type CallbackEvent = {
  readonly type: string
  readonly accountId: string | null
  readonly data: Readonly<Record<string, unknown>>
}

/** One request to the callback endpoint, whether it was genuine or not. */
export type ReceivedCallback = {
  readonly at: number
  readonly mode: CallbackMode
  readonly webhookId: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly valid: boolean
  /** Why it was not believed; null when valid. */
  readonly problem: string | null
  /** The same `webhook-id` had been confirmed before. */
  readonly repeated: boolean
  readonly event: CallbackEvent | null
  /** The HTTP status answered; null when the answer never comes (hang). */
  readonly status: number | null
}

export type CallbackEndpoint = {
  readonly url: string
  readonly callbacks: Journal<ReceivedCallback>
  readonly mode: () => CallbackMode
  readonly setMode: (mode: CallbackMode, slowMs?: number) => Promise<void>
  /** What a lock is answered in place of the example's own words, as JSON; null: those. */
  readonly setLockAnswer: (body: unknown) => void
  readonly close: () => Promise<void>
}

export type CallbackEndpointOptions = {
  readonly port?: number
  /** The example's own reading, for the record alone. */
  readonly verify: (headers: Readonly<Record<string, string>>, body: string) => CallbackReading
  /** The example. */
  readonly serve: Serve
}

const DEFAULT_SLOW_MS = 2000
const KEPT_IDS = 20_000
const NOBODY = { ip: null }

export async function startCallbackEndpoint(
  options: CallbackEndpointOptions,
): Promise<CallbackEndpoint> {
  const callbacks = createJournal<ReceivedCallback>('callbacks')
  const confirmedIds = new Set<string>()
  const held = new Set<NodeJS.Timeout>()
  let mode: CallbackMode = 'ok'
  let slowMs = DEFAULT_SLOW_MS
  let lockAnswer: unknown = null

  const answer = async (incoming: IncomingMessage, body: string): Promise<Response | null> => {
    if (mode === 'hang') return null
    if (mode === '302') {
      return new Response(null, {
        status: 302,
        headers: { location: `${CALLBACK_PATH}/elsewhere` },
      })
    }
    if (mode === '500' || mode === '410') return new Response(null, { status: Number(mode) })
    const { url = '/', method = 'GET' } = incoming
    const init = { method, headers: flatHeaders(incoming) }
    const hasBody = method !== 'GET' && method !== 'HEAD'
    const target = new URL(url, 'http://exchange.invalid')
    return options.serve(new Request(target, hasBody ? { ...init, body } : init), NOBODY)
  }

  const take = async (incoming: IncomingMessage, response: ServerResponse, body: string) => {
    const at = Date.now()
    const during = mode
    const headers = flatHeaders(incoming)
    const webhookId = headers['webhook-id'] ?? null
    const repeated = webhookId !== null && confirmedIds.has(webhookId)
    const reading = options.verify(headers, body)
    const answered = await answer(incoming, body)
    const status = answered?.status ?? null
    if (webhookId !== null && status !== null && status < 300) confirmedIds.add(webhookId)
    if (confirmedIds.size > KEPT_IDS) confirmedIds.clear()
    callbacks.add({
      at,
      mode: during,
      webhookId,
      headers,
      body,
      ...recordOf(incoming, reading),
      repeated,
      status,
    })
    if (answered === null) return
    const isReplaced = lockAnswer !== null && answered.status === 200
    const text = isReplaced ? JSON.stringify(lockAnswer) : await answered.text()
    const write = () => {
      response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(text)
    }
    if (during !== 'slow') {
      write()
      return
    }
    const timer = setTimeout(() => {
      held.delete(timer)
      write()
    }, slowMs)
    held.add(timer)
  }

  const listener = await startListener(options.port ?? 0, (incoming, response) => {
    readBody(incoming)
      .then((body) => take(incoming, response, body))
      // The caller left before its request was whole, or the example failed: no answer, either way.
      .catch(() => response.destroy())
  })

  return {
    url: listener.origin + CALLBACK_PATH,
    callbacks,
    mode: () => mode,
    setMode: async (next, nextSlowMs) => {
      mode = next
      slowMs = nextSlowMs ?? slowMs
      if (next === 'refuse') await listener.shut()
      else await listener.open()
    },
    setLockAnswer: (body) => {
      lockAnswer = body
    },
    close: async () => {
      for (const timer of held) clearTimeout(timer)
      await listener.shut()
    },
  }
}

function recordOf(incoming: IncomingMessage, reading: CallbackReading) {
  if (incoming.url !== CALLBACK_PATH) return { valid: false, problem: 'no such path', event: null }
  if (reading.kind !== 'genuine') return { valid: false, problem: reading.why, event: null }
  const { type, data } = reading.callback
  const event: CallbackEvent = { type, accountId: textField(data, 'account_id'), data }
  return { valid: true, problem: null, event }
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers[name] = value
  }
  return headers
}
