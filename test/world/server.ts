// Serves the world's page, its files, live updates and the small API behind its buttons. For people
// on this machine only: requests under a foreign host name or from a foreign page are refused.

import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isCarrierMode } from './carrier-modes.ts'
import { CARRIER_NAMES } from './carrier-protocol.ts'
import {
  ACTIVITIES,
  DEMO_ACCOUNT_ID,
  demoLogin,
  demoPortalUrl,
  importDemoAccount,
  liftDemoHold,
  SCENARIOS,
  tellActivity,
} from './demo.ts'
import { isCallbackMode } from './exchange-callbacks.ts'
import { isRecord, parseJson, textField } from './json.ts'
import { readBody, startListener } from './listener.ts'
import { toText } from './markup.ts'
import { renderPage } from './page.ts'
import { type Outcome, sendReply } from './send-reply.ts'
import { type Reachability, readState, type WorldState } from './state.ts'
import { isThiefAct, thiefActs } from './thief.ts'
import { renderPanels } from './view.ts'
import type { World } from './world.ts'

export type WorldServer = {
  readonly origin: string
  readonly port: number
  readonly close: () => Promise<void>
}

export type WorldServerOptions = {
  readonly port: number
  /** How often Lockline's /healthz is asked. */
  readonly healthEveryMs?: number
  /** Called before the thief does anything: he comes to no account that was opened today. */
  readonly beforeThief?: () => Promise<void>
}

const FILES: Readonly<Record<string, readonly [string, string]>> = {
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page-controls.css': ['page-controls.css', 'text/css; charset=utf-8'],
  '/page-panels.css': ['page-panels.css', 'text/css; charset=utf-8'],
  '/page-client.js': ['page-client.js', 'text/javascript; charset=utf-8'],
  '/page-icon.svg': ['page-icon.svg', 'image/svg+xml'],
}
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // Not no-referrer: a form posted without script would then carry the origin "null".
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
}
/** Updates are bundled: a load test behind an open page must not drown it. */
const BUNDLE_MS = 120
const HEALTH_TIMEOUT_MS = 2000

