// D1 a round trip away and queues that deliver late: bindings with delays around them. Wraps whatever
// looks like a database or a queue, so it does not depend on how many the Worker has.

import { waitUntil } from 'cloudflare:workers'

export type Delays = {
  /** Round trip of every call to D1, half of it before and half after D1's own work. */
  d1Ms: number
  /** From `send` to the moment the queue really has the message; `send` itself does not wait. */
  queueMs: number
}

const sleep = (ms: number) =>
  ms > 0 ? new Promise<void>((resolve) => setTimeout(resolve, ms)) : Promise.resolve()

/** Native statement behind each wrapped one: `batch` takes only native statements. */
const natives = new WeakMap<D1PreparedStatement, D1PreparedStatement>()

export function lateDatabase(database: D1Database, delays: Delays): D1Database {
  const away = async <T>(run: () => Promise<T>): Promise<T> => {
    await sleep(delays.d1Ms / 2)
    const result = await run()
    await sleep(delays.d1Ms / 2)
    return result
  }
  const lateStatement = (native: D1PreparedStatement): D1PreparedStatement => {
    const late: D1PreparedStatement = new Proxy(native, {
      get(target, property) {
        if (property === 'bind') {
          return (...values: unknown[]) => lateStatement(target.bind(...values))
        }
        const member: unknown = Reflect.get(target, property)
        if (typeof member !== 'function') return member
        return (...parameters: unknown[]) =>
          away(async () => Reflect.apply(member, target, parameters))
      },
    })
    natives.set(late, native)
    return late
  }
  const lateSession = <T extends D1Database | D1DatabaseSession>(session: T): T =>
    new Proxy(session, {
      get(target, property) {
        if (property === 'prepare') return (query: string) => lateStatement(target.prepare(query))
        if (property === 'batch') {
          return (statements: D1PreparedStatement[]) =>
            away(() => target.batch(statements.map((one) => natives.get(one) ?? one)))
        }
        const member: unknown = Reflect.get(target, property)
        if (typeof member !== 'function') return member
        if (property === 'withSession') {
          return (...parameters: unknown[]) =>
            lateSession<D1DatabaseSession>(Reflect.apply(member, target, parameters))
        }
        return member.bind(target)
      },
    })
  return lateSession(database)
}

export function lateQueue(queue: Queue, delays: Delays): Queue {
  return new Proxy(queue, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property)
      if (typeof member !== 'function') return member
      if (property !== 'send' && property !== 'sendBatch') return member.bind(target)
      return async (...parameters: unknown[]) => {
        const send = async () => Reflect.apply(member, target, parameters)
        if (delays.queueMs === 0) return send()
        waitUntil(sleep(delays.queueMs).then(send))
      }
    },
  })
}

function isDatabase(binding: unknown): binding is D1Database {
  return has(binding, 'prepare') && has(binding, 'batch')
}

function isQueue(binding: unknown): binding is Queue {
  return has(binding, 'send') && has(binding, 'sendBatch')
}

function has(binding: unknown, method: string): boolean {
  return typeof binding === 'object' && binding !== null && method in binding
}

/** The same environment, every database and queue of it late. */
export function lateEnv(env: Env, delays: Delays): Env {
  const late = Object.entries(env).map(([name, binding]): [string, unknown] => {
    if (isDatabase(binding)) return [name, lateDatabase(binding, delays)]
    if (isQueue(binding)) return [name, lateQueue(binding, delays)]
    return [name, binding]
  })
  return { ...env, ...Object.fromEntries(late) }
}
