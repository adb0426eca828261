// The example exchange in a time of its own: its timers run when the test says so, its network is a Lockline that answers as
// the test says, and its ids are counted.

import { Webhook } from 'standardwebhooks'
import type { Account } from '../../../examples/exchange/account.ts'
import { createExchange, type Exchange } from '../../../examples/exchange/exchange.ts'
import type { Desk } from '../../../examples/exchange/lock-actions.ts'
import { createLockline } from '../../../examples/exchange/lockline-client.ts'
import type { ExchangePorts } from '../../../examples/exchange/ports.ts'
import { createMemoryStore, type Store } from '../../../examples/exchange/store.ts'
import type { LiftPolicy } from '../../../examples/exchange/withdrawals.ts'
import { LOCK_ACTION_NAMES } from '../../../src/lock/lock-actions.ts'

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
export const ORIGIN = 'https://lock.example.com'
export const HOUR_MS = 3_600_000

export type Asked = {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body: string
}
/** What Lockline answers; a text is no JSON, `never` no answer, `down` no connection. */
export type Said = { readonly status: number; readonly body?: unknown } | 'never' | 'down'

export const OPEN: Said = { status: 200, body: { held: false, until: null, known: true } }
export const STORED: Said = { status: 202, body: { alert_id: 'al', duplicate: false } }

/** A clock that stands until `pass`, with its timers. */
export function createClock(startAt = Date.now()) {
  let now = startAt
  const timers = new Map<number, { at: number; run: () => void }>()
  let count = 0
  /** Lets all that waits for no timer go on. What runs by timers uses no WebCrypto, whose threads take their own time. */
  const calm = async () => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    now: () => now,
    after: (delayMs: number, run: () => void) => {
      count += 1
      const id = count
      timers.set(id, { at: now + delayMs, run })
      return () => void timers.delete(id)
    },
    calm,
    /** The process slept: what was due meanwhile runs when time next passes. */
    sleep: (ms: number) => {
      now += ms
    },
    pass: async (ms: number) => {
      const until = now + ms
      await calm()
      for (;;) {
        const [next] = [...timers].sort(([, a], [, b]) => a.at - b.at)
        if (next === undefined || next[1].at > until) break
        now = Math.max(now, next[1].at)
        timers.delete(next[0])
        next[1].run()
        await calm()
      }
      now = until
    },
  }
}

export type Simulated = {
  readonly exchange: Exchange
  readonly accounts: ReadonlyMap<string, Account>
  readonly store: Store
  readonly clock: ReturnType<typeof createClock>
  readonly asked: Asked[]
  readonly logged: { readonly line: string; readonly fields: Readonly<Record<string, unknown>> }[]
  /** From now on. */
  readonly say: (how: (asked: Asked) => Said) => void
  readonly callback: (
    type: string,
    data: Readonly<Record<string, unknown>>,
    id?: string,
  ) => Promise<{ readonly status: number; readonly body: unknown }>
}

export function simulate(
  options: { readonly liftPolicy?: LiftPolicy; readonly desk?: (store: Store) => Desk } = {},
): Simulated {
  const clock = createClock()
  const asked: Asked[] = []
  const logged: Simulated['logged'] = []
  let answer = ({ path }: Asked): Said => (path === '/v1/events' ? STORED : OPEN)
  let ids = 0
  const ports: ExchangePorts = {
    now: clock.now,
    after: clock.after,
    newId: (prefix) => {
      ids += 1
      return `${prefix}_${String(ids).padStart(32, '0')}`
    },
    log: (line, fields) => logged.push({ line, fields }),
    fetch: async (url, init) => {
      const { pathname } = new URL(url)
      const { method = 'GET', body } = init
      const request = { method, path: pathname, headers: new Headers(init.headers) }
      asked.push({ ...request, body: typeof body === 'string' ? body : '' })
      const said = answer(asked.at(-1) ?? { ...request, body: '' })
      if (said === 'down') throw new TypeError('fetch failed')
      // It ignores that it was given up, as a broken network may.
      if (said === 'never') return new Promise<Response>(() => {})
      const text = typeof said.body === 'string' ? said.body : JSON.stringify(said.body)
      return new Response(said.status === 204 ? null : text, { status: said.status })
    },
  }
  const accounts = new Map<string, Account>()
  const store = createMemoryStore(accounts)
  const settings = { url: ORIGIN, apiKey: 'key', webhookSecret: SECRET, callbackSecrets: [SECRET] }
  const lockline = createLockline(settings, ports)
  const exchange = createExchange({
    ports,
    store,
    lockline,
    lockOrigin: ORIGIN,
    liftPolicy: options.liftPolicy ?? 'told',
    ...(options.desk && { desk: options.desk(store) }),
  })
  let callbacks = 0
  return {
    exchange,
    accounts,
    store,
    clock,
    asked,
    logged,
    say: (how) => {
      answer = how
    },
    callback: async (type, data, id) => {
      callbacks += 1
      const timestamp = new Date(clock.now()).toISOString()
      const body = JSON.stringify({ type, timestamp, data: { account_id: 'a1', ...data } })
      const webhookId = id ?? `cbk_${callbacks}`
      return exchange.takeCallback(signedHeaders(webhookId, body), body)
    },
  }
}

/** The library that verifies looks at the machine's clock, so that signs by it, too. */
export function signedHeaders(id: string, body: string): Record<string, string> {
  const at = new Date()
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(SECRET).sign(id, at, body),
  }
}

export function lockData(
  clock: { now: () => number },
  actions: readonly string[] = LOCK_ACTION_NAMES,
) {
  const hold_until = new Date(clock.now() + 24 * HOUR_MS).toISOString()
  return { lock_id: 'l1', alert_id: 'al1', via: 'link', hold_until, session_ids: [], actions }
}

const ACTOR = { id: 's_thief', ip: '203.0.113.9', userAgent: 'x' }

/** A thief with a session, an API key, an address, an order and a withdrawal that waits; Lockline answers "held" then. */
export async function digIn({ exchange, clock, say }: Simulated, told: Said = STORED) {
  say(({ path }) => (path === '/v1/events' ? told : { status: 503 }))
  await exchange.logIn({ accountId: 'a1', ip: ACTOR.ip, userAgent: ACTOR.userAgent })
  await exchange.makeApiKey('a1', 'key', ACTOR)
  const address = { name: 'his', address: 'TQ5k9mYwX2vB7nL4hR8sD3fG6jP1zC0aEt' }
  const added = await exchange.addAddress('a1', address, ACTOR)
  const addressId = added.kind === 'done' ? added.id : ''
  await exchange.placeOrder('a1', 'sell')
  await exchange.requestWithdrawal('a1', { addressId, amount: 100 }, ACTOR)
  await clock.calm()
  return { addressId }
}

export const withdrawalOf = async ({ exchange }: Simulated) =>
  (await exchange.read('a1')).withdrawals.at(-1)
