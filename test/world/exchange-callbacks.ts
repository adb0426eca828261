// The endpoint at which the simulated exchange takes Lockline's callbacks. It verifies them with the
// official Standard Webhooks library, records all, and can misbehave on demand.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { type CallbackEvent, readCallback } from './exchange-state.ts'
import { createJournal, type Journal } from './journal.ts'
import { parseJson } from './json.ts'
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
  readonly close: () => Promise<void>
}

export type CallbackEndpointOptions = {
  readonly port?: number
  readonly secrets: readonly string[]
  /** Called for a valid event that is being confirmed, before the answer is written. */
  readonly onEvent: (event: CallbackEvent, at: number) => void
}

const PATH = '/callbacks'
const DEFAULT_SLOW_MS = 2000
const KEPT_IDS = 20_000

export async function startCallbackEndpoint(
  options: CallbackEndpointOptions,
): Promise<CallbackEndpoint> {
  const callbacks = createJournal<ReceivedCallback>('callbacks')
  const verifiers = options.secrets.map((secret) => new Webhook(secret))
  const confirmedIds = new Set<string>()
  const held = new Set<NodeJS.Timeout>()
  let mode: CallbackMode = 'ok'
  let slowMs = DEFAULT_SLOW_MS

  const take = (incoming: IncomingMessage, response: ServerResponse, body: string) => {
    const at = Date.now()
    const during = mode
    const headers = flatHeaders(incoming)
    const fault = faultOf(incoming, headers)
    const problem = fault?.problem ?? verify(verifiers, headers, body)
    const event = problem === null ? readCallback(parseJson(body)) : null
    const webhookId = headers['webhook-id'] ?? null
    const unreadable = problem === null && event === null
    const status = unreadable ? 422 : (fault?.status ?? (problem === null ? 204 : 401))
    const answered = answerOf(during, status)
    const repeated = webhookId !== null && confirmedIds.has(webhookId)
    if (event !== null && answered === 204) {
      options.onEvent(event, at)
      if (webhookId !== null) confirmedIds.add(webhookId)
      if (confirmedIds.size > KEPT_IDS) confirmedIds.clear()
    }
    callbacks.add({
      at,
      mode: during,
      webhookId,
      headers,
      body,
      valid: event !== null,
      problem: unreadable ? 'no event' : problem,
      repeated,
      event,
      status: answered,
    })
    if (answered === null) return
    const location = answered === 302 ? { location: `${PATH}/elsewhere` } : {}
    const write = () => void response.writeHead(answered, location).end()
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
    readBody(incoming).then(
      (body) => take(incoming, response, body),
      // The caller left before its request was whole.
      () => {},
    )
  })

  return {
    url: listener.origin + PATH,
    callbacks,
    mode: () => mode,
    setMode: async (next, nextSlowMs) => {
      mode = next
      slowMs = nextSlowMs ?? slowMs
      if (next === 'refuse') await listener.shut()
      else await listener.open()
    },
    close: async () => {
      for (const timer of held) clearTimeout(timer)
      await listener.shut()
    },
  }
}

function answerOf(mode: CallbackMode, status: number): number | null {
  if (mode === 'hang') return null
  if (mode === '500' || mode === '410' || mode === '302') return Number(mode)
  return status
}

/** What is wrong before any signature is looked at. */
function faultOf(incoming: IncomingMessage, headers: Readonly<Record<string, string>>) {
  if (incoming.url !== PATH) return { status: 404, problem: 'no such path' }
  if (incoming.method !== 'POST') return { status: 405, problem: 'not POST' }
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim()
  return type === 'application/json' ? null : { status: 415, problem: 'not application/json' }
}

function verify(
  verifiers: readonly Webhook[],
  headers: Record<string, string>,
  body: string,
): string | null {
  let problem = 'no secret to verify with'
  for (const verifier of verifiers) {
    try {
      verifier.verify(body, headers)
      return null
    } catch (error) {
      problem = error instanceof Error ? error.message : 'not verifiable'
    }
  }
  return problem
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers[name] = value
  }
  return headers
}
