// All that an exchange says to Lockline and hears from it, in one file to copy; it needs `standardwebhooks` only. Nothing in
// it throws because Lockline is away: the answer is then `unanswered`. It keeps nothing and repeats nothing: what must
// not be lost goes through an outbox (outbox.ts).

import { Webhook } from 'standardwebhooks'

/** What it has from outside; others may be given for tests and simulations. */
export type Ports = Readonly<{
  now: () => number // epoch milliseconds
  after: (delayMs: number, run: () => void) => () => void // runs it once; the result takes it back
  fetch: (url: string, init: RequestInit) => Promise<Response>
}>
export const systemPorts: Ports = {
  now: () => Date.now(),
  after: (delayMs, run) => clearTimeout.bind(null, setTimeout(run, delayMs)),
  fetch: (url, init) => fetch(url, init),
}

export type LocklineSettings = Readonly<{
  url: string // origin of the deployment, without a slash at the end
  apiKey: string // one of API_KEYS
  webhookSecret: string // whsec_…, one of WEBHOOK_SECRETS
  callbackSecrets: readonly string[] // whsec_…, of CALLBACK_SECRETS; several while they rotate
  timeoutMs?: number // 5000
  holdTimeoutMs?: number // 2000: a user waits for it
}>

type Fields = Readonly<Record<string, unknown>>
/** `id` is the `webhook-id`: unique, and the same each time it is sent. `at`: when it happened, in ms. */
export type OutgoingEvent = Readonly<{ id: string; type: string; at: number; data: Fields }>

/** Nothing is known: ask again later. Or repeating does not help; `code` is Lockline's: `account_held`, … */
type Unanswered = Readonly<{ kind: 'unanswered'; why: string }>
type Refused = Readonly<{ kind: 'refused'; status: number; code: string }>

/** Only `open` lets money out. `unknown_account`: its hold may stand under another spelling of the id. */
export type HoldAnswer =
  | Readonly<{ kind: 'open' | 'unknown_account' }>
  | Readonly<{ kind: 'held'; holdId: string; reason: string; until: string | null }>
  | Unanswered

export type Callback = Readonly<{ id: string; type: string; timestamp: string; data: Fields }>
/** `unreadable`: signed by Lockline, but no event. `why` is for the log. */
export type CallbackReading =
  | Readonly<{ kind: 'genuine'; callback: Callback }>
  | Readonly<{ kind: 'forged' | 'unreadable'; why: string }>

export type ActionReport = Readonly<{ done: readonly string[]; failed: readonly string[] }>
export type Lockline = ReturnType<typeof createLockline>

const REFUSALS = [400, 403, 404, 409, 413, 415, 422]
/** An event is given up for these alone: a 404 may be a wrong address, and the login has still to be told. */
const EVENT_REFUSALS = [400, 413, 415, 422]

type Answer = Readonly<{ status: number; body: unknown; why?: string }> // 0: none

function failed({ status, body, why }: Answer, refusals = REFUSALS): Refused | Unanswered {
  if (!refusals.includes(status)) return { kind: 'unanswered', why: why ?? `answered ${status}` }
  return { kind: 'refused', status, code: textField(body, 'code') ?? 'unknown' }
}