export async function startWorldServer(
  world: World,
  options: WorldServerOptions,
): Promise<WorldServer> {
  /** Each open page, with the panels it was sent last. */
  const streams = new Map<ServerResponse, Readonly<Record<string, string>>>()
  let worker: Reachability = 'unknown'
  let imported = false
  let bundle: NodeJS.Timeout | undefined
  let closed = false

  const state = () => readState(world, worker, Date.now())

  const publish = () => {
    bundle = undefined
    if (streams.size === 0) return
    const now = state()
    const all = panelTexts(now)
    for (const [stream, sent] of streams) {
      const news = Object.entries(all).filter(([name, text]) => sent[name] !== text)
      stream.write(sseEvent({ panels: Object.fromEntries(news), modes: modesOf(now) }))
      streams.set(stream, all)
    }
  }
  const changed = () => {
    if (!closed) bundle ??= setTimeout(publish, BUNDLE_MS)
  }

  const { exchange, phones } = world
  const stops = [
    phones.subscribe(changed),
    phones.replies.subscribe(changed),
    exchange.logins.subscribe(changed),
    exchange.callbacks.subscribe(changed),
    exchange.changes.subscribe(changed),
    ...Object.values(world.carriers).flatMap(({ calls, receipts, modes }) => [
      calls.subscribe(changed),
      receipts.subscribe(changed),
      modes.subscribe(changed),
    ]),
  ]

  const askHealth = async () => {
    const before = worker
    try {
      const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS)
      const response = await fetch(new URL('/healthz', exchange.workerOrigin()), { signal })
      await response.arrayBuffer()
      worker = 'reachable'
    } catch {
      worker = 'unreachable'
    }
    if (worker === before) return
    // It may have come back with another memory: what it holds is asked, what it lacks is set again.
    imported = false
    if (worker === 'reachable') await exchange.refreshHold(DEMO_ACCOUNT_ID)
    changed()
  }
  const health = setInterval(() => void askHealth(), options.healthEveryMs ?? 4000)
  void askHealth()

  const importOnce = async (): Promise<Outcome | null> => {
    if (imported) return null
    const answer = await importDemoAccount(exchange)
    imported = answer.status >= 200 && answer.status < 300
    return imported ? null : refusal('The demo user could not be set up', answer)
  }

  const act = async (path: string, fields: Readonly<Record<string, unknown>>): Promise<Outcome> => {
    if (path === '/api/logins') {
      const scenario = SCENARIOS.find(({ id }) => id === fields.scenario)
      if (scenario === undefined) return { ok: false, message: 'There is no such login.' }
      const refused = await importOnce()
      if (refused !== null) return refused
      await demoLogin(exchange, scenario)
      return { ok: true, message: `Logged in: ${scenario.title}. Watch the phone.` }
    }
    if (path === '/api/thief') {
      if (!isThiefAct(fields.act)) return { ok: false, message: 'There is no such act.' }
      const refused = await importOnce()
      if (refused !== null) return refused
      await options.beforeThief?.()
      return thiefActs(exchange, fields.act)
    }
    if (path === '/api/lock') {
      const locked = await exchange.example.lockline.lock(DEMO_ACCOUNT_ID)
      return locked.kind === 'locked'
        ? { ok: true, message: 'Locked from the exchange’s side.' }
        : { ok: false, message: 'Not locked: Lockline does not answer.' }
    }
    if (path === '/api/activities') {
      const happening = ACTIVITIES.find(({ id }) => id === fields.activity)
      if (happening === undefined) return { ok: false, message: 'There is no such activity.' }
      const refused = await importOnce()
      if (refused !== null) return refused
      const answer = await tellActivity(exchange, happening)
      return answer.status === 202
        ? { ok: true, message: `Told: ${happening.title}. Watch the phone.` }
        : refusal('The activity was not taken', answer)
    }
    if (path === '/api/hold/release') {
      const answer = await liftDemoHold(exchange)
      return answer.status >= 200 && answer.status < 300
        ? { ok: true, message: 'Withdrawals are being released.' }
        : refusal('Not released', answer)
    }
    if (path === '/api/replies') return sendReply(world, fields)
    if (path === '/api/callbacks/mode') {
      if (!isCallbackMode(fields.mode)) return { ok: false, message: 'There is no such mode.' }
      await exchange.setCallbackMode(fields.mode)
      changed()
      return { ok: true, message: '' }
    }
    const name = CARRIER_NAMES.find((carrier) => path === `/api/carriers/${carrier}/mode`)
    if (name === undefined) return { ok: false, message: 'There is no such action.' }
    if (!isCarrierMode(fields.mode)) return { ok: false, message: 'There is no such mode.' }
    await world.carriers[name].setMode(fields.mode)
    return { ok: true, message: '' }
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (!isFromHere(request)) return reply(response, 403, 'text/plain', 'Only from this machine.')
    if (request.method === 'POST') {
      const outcome = await act(path, readFields(request, await readBody(request)))
      if (wantsJson(request)) {
        return reply(response, outcome.ok ? 200 : 422, 'application/json', JSON.stringify(outcome))
      }
      response.writeHead(303, { ...SECURITY_HEADERS, location: '/' }).end()
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return reply(response, 405, 'text/plain', 'Not here.')
    }
    const file = FILES[path]
    if (file !== undefined) return reply(response, 200, file[1], readAsset(file[0]))
    if (path === '/') return reply(response, 200, 'text/html; charset=utf-8', renderPage(state()))
    if (path === '/portal') {
      await importOnce()
      const url = await demoPortalUrl(exchange)
      if (url === null) return reply(response, 503, 'text/plain', 'Lockline gave no link.')
      response.writeHead(303, { ...SECURITY_HEADERS, location: url }).end()
      return
    }
    if (path === '/api/state') {
      return reply(response, 200, 'application/json', JSON.stringify(state()))
    }
    if (path !== '/api/events') return reply(response, 404, 'text/plain', 'There is no such page.')
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' })
    const now = state()
    // All panels: this page may have been rendered before the last update.
    const all = panelTexts(now)
    response.write(sseEvent({ panels: all, modes: modesOf(now) }))
    streams.set(response, all)
    response.on('close', () => streams.delete(response))
  }

  const listener = await startListener(options.port, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error('The page of the simulated world failed:', error)
      if (!response.headersSent) reply(response, 500, 'text/plain', 'Something is broken here.')
    })
  })

  return {
    origin: `http://localhost:${listener.port}`,
    port: listener.port,
    close: async () => {
      closed = true
      clearInterval(health)
      clearTimeout(bundle)
      for (const stop of stops) stop()
      await listener.shut()
    },
  }
}

function panelTexts(state: WorldState): Record<string, string> {
  return Object.fromEntries(
    Object.entries(renderPanels(state)).map(([name, markup]) => [name, toText(markup)]),
  )
}

function modesOf(state: WorldState): Record<string, string> {
  const carriers = state.carriers.map(({ name, mode }) => [name, mode] as const)
  return { ...Object.fromEntries(carriers), callbacks: state.callbackMode }
}

function sseEvent(update: unknown): string {
  return `event: update\ndata: ${JSON.stringify(update)}\n\n`
}

/** A page elsewhere could otherwise press these buttons (forged requests, rebound host names). */
function isFromHere(request: IncomingMessage): boolean {
  const host = request.headers.host ?? ''
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host)) return false
  const origin = request.headers.origin
  return request.method !== 'POST' || origin === undefined || origin === `http://${host}`
}

function wantsJson(request: IncomingMessage): boolean {
  return (request.headers.accept ?? '').includes('application/json')
}

function readFields(request: IncomingMessage, body: string): Readonly<Record<string, unknown>> {
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    const value = parseJson(body)
    return isRecord(value) ? value : {}
  }
  return Object.fromEntries(new URLSearchParams(body))
}

function refusal(
  what: string,
  answer: { readonly status: number; readonly body: unknown; readonly problem: string | null },
): Outcome {
  if (answer.status === 0) {
    return { ok: false, message: `${what}: Lockline does not answer (${answer.problem}).` }
  }
  const why = textField(answer.body, 'detail') ?? textField(answer.body, 'title')
  return { ok: false, message: `${what}: ${why ?? 'Lockline answered'} (${answer.status}).` }
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': type }).end(body)
}

function readAsset(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
