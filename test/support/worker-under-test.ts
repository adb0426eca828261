// The real Worker behind bindings that can be told to fail, and that count what D1 bills; under a clock
// that can be set, in an isolate that can be killed, and with a count of what is under way. Only the tests and the
// bench bundle this entry; the deployed one is src/index.ts.

import { realPorts } from '../../src/context.ts'
import { createWorker } from '../../src/worker.ts'

/**
 * `hanging`: D1 takes every call and does and answers none until the fault is over; `silent`: it does them. A consumer that
 * is `hanging` comes to an end when the fault is over.
 */
type QueueName = 'alerts' | 'net' | 'callbacks'
type Faults = { database: boolean | 'hanging' | 'silent' } & Record<
  QueueName | 'alertsConsumer',
  boolean | 'hanging'
> & {
    /** The platform's counters of requests: as if there were none, counting, or out of order. */
    limiter: 'absent' | 'counting' | 'failing'
  }
type Meter = { rowsRead: number; rowsWritten: number; d1Calls: number; queueSends: number }

const NO_FAULTS: Faults = {
  database: false,
  alerts: false,
  net: false,
  callbacks: false,
  alertsConsumer: false,
  limiter: 'absent',
}
const faults: Faults = { ...NO_FAULTS }
const meter: Meter = { rowsRead: 0, rowsWritten: 0, d1Calls: 0, queueSends: 0 }

const RealDate = Date
let readClock = () => RealDate.now()

/** What all code of the Worker takes for the time, its libraries included. Timers run on as they are. */
globalThis.Date = new Proxy(RealDate, {
  construct: (target, parameters, newTarget) =>
    Reflect.construct(target, parameters.length > 0 ? parameters : [readClock()], newTarget),
  apply: () => new RealDate(readClock()).toString(),
  get: (target, property) =>
    property === 'now' ? () => readClock() : Reflect.get(target, property),
})

/** `standsAt` stops the clock at an instant, `aheadMs` moves it, neither sets it right. */
type Clock = { standsAt?: number; aheadMs?: number }

function setClock({ standsAt, aheadMs = 0 }: Clock): void {
  readClock = standsAt === undefined ? () => RealDate.now() + aheadMs : () => standsAt
}

/** Queue messages that no consumer has seen yet. Of those for later only how often each was sent. */
const underWay = { messages: 0 }
const forLater = new Map<string, number>()

/** One isolate: what it remembers hangs on its environment, and what it does on its being alive. */
type Isolate = {
  isAlive: boolean
  /** Invocations and their `waitUntil`. */
  work: number
  readonly worker: ReturnType<typeof createWorker>
  readonly envs: WeakMap<Env, Env>
}

function makeIsolate(): Isolate {
  const isolate: Isolate = {
    isAlive: true,
    work: 0,
    envs: new WeakMap(),
    worker: createWorker({
      ...realPorts,
      after: (delayMs, run) => realPorts.after(delayMs, () => isolate.isAlive && run()),
      fetch: async (url, init) => {
        const answer = await realPorts.fetch(url, init)
        await orNever(isolate)
        return answer
      },
    }),
  }
  return isolate
}

let isolate = makeIsolate()

/** A dead isolate comes to no end of anything. */
async function orNever({ isAlive }: Isolate): Promise<void> {
  if (!isAlive) await new Promise(() => {})
}

async function track<T>(here: Isolate, work: Promise<T>): Promise<T> {
  here.work += 1
  try {
    return await work
  } finally {
    here.work -= 1
  }
}