export function createLockline(settings: LocklineSettings, ports: Ports = systemPorts) {
  const { url, timeoutMs = 5000, holdTimeoutMs = 2000 } = settings
  const webhook = new Webhook(settings.webhookSecret)
  const verifiers = settings.callbackSecrets.map((secret) => new Webhook(secret))
  const authorization = `Bearer ${settings.apiKey}`
  /** Follows no redirect: it could lead key or body elsewhere. */
  async function request(path: string, init: RequestInit, patienceMs: number): Promise<Answer> {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const abort = new AbortController()
    const cancel = ports.after(patienceMs, () => {
      abort.abort()
      reject(new Error(`no answer in ${patienceMs} ms`))
    })
    try {
      const options: RequestInit = { ...init, signal: abort.signal, redirect: 'manual' }
      const response = await Promise.race([ports.fetch(url + path, options), late])
      const text = await Promise.race([response.text(), late])
      return { status: response.status, body: parseJson(text) }
    } catch (error) {
      return { status: 0, body: null, why: error instanceof Error ? error.message : 'no answer' }
    } finally {
      cancel()
    }
  }

  const call = (method: string, path: string, body: string, type = 'application/json') => {
    const headers = { authorization, 'content-type': type }
    return request(path, { method, headers, body }, timeoutMs)
  }
  const ofAccount = (id: string, below = '') => `/v1/accounts/${encodeURIComponent(id)}${below}`

  return {
    /** Signed anew each time. */
    sendEvent: async ({ id, type, at, data }: OutgoingEvent) => {
      const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
      const sentAt = new Date(ports.now())
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, sentAt, body),
      }
      const answer = await request('/v1/events', { method: 'POST', headers, body }, timeoutMs)
      if (answer.status !== 202) return failed(answer, EVENT_REFUSALS)
      return { kind: 'stored', alertId: textField(answer.body, 'alert_id') } as const
    },
    /** Before each withdrawal. */
    askHold: async (accountId: string): Promise<HoldAnswer> => {
      const init = { method: 'GET', headers: { authorization } }
      const answer = await request(ofAccount(accountId, '/hold'), init, holdTimeoutMs)
      const { status, body, why = `answered ${status}` } = answer
      if (status !== 200 || !isRecord(body) || typeof body.held !== 'boolean') {
        return { kind: 'unanswered', why }
      }
      if (!body.held) return { kind: body.known === true ? 'open' : 'unknown_account' }
      const holdId = textField(body, 'hold_id') ?? textField(body, 'lock_id') ?? ''
      const reason = textField(body, 'reason') ?? 'lock'
      return { kind: 'held', holdId, reason, until: textField(body, 'until') }
    },
    /** What was done of a graded lock after its callback was answered. May be repeated; done is final. */
    reportActions: async (accountId: string, lockId: string, report: ActionReport) => {
      const path = ofAccount(accountId, `/locks/${encodeURIComponent(lockId)}/actions`)
      const answer = await call('POST', path, JSON.stringify(report))
      return answer.status === 200 ? ({ kind: 'taken' } as const) : failed(answer)
    },
    /** From your side; `account.locked` with this id follows. */
    lock: async (accountId: string) => {
      const answer = await call('POST', ofAccount(accountId, '/lock'), '{}')
      const lockId = textField(answer.body, 'lock_id')
      return lockId === null ? failed(answer) : ({ kind: 'locked', lockId } as const)
    },
    /** `asked`: a policy delays it. `lockId`: only if that is still the newest lock. */
    liftHold: async (accountId: string, reason: string, lockId?: string) => {
      const lift = JSON.stringify({ reason, lock_id: lockId })
      const answer = await call('DELETE', ofAccount(accountId, '/hold'), lift)
      if (answer.status === 202) return { kind: 'asked' } as const
      return answer.status === 200 ? ({ kind: 'lifted' } as const) : failed(answer)
    },
    /** Imports or changes: `phone`, `locale`, `alerts`, `phrase`, …; what is left out stays. */
    putAccount: async (accountId: string, fields: Fields) => {
      const answer = await call('PUT', ofAccount(accountId), JSON.stringify(fields))
      return answer.status === 200 ? ({ kind: 'stored' } as const) : failed(answer)
    },
    /** Into the owner's pages, once: redirect there. `amr`: `['otp']` if you have just checked one. */
    portalLink: async (accountId: string, amr: readonly string[] = []) => {
      const path = ofAccount(accountId, '/portal-links')
      const answer = await call('POST', path, JSON.stringify({ amr }))
      const link = textField(answer.body, 'url')
      return link === null ? failed(answer) : ({ kind: 'link', url: link } as const)
    },
    /** RFC 7662. Without an answer, keep your own session's state. */
    introspect: async (sessionId: string, accountId: string) => {
      const form = new URLSearchParams({ token: sessionId, account_id: accountId }).toString()
      const answer = await call('POST', '/v1/introspect', form, 'application/x-www-form-urlencoded')
      if (answer.status !== 200 || !isRecord(answer.body)) return failed(answer)
      return { kind: answer.body.active === true ? 'active' : 'inactive' } as const
    },
    /** `body` as it came, byte for byte; names of headers in lower case. An id may come twice. */
    verifyCallback: (headers: Readonly<Record<string, string>>, body: string): CallbackReading => {
      let why = 'no secret to verify with'
      for (const verifier of verifiers) {
        try {
          verifier.verify(body, { ...headers }, { jsonParse: false })
          return readCallback(headers['webhook-id'] ?? '', parseJson(body))
        } catch (error) {
          why = error instanceof Error ? error.message : 'not verifiable'
        }
      }
      return { kind: 'forged', why }
    },
  }
}

function readCallback(id: string, event: unknown): CallbackReading {
  const type = textField(event, 'type')
  const data = isRecord(event) && isRecord(event.data) ? event.data : null
  if (type === null || data === null) return { kind: 'unreadable', why: 'no event' }
  const timestamp = textField(event, 'timestamp') ?? ''
  return { kind: 'genuine', callback: { id, type, timestamp, data } }
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text under `key`, or null when `value` is no object or holds something else there. */
export function textField(value: unknown, key: string): string | null {
  const field = isRecord(value) ? value[key] : null
  return typeof field === 'string' ? field : null
}
