// A simulated crypto exchange: it posts signed login events to Lockline, uses its REST API, takes its
// callbacks and keeps what they say about sessions and withdrawals.

import { randomBytes, randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import {
  type CallbackMode,
  type ReceivedCallback,
  startCallbackEndpoint,
} from './exchange-callbacks.ts'
import {
  applyCallback,
  type ExchangeAccount,
  emptyAccount,
  withSession,
  withSessionsClosed,
} from './exchange-state.ts'
import { createJournal, type Journal } from './journal.ts'
import { isRecord, parseJson, textField } from './json.ts'

export type LoginFields = {
  readonly account_id: string
  readonly session_id?: string
  readonly ip?: string
  readonly user_agent?: string
  readonly device_name?: string
  readonly locale?: string
  readonly country?: string
  readonly city?: string
  readonly session_expires_at?: string
}

/** `status` 0 means that Lockline could not be reached; `problem` then says why. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
  readonly problem: string | null
  readonly sentAt: number
  readonly answeredAt: number
}

export type LoginRecord = {
  readonly id: number
  readonly webhookId: string
  readonly accountId: string
  readonly sessionId: string
  readonly label: string
  readonly fields: LoginFields
  readonly sentAt: number
  readonly answeredAt: number | null
  /** 202 when taken, 0 when unreachable, null while there is no answer yet. */
  readonly status: number | null
  readonly problem: string | null
  readonly alertId: string | null
}

export type PostOptions = {
  /** Repeating an id is how a redelivery looks. */
  readonly webhookId?: string
  readonly at?: number
  readonly secret?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  /** False: fields not given stay out, instead of being those of an ordinary login. */
  readonly ordinary?: boolean
  /** What the login is called on the world's page. */
  readonly label?: string
}

export type ExchangeOptions = {
  readonly workerOrigin: string
  readonly webhookSecrets: readonly string[]
  readonly apiKeys: readonly string[]
  readonly callbackSecrets: readonly string[]
  readonly port?: number
}

export type LoginAnswer = Answer & { readonly sessionId: string; readonly webhookId: string }

export type Exchange = {
  readonly callbackUrl: string
  /** Posts `login.succeeded`; everything not given is an ordinary login from Frankfurt. */
  readonly login: (fields: LoginFields, options?: PostOptions) => Promise<LoginAnswer>
  /** Posts `session.ended`. */
  readonly logout: (accountId: string, sessionId: string, options?: PostOptions) => Promise<Answer>
  /** Posts these bytes to /v1/events with exactly these headers: no signature is added. */
  readonly raw: (body: string, headers: Readonly<Record<string, string>>) => Promise<Answer>
  /** The headers of a correctly signed event, for tests that then spoil them. */
  readonly signedHeaders: (body: string, options?: PostOptions) => Record<string, string>
  /** Calls the REST API with the API key; `body` goes as JSON, URLSearchParams as a form. */
  readonly api: (method: string, path: string, body?: unknown) => Promise<Answer>
  readonly logins: Journal<LoginRecord>
  readonly callbacks: Journal<ReceivedCallback>
  readonly waitForCallback: (
    predicate: (callback: ReceivedCallback) => boolean,
    timeoutMs?: number,
  ) => Promise<ReceivedCallback>
  readonly account: (id: string) => ExchangeAccount
  /** Asks Lockline whether withdrawals are held: callbacks missed while away are made up for. */
  readonly refreshHold: (accountId: string) => Promise<Answer>
  readonly callbackMode: () => CallbackMode
  readonly setCallbackMode: (mode: CallbackMode, slowMs?: number) => Promise<void>
  readonly workerOrigin: () => string
  readonly setWorkerOrigin: (origin: string) => void
  readonly close: () => Promise<void>
}

const ANSWER_TIMEOUT_MS = 15_000
/** Long tests use many accounts; the page needs only the recent ones. */
const KEPT_ACCOUNTS = 5_000
const ORDINARY_LOGIN = {
  ip: '203.0.113.77',
  user_agent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  device_name: 'iPhone 15',
  locale: 'en',
  country: 'DE',
  city: 'Frankfurt',
}

