// The real Worker behind bindings that can be told to fail, and that count what D1 bills; under a clock
// that can be set, and with a count of what is under way. Only the tests and the bench bundle this entry;
// the deployed one is src/index.ts.

import worker from '../../src/index.ts'

/** `hanging`: D1 takes every call and answers none until the fault is over. */
type Faults = { database: boolean | 'hanging'; alerts: boolean; callbacks: boolean }
type Meter = { rowsRead: number; rowsWritten: number; d1Calls: number; queueSends: number }

const faults: Faults = { database: false, alerts: false, callbacks: false }
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

/** Invocations and their `waitUntil`, and queue messages that no consumer has seen yet. */
const underWay = { work: 0, messages: 0 }

async function track<T>(work: Promise<T>): Promise<T> {
  underWay.work += 1
  try {
    return await work
  } finally {
    underWay.work -= 1
  }
}

function trackContext(context: ExecutionContext): ExecutionContext {
  return new Proxy(context, {
    get(target, property) {
      if (property === 'waitUntil') {
        return (work: Promise<unknown>) => target.waitUntil(track(Promise.resolve(work)))
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

async function callDatabase(): Promise<void> {
  while (faults.database === 'hanging') await new Promise((resolve) => setTimeout(resolve, 50))
  if (faults.database) {
    throw new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.')
  }
  meter.d1Calls += 1
}

function wrapStatement(native: D1PreparedStatement): D1PreparedStatement {
  const wrapped: D1PreparedStatement = new Proxy(native, {
    get(target, property) {
      if (property === 'bind') {
        return (...values: unknown[]) => wrapStatement(target.bind(...values))
      }
      if (property === 'all' || property === 'run') {
        return async () => {
          await callDatabase()
          const result = await target[property]()
          note(result)
          return result
        }
      }
      if (property === 'raw') {
        // `raw` reports no figures: the same rows by `all`, as arrays, keep the meter exact.
        return async () => {
          await callDatabase()
          const result = await target.all<Record<string, unknown>>()
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

function wrapDatabase(database: D1Database): D1Database {
  return new Proxy(database, {
    get(target, property) {
      if (property === 'prepare') return (query: string) => wrapStatement(target.prepare(query))
      if (property === 'batch') {
        return async (statements: D1PreparedStatement[]) => {
          await callDatabase()
          const results = await target.batch(
            statements.map((statement) => natives.get(statement) ?? statement),
          )
          for (const result of results) note(result)
          return results
        }
      }
      return Reflect.get(target, property)
    },
  })
}

function wrapQueue(queue: Queue, name: 'alerts' | 'callbacks' | null): Queue {
  return new Proxy(queue, {
    get(target, property) {
      if (property !== 'send' && property !== 'sendBatch') return Reflect.get(target, property)
      return async (...parameters: [never, QueueSendOptions?]) => {
        if (name && faults[name]) throw new Error('Queue send failed: Internal Server Error')
        const count = property === 'send' ? 1 : [...(parameters[0] as unknown[])].length
        meter.queueSends += count
        // One with a delay is not under way: it is for later.
        if (isForNow(parameters[1])) underWay.messages += count
        return target[property](...parameters)
      }
    },
  })
}

function isForNow(options: QueueSendOptions | undefined): boolean {
  return !options?.delaySeconds
}

let wrappedEnvs = new WeakMap<Env, Env>()
/** In place of the runtime's own, where a test has given any. */
let settings: Readonly<Record<string, string>> = {}

/** What an isolate remembers hangs on its environment: with a new one it is as if just started. */
function wrapEnv(env: Env): Env {
  let wrapped = wrappedEnvs.get(env)
  if (!wrapped) {
    wrapped = {
      ...env,
      ...settings,
      DB: wrapDatabase(env.DB),
      ALERTS: wrapQueue(env.ALERTS, 'alerts'),
      CALLBACKS: wrapQueue(env.CALLBACKS, 'callbacks'),
      SWEEP: wrapQueue(env.SWEEP, null),
    }
    wrappedEnvs.set(env, wrapped)
  }
  return wrapped
}

function newIsolate(): void {
  wrappedEnvs = new WeakMap()
}

function startAnew(given: Readonly<Record<string, string>>): void {
  settings = given
  newIsolate()
  Object.assign(faults, { database: false, alerts: false, callbacks: false })
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
 * isolate, `/__test/start` the start of a runtime with other settings; `/__test/sql` goes past all of this.
 */
async function control(request: Request, env: Env, path: string): Promise<Response> {
  if (path === '/__test/sql') return runSql(env.DB, await request.json())
  if (path === '/__test/start') startAnew(await request.json())
  if (path === '/__test/isolate') newIsolate()
  if (path === '/__test/faults') Object.assign(faults, await request.json())
  if (path === '/__test/clock') setClock(await request.json())
  if (path === '/__test/under-way') return Response.json(underWay)
  const reading = { ...meter }
  if (path === '/__test/meter') {
    Object.assign(meter, { rowsRead: 0, rowsWritten: 0, d1Calls: 0, queueSends: 0 })
  }
  return Response.json(reading)
}

export default {
  async fetch(request, env, executionContext) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/__test/')) return control(request, env, pathname)
    return track(
      Promise.resolve(worker.fetch(request, wrapEnv(env), trackContext(executionContext))),
    )
  },
  async queue(batch, env) {
    // Counted when it is seen first: what is retried waits, and is no news. A test may have sent some past us.
    const fresh = batch.messages.filter(({ attempts }) => attempts === 1).length
    underWay.work += 1
    underWay.messages = Math.max(0, underWay.messages - fresh)
    try {
      await worker.queue(batch, wrapEnv(env))
    } finally {
      underWay.work -= 1
    }
  },
  async scheduled(controller, env) {
    await track(worker.scheduled(controller, wrapEnv(env)))
  },
} satisfies ExportedHandler<Env>