function trackContext(here: Isolate, context: ExecutionContext): ExecutionContext {
  return new Proxy(context, {
    get(target, property) {
      if (property === 'waitUntil') {
        return (work: Promise<unknown>) => target.waitUntil(track(here, Promise.resolve(work)))
      }
      const value = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Native statement behind each wrapped one: `batch` takes only native statements. */
const natives = new WeakMap<D1PreparedStatement, D1PreparedStatement>()

function note(result: D1Result): void {
  meter.rowsRead += result.meta.rows_read
  meter.rowsWritten += result.meta.rows_written
}

function shortPause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}

async function callDatabase(here: Isolate): Promise<void> {
  await orNever(here)
  while (faults.database === 'hanging') await shortPause()
  if (faults.database === true) {
    throw new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.')
  }
  await orNever(here)
  meter.d1Calls += 1
}

/** What was done is heard of when the fault is over, if anybody still listens. */
async function hear<T>(result: T): Promise<T> {
  while (faults.database === 'silent') await shortPause()
  return result
}

function wrapStatement(here: Isolate, native: D1PreparedStatement): D1PreparedStatement {
  const wrapped: D1PreparedStatement = new Proxy(native, {
    get(target, property) {
      if (property === 'bind') {
        return (...values: unknown[]) => wrapStatement(here, target.bind(...values))
      }
      if (property === 'all' || property === 'run') {
        return async () => {
          await callDatabase(here)
          const result = await hear(await target[property]())
          note(result)
          return result
        }
      }
      if (property === 'raw') {
        // `raw` reports no figures: the same rows by `all`, as arrays, keep the meter exact.
        return async () => {
          await callDatabase(here)
          const result = await hear(await target.all<Record<string, unknown>>())
          note(result)
          return result.results.map((row) => Object.values(row))
        }
      }
      return Reflect.get(target, property)
    },
  })
  natives.set(wrapped, native)
  return wrapped
}

function wrapDatabase(here: Isolate, database: D1Database): D1Database {
  return new Proxy(database, {
    get(target, property) {
      if (property === 'prepare')
        return (query: string) => wrapStatement(here, target.prepare(query))
      if (property === 'batch') {
        return async (statements: D1PreparedStatement[]) => {
          await callDatabase(here)
          const results = await hear(
            await target.batch(statements.map((statement) => natives.get(statement) ?? statement)),
          )
          for (const result of results) note(result)
          return results
        }
      }
      return Reflect.get(target, property)
    },
  })
}

function wrapQueue(here: Isolate, queue: Queue, name: QueueName | null): Queue {
  return new Proxy(queue, {
    get(target, property) {
      if (property === 'metrics') return () => target.metrics()
      if (property !== 'send' && property !== 'sendBatch') return Reflect.get(target, property)
      return async (...parameters: [never, QueueSendOptions?]) => {
        await orNever(here)
        if (name && faults[name]) throw new Error('Queue send failed: Internal Server Error')
        const [message, options] = parameters
        const bodies: unknown[] =
          property === 'send'
            ? [message]
            : [...(message as Iterable<{ body: unknown }>)].map(({ body }) => body)
        meter.queueSends += bodies.length
        if (name === 'net' && holdsNet) {
          for (const body of bodies) netMessages.push(body)
          return
        }
        // One with a delay is not under way: it is for later.
        if (isForNow(options)) underWay.messages += bodies.length
        else for (const body of bodies) noteForLater(body, 1)
        return target[property](...parameters)
      }
    },
  })
}

/** In the order they were sent: none is due before the test says so. */
const netMessages: unknown[] = []
/** False: NET is as the platform has it, in real time. */
let holdsNet = true

function noteForLater(body: unknown, change: 1 | -1): void {
  const text = JSON.stringify(body)
  const count = (forLater.get(text) ?? 0) + change
  if (count > 0) forLater.set(text, count)
  else forLater.delete(text)
}

function isForNow(options: QueueSendOptions | undefined): boolean {
  return !options?.delaySeconds
}

/** Where other tests run, nothing counts: all of their requests come from one place. */
function wrapLimiter(limiter: RateLimit | undefined): RateLimit {
  return {
    limit: async (options) => {
      if (faults.limiter === 'failing') throw new Error('the counter does not answer')
      return faults.limiter === 'absent' || !limiter ? { success: true } : limiter.limit(options)
    },
  }
}

/** In place of the runtime's own, where a test has given any. */
let settings: Readonly<Record<string, string>> = {}

function wrapEnv(here: Isolate, env: Env): Env {
  let wrapped = here.envs.get(env)
  if (!wrapped) {
    wrapped = {
      ...env,
      ...settings,
      DB: wrapDatabase(here, env.DB),
      ALERTS: wrapQueue(here, env.ALERTS, 'alerts'),
      NET: wrapQueue(here, env.NET, 'net'),
      CALLBACKS: wrapQueue(here, env.CALLBACKS, 'callbacks'),
      SWEEP: wrapQueue(here, env.SWEEP, null),
      STRANGERS: wrapLimiter(env.STRANGERS),
    }
    here.envs.set(env, wrapped)
  }
  return wrapped
}

/** The former one comes to its end in peace … */
function newIsolate(): void {
  formerIsolates.push(isolate)
  isolate = makeIsolate()
}

const formerIsolates: Isolate[] = []

/** … or at once, wherever it is. */
function killIsolate(): void {
  for (const one of [isolate, ...formerIsolates.splice(0)]) one.isAlive = false
  isolate = makeIsolate()
}

/** What waits in NET is due now, in the real queue. */
async function releaseNet(env: Env): Promise<void> {
  const due = netMessages.splice(0)
  underWay.messages += due.length
  for (const body of due) await env.NET.send(body)
}

function startAnew(given: Readonly<Record<string, string>>): void {
  settings = given
  newIsolate()
  netMessages.length = 0
  Object.assign(faults, NO_FAULTS)
  setClock({})
}

type Statement = { readonly sql: string; readonly values: readonly (string | number | null)[] }

async function runSql(database: D1Database, statements: readonly Statement[]): Promise<Response> {
  const prepared = statements.map(({ sql, values }) => database.prepare(sql).bind(...values))
  try {
    return Response.json(await database.batch(prepared))
  } catch (error) {
    return new Response(String(error), { status: 500 })
  }
}

/**
 * `POST /__test/faults` sets faults, `/__test/clock` the clock; `/__test/meter` reads the meter and starts it
 * anew; `/__test/under-way` tells what has not come to its end; `/__test/isolate` is the first request of a new
 * isolate, `/__test/kill` the end of the one at work, `/__test/net` makes due what waits in NET and `/__test/real-net` has it due by itself from now on, `/__test/start` the start of a runtime with other settings; `/__test/sql` goes past all of this.
 */
async function control(request: Request, env: Env, path: string): Promise<Response> {
  if (path === '/__test/sql') return runSql(env.DB, await request.json())
  if (path === '/__test/start') startAnew(await request.json())
  if (path === '/__test/isolate') newIsolate()
  if (path === '/__test/kill') killIsolate()
  if (path === '/__test/net') await releaseNet(env)
  if (path === '/__test/real-net') holdsNet = false
  if (path === '/__test/faults') Object.assign(faults, await request.json())
  if (path === '/__test/clock') setClock(await request.json())
  if (path === '/__test/under-way') {
    const work = [isolate, ...formerIsolates].reduce((sum, one) => sum + one.work, 0)
    return Response.json({ ...underWay, work })
  }
  const reading = { ...meter }
  if (path === '/__test/meter') {
    Object.assign(meter, { rowsRead: 0, rowsWritten: 0, d1Calls: 0, queueSends: 0 })
  }
  return Response.json(reading)
}

/** A message of NET that waits for later does so where the test can make it due. */
function holdBack(batch: MessageBatch<unknown>): MessageBatch<unknown> {
  const messages = batch.messages.map(
    (message) =>
      new Proxy(message, {
        get(target, property) {
          if (property === 'retry') {
            return () => {
              netMessages.push(target.body)
              target.ack()
            }
          }
          const value = Reflect.get(target, property)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
  )
  return new Proxy(batch, {
    get: (target, property) => (property === 'messages' ? messages : Reflect.get(target, property)),
  })
}

/** Counted when it is seen first: what is retried waits, and is no news. A test may have sent some past us. */
function noteSeen(messages: readonly Message<unknown>[]): void {
  for (const { attempts, body } of messages) {
    if (attempts > 1) continue
    if (forLater.has(JSON.stringify(body))) noteForLater(body, -1)
    else underWay.messages = Math.max(0, underWay.messages - 1)
  }
}

export default {
  async fetch(request, env, executionContext) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/__test/')) return control(request, env, pathname)
    const here = isolate
    const context = trackContext(here, executionContext)
    return track(here, Promise.resolve(here.worker.fetch(request, wrapEnv(here, env), context)))
  },
  async queue(batch, env) {
    const here = isolate
    here.work += 1
    noteSeen(batch.messages)
    try {
      while (batch.queue === 'alerts' && faults.alertsConsumer === 'hanging') await shortPause()
      if (batch.queue === 'alerts' && faults.alertsConsumer) {
        batch.retryAll({ delaySeconds: 1 })
        return
      }
      const own = batch.queue === 'net' && holdsNet ? holdBack(batch) : batch
      await here.worker.queue(own, wrapEnv(here, env))
    } finally {
      here.work -= 1
    }
  },
  async scheduled(controller, env) {
    const here = isolate
    await track(here, here.worker.scheduled(controller, wrapEnv(here, env)))
  },
} satisfies ExportedHandler<Env>