export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const logins = createJournal<LoginRecord>('logins')
  const accounts = new Map<string, ExchangeAccount>()
  let workerOrigin = options.workerOrigin

  const account = (id: string) => accounts.get(id) ?? emptyAccount(id)
  const keep = (changed: ExchangeAccount) => {
    accounts.delete(changed.id)
    accounts.set(changed.id, changed)
    const [oldest] = accounts.keys()
    if (accounts.size > KEPT_ACCOUNTS && oldest !== undefined) accounts.delete(oldest)
  }

  const endpoint = await startCallbackEndpoint({
    port: options.port ?? 0,
    secrets: options.callbackSecrets,
    onEvent: (event, at) => {
      if (event.accountId !== null) keep(applyCallback(account(event.accountId), event, at))
    },
  })

  const signedHeaders = (body: string, post: PostOptions = {}) => {
    const id = post.webhookId ?? `msg_${randomBytes(12).toString('hex')}`
    const at = new Date(post.at ?? Date.now())
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(post.secret ?? options.webhookSecrets[0] ?? '').sign(
        id,
        at,
        body,
      ),
      ...post.headers,
    }
  }

  const send = async (
    method: string,
    path: string,
    init: { body?: string | URLSearchParams; headers?: Record<string, string> },
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<Answer> => {
    const sentAt = Date.now()
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const url = new URL(path, workerOrigin)
      const response = await fetch(url, { method, redirect: 'manual', signal, ...init })
      const text = await response.text()
      return {
        status: response.status,
        headers: response.headers,
        body: parseJson(text) ?? text,
        problem: null,
        sentAt,
        answeredAt: Date.now(),
      }
    } catch (error) {
      return {
        status: 0,
        headers: new Headers(),
        body: null,
        problem: reasonOf(error),
        sentAt,
        answeredAt: Date.now(),
      }
    }
  }

  const postEvent = (type: string, data: unknown, post: PostOptions) => {
    const at = post.at ?? Date.now()
    const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
    const headers = signedHeaders(body, { ...post, at })
    return send('POST', '/v1/events', { body, headers }, post.timeoutMs)
  }

  const api = (method: string, path: string, body?: unknown) => {
    const authorization = `Bearer ${options.apiKeys[0] ?? ''}`
    if (body === undefined) return send(method, path, { headers: { authorization } })
    if (body instanceof URLSearchParams) {
      return send(method, path, { body, headers: { authorization } })
    }
    const headers = { authorization, 'content-type': 'application/json' }
    return send(method, path, { body: JSON.stringify(body), headers })
  }

  return {
    callbackUrl: endpoint.url,
    login: async (given, post = {}) => {
      const sessionId = given.session_id ?? `s_${randomUUID().replaceAll('-', '').slice(0, 16)}`
      const webhookId = post.webhookId ?? `msg_${randomBytes(12).toString('hex')}`
      const defaults = post.ordinary === false ? {} : ORDINARY_LOGIN
      const fields: LoginFields = { ...defaults, ...given, session_id: sessionId }
      const pending: LoginRecord = {
        id: logins.total() + 1,
        webhookId,
        accountId: fields.account_id,
        sessionId,
        label: post.label ?? [fields.device_name, fields.city].filter(Boolean).join(', '),
        fields,
        sentAt: Date.now(),
        answeredAt: null,
        status: null,
        problem: null,
        alertId: null,
      }
      // The exchange lets the user in whatever becomes of the alert.
      keep(withSession(account(fields.account_id), sessionId, pending.label, pending.sentAt))
      const answer = await postEvent('login.succeeded', fields, { ...post, webhookId })
      logins.add({
        ...pending,
        sentAt: answer.sentAt,
        answeredAt: answer.answeredAt,
        status: answer.status,
        problem: answer.problem ?? textField(answer.body, 'detail'),
        alertId: textField(answer.body, 'alert_id'),
      })
      return { ...answer, sessionId, webhookId }
    },
    logout: (accountId, sessionId, post = {}) => {
      keep(withSessionsClosed(account(accountId), [sessionId], 'ended', Date.now()))
      return postEvent('session.ended', { account_id: accountId, session_id: sessionId }, post)
    },
    raw: (body, headers) => send('POST', '/v1/events', { body, headers: { ...headers } }),
    signedHeaders,
    api,
    logins,
    callbacks: endpoint.callbacks,
    waitForCallback: endpoint.callbacks.waitFor,
    account,
    refreshHold: async (accountId) => {
      const answer = await api('GET', `/v1/accounts/${encodeURIComponent(accountId)}/hold`)
      if (answer.status !== 200 || !isRecord(answer.body)) return answer
      const until = Date.parse(textField(answer.body, 'until') ?? '')
      const held = answer.body.held === true && !Number.isNaN(until)
      keep({ ...account(accountId), holdUntil: held ? until : null })
      return answer
    },
    callbackMode: endpoint.mode,
    setCallbackMode: endpoint.setMode,
    workerOrigin: () => workerOrigin,
    setWorkerOrigin: (origin) => {
      workerOrigin = origin
    },
    close: endpoint.close,
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unreachable'
  if (error.name === 'TimeoutError') return 'no answer in time'
  const cause = error.cause
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
