// The example exchange of examples/exchange, with what tests need around it: journals of what it told and was told, an endpoint
// that misbehaves on demand, events that are posted once and as a test says. The example knows nothing of it.

import { randomBytes, randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import {
  type Account,
  emptyAccount,
  withHold,
  withHoldLifted,
  withSession,
  withSessionsOver,
} from '../../examples/exchange/account.ts'
import { createExchange, type Exchange as Example } from '../../examples/exchange/exchange.ts'
import {
  createLockline,
  type OutgoingEvent,
  type Ports,
  systemPorts,
} from '../../examples/exchange/lockline-client.ts'
import type { ExchangePorts } from '../../examples/exchange/ports.ts'
import { createRoutes } from '../../examples/exchange/routes.ts'
import { createMemoryStore, type Store, type StuckJob } from '../../examples/exchange/store.ts'
import { askWorker, noAnswer } from './ask-worker.ts'
import {
  type CallbackEndpoint,
  type CallbackMode,
  type ReceivedCallback,
  startCallbackEndpoint,
} from './exchange-callbacks.ts'
import { createJournal, type Journal } from './journal.ts'
import { textField } from './json.ts'
import type {
  ActivityFields,
  Answer,
  LoginAnswer,
  LoginFields,
  LoginRecord,
  PostOptions,
} from './told.ts'
import { readToldEvent } from './told-event.ts'
import { watched } from './watched-store.ts'

export type ExchangeOptions = {
  readonly workerOrigin: string
  /** Of Lockline's pages, where they are not at the Worker's. */
  readonly publicOrigin?: string
  readonly webhookSecrets: readonly string[]
  readonly apiKeys: readonly string[]
  readonly callbackSecrets: readonly string[]
  readonly port?: number
}

/** The example's account, and two things read from it. */
export type ShownAccount = Account & {
  /** The end of the last hold that a callback told of; null when there is none. */
  readonly holdUntil: number | null
  readonly lockIds: readonly string[]
}

export type Exchange = {
  readonly callbackUrl: string
  /** Posts `login.succeeded`, once; everything not given is an ordinary login from Frankfurt. */
  readonly login: (fields: LoginFields, options?: PostOptions) => Promise<LoginAnswer>
  /** Posts `activity.occurred`, once. */
  readonly activity: (fields: ActivityFields, options?: PostOptions) => Promise<Answer>
  /** Posts `session.ended`. */
  readonly logout: (accountId: string, sessionId: string, options?: PostOptions) => Promise<Answer>
  /** Posts these bytes to /v1/events with exactly these headers: no signature is added. */
  readonly raw: (body: string, headers: Readonly<Record<string, string>>) => Promise<Answer>
  /** The headers of a correctly signed event, for tests that then spoil them. */
  readonly signedHeaders: (body: string, options?: PostOptions) => Record<string, string>
  /** Calls the REST API with the API key; `body` goes as JSON, URLSearchParams as a form. */
  readonly api: (method: string, path: string, body?: unknown) => Promise<Answer>
  /** What Lockline was told, with its answers; of the example's own outbox, each try. */
  readonly logins: Journal<LoginRecord>
  readonly callbacks: Journal<ReceivedCallback>
  readonly waitForCallback: (
    predicate: (callback: ReceivedCallback) => boolean,
    timeoutMs?: number,
  ) => Promise<ReceivedCallback>
  readonly account: (id: string) => ShownAccount
  /** Ids of accounts that changed. */
  readonly changes: Journal<string>
  /** As its users have it: what they do is told from its outbox. */
  readonly example: Example
  readonly store: Store
  /** What Lockline has refused for good of what was told from the example's outbox. */
  readonly refused: () => readonly StuckJob[]
  /** Asks Lockline whether withdrawals are held: callbacks missed while away are made up for. */
  readonly refreshHold: (accountId: string) => Promise<void>
  readonly callbackMode: () => CallbackMode
  readonly setCallbackMode: CallbackEndpoint['setMode']
  readonly setLockAnswer: CallbackEndpoint['setLockAnswer']
  readonly workerOrigin: () => string
  readonly setWorkerOrigin: (origin: string) => void
  readonly close: () => Promise<void>
}

const ANSWER_TIMEOUT_MS = 15_000
/** Long tests use many accounts; the page needs only the recent ones. */
const KEPT_ACCOUNTS = 5_000
/** The Worker moves from port to port: its origin is put in where a request is sent. */
const SOMEWHERE = 'http://lockline.invalid'
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
  const changes = createJournal<string>('changes', { capacity: 100 })
  const accounts = new Map<string, Account>()
  const dead = new Map<string, StuckJob>()
  const store = watched(createMemoryStore(accounts, dead), (accountId) => {
    const [oldest] = accounts.keys()
    if (accounts.size > KEPT_ACCOUNTS && oldest !== undefined) accounts.delete(oldest)
    changes.add(accountId)
  })
  let workerOrigin = options.workerOrigin

  const send = (path: string, init: RequestInit) => askWorker(new URL(path, workerOrigin), init)

  const note = (init: RequestInit, answer: Answer, label?: string) => {
    const event = readToldEvent(init)
    if (event === null) return
    const session = accounts.get(event.accountId)?.sessions.find(({ id }) => id === event.sessionId)
    logins.add({
      ...event,
      id: logins.total() + 1,
      label: event.activity ?? label ?? session?.label ?? event.label,
      sentAt: answer.sentAt,
      answeredAt: answer.answeredAt,
      status: answer.status,
      problem: answer.problem ?? textField(answer.body, 'detail'),
      alertId: textField(answer.body, 'alert_id'),
    })
  }

  /** A network that leads to the Worker, and notes what was told over it. */
  const fetchNoting =
    (label?: string, onAnswer: (answer: Answer) => void = () => {}): Ports['fetch'] =>
    async (url, init) => {
      const { pathname, search } = new URL(url)
      const answer = await send(pathname + search, init)
      note(init, answer, label)
      onAnswer(answer)
      if (answer.status === 0) throw new Error(answer.problem ?? 'unreachable')
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
      const { status, headers } = answer
      return new Response(text === '' ? null : text, { status, headers })
    }

  const settings = {
    url: SOMEWHERE,
    apiKey: options.apiKeys[0] ?? '',
    webhookSecret: options.webhookSecrets[0] ?? '',
    callbackSecrets: options.callbackSecrets,
  }
  const ports: ExchangePorts = {
    ...systemPorts,
    fetch: fetchNoting(),
    newId: (prefix) => `${prefix}_${randomBytes(16).toString('hex')}`,
    log: () => {},
  }
  const lockline = createLockline(settings, ports)
  const example = createExchange({
    ports,
    store,
    lockline,
    lockOrigin: options.publicOrigin ?? options.workerOrigin,
    liftPolicy: 'told',
  })
  const routes = createRoutes({
    exchange: example,
    isPassword: async () => false,
    isUser: async () => false,
  })
  const endpoint = await startCallbackEndpoint({
    port: options.port ?? 0,
    verify: lockline.verifyCallback,
    serve: (request, env) => routes.fetch(request, env),
  })

  const change = (accountId: string, how: (account: Account) => Account) =>
    store.update(accountId, Date.now(), (account) => ({ account: how(account), result: undefined }))

  /** By the client that others copy, once. */
  const postEvent = async (event: OutgoingEvent, post: PostOptions): Promise<Answer> => {
    const sentAt = Date.now()
    let heard: Answer | null = null
    const through = fetchNoting(post.label, (answer) => {
      heard = answer
    })
    const sender = createLockline(
      {
        ...settings,
        webhookSecret: post.secret ?? settings.webhookSecret,
        timeoutMs: post.timeoutMs ?? ANSWER_TIMEOUT_MS,
      },
      {
        ...ports,
        now: () => post.at ?? Date.now(),
        fetch: (url, init) =>
          through(url, { ...init, headers: { ...init.headers, ...post.headers } }),
      },
    )
    await sender.sendEvent(event)
    return heard ?? noAnswer('no answer in time', sentAt)
  }

  const signedHeaders = (body: string, post: PostOptions = {}) => {
    const id = post.webhookId ?? newWebhookId()
    const at = new Date(post.at ?? Date.now())
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(post.secret ?? settings.webhookSecret).sign(id, at, body),
      ...post.headers,
    }
  }

  const api = (method: string, path: string, body?: unknown) => {
    const authorization = `Bearer ${settings.apiKey}`
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS)
    if (body === undefined) return send(path, { method, signal, headers: { authorization } })
    if (body instanceof URLSearchParams) {
      return send(path, { method, signal, body, headers: { authorization } })
    }
    const headers = { authorization, 'content-type': 'application/json' }
    return send(path, { method, signal, headers, body: JSON.stringify(body) })
  }

  return {
    callbackUrl: endpoint.url,
    login: async (given, post = {}) => {
      const sessionId = given.session_id ?? `s_${randomUUID().replaceAll('-', '').slice(0, 16)}`
      const id = post.webhookId ?? newWebhookId()
      const defaults = post.ordinary === false ? {} : ORDINARY_LOGIN
      const data: LoginFields = { ...defaults, ...given, session_id: sessionId }
      const label = post.label ?? [data.device_name, data.city].filter(Boolean).join(', ')
      // The exchange lets the user in whatever becomes of the alert.
      const session = { id: sessionId, label, state: 'live', endedAt: null, ...NO_TOKEN } as const
      await change(data.account_id, (account) =>
        withSession(account, { ...session, startedAt: Date.now() }),
      )
      const event = { id, type: 'login.succeeded', at: post.at ?? Date.now(), data }
      const answer = await postEvent(event, { ...post, label })
      return { ...answer, sessionId, webhookId: id }
    },
    activity: (data, post = {}) => {
      const id = post.webhookId ?? newWebhookId()
      return postEvent({ id, type: 'activity.occurred', at: post.at ?? Date.now(), data }, post)
    },
    logout: async (accountId, sessionId, post = {}) => {
      const at = post.at ?? Date.now()
      await change(accountId, (account) => withSessionsOver(account, [sessionId], 'ended', at))
      const id = post.webhookId ?? newWebhookId()
      const data = { account_id: accountId, session_id: sessionId }
      return postEvent({ id, type: 'session.ended', at, data }, post)
    },
    raw: (body, headers) =>
      send('/v1/events', {
        method: 'POST',
        body,
        headers: { ...headers },
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      }),
    signedHeaders,
    api,
    logins,
    callbacks: endpoint.callbacks,
    waitForCallback: endpoint.callbacks.waitFor,
    account: (id) => {
      const account = accounts.get(id) ?? emptyAccount(id)
      const untils = account.holds.map(({ until }) => until)
      const holdUntil = untils.length === 0 ? null : Math.max(...untils)
      return { ...account, holdUntil, lockIds: account.locks.map((lock) => lock.id) }
    },
    changes,
    example,
    store,
    refused: () => [...dead.values()],
    refreshHold: async (accountId) => {
      const hold = await lockline.askHold(accountId)
      if (hold.kind === 'open')
        await change(accountId, (account) => withHoldLifted(account, { id: null, reason: null }))
      const until = hold.kind === 'held' ? Date.parse(hold.until ?? '') : Number.NaN
      if (hold.kind !== 'held' || Number.isNaN(until)) return
      const now = Date.now()
      const { holdId: id, reason } = hold
      await change(accountId, (account) =>
        withHold(account, { id, reason, cause: null, startedAt: now, until, learntAt: now }),
      )
    },
    callbackMode: endpoint.mode,
    setCallbackMode: endpoint.setMode,
    setLockAnswer: endpoint.setLockAnswer,
    workerOrigin: () => workerOrigin,
    setWorkerOrigin: (origin) => {
      workerOrigin = origin
    },
    close: async () => {
      example.stop()
      await endpoint.close()
    },
  }
}

/** A session that only tests know of: nobody can sign in with it. */
const NO_TOKEN = { tokenHash: '', ip: null, userAgent: null }

const newWebhookId = () => `msg_${randomBytes(12).toString('hex')}`
