// Isolates that share nothing, and what runs in them: requests, batches, the minute's tick. An isolate can be
// killed at any instant; another one, empty, takes its place.

import type { Clock } from './clock.ts'
import { type Invocation, type Isolate, isGone, runIn } from './invocation.ts'
import type { HttpAnswer, HttpRequest } from './network.ts'
import type { BatchResult, QueueMessage } from './queue.ts'
import { openBatch } from './queue-binding.ts'
import type { Random } from './random.ts'
import { settleAll, toRequest } from './request.ts'
import type { IsolateWorker } from './worker-module.ts'

export type PlatformOptions = {
  readonly clock: Clock
  readonly random: Random
  readonly isolateCount: number
  readonly makeEnv: () => Env
  readonly skewMs: () => number
  readonly makeWorker: (skewMs: number) => IsolateWorker
  readonly note: (isolate: Isolate, what: string) => void
}

export type Platform = {
  /** Null when no answer came: the isolate died, or the caller's patience ended. */
  readonly fetch: (request: HttpRequest, patienceMs: number) => Promise<HttpAnswer | null>
  readonly consume: (queue: string, messages: readonly QueueMessage[]) => Promise<BatchResult>
  readonly tick: () => void
  readonly kill: (isolate: Isolate) => void
  /** A new version takes the isolate's place; what runs in it goes on to its end. */
  readonly replace: (isolate: Isolate) => void
  readonly isolates: () => readonly Isolate[]
  readonly inFlight: () => number
}

const WAIT_UNTIL_MS = 30_000
const WALL_MS = 15 * 60_000

export function createPlatform(options: PlatformOptions): Platform {
  const { clock, random, note } = options
  let nextIsolate = 1
  let nextInvocation = 1
  const newIsolate = (): Isolate => {
    const skewMs = options.skewMs()
    return {
      id: nextIsolate++,
      skewMs,
      env: options.makeEnv(),
      worker: options.makeWorker(skewMs),
      isDead: false,
      invocations: new Set(),
    }
  }
  const isolates = Array.from({ length: options.isolateCount }, newIsolate)
  const replaced: Isolate[] = []

  function begin(kind: Invocation['kind'], onCut: () => void): Invocation {
    const isolate = random.pick(isolates)
    const invocation: Invocation = {
      id: nextInvocation++,
      kind,
      isolate,
      isOver: false,
      wasCut: false,
      statements: 0,
      connections: 0,
      waitingForConnection: [],
      onCut,
      storageTroubleAt: [],
    }
    isolate.invocations.add(invocation)
    return invocation
  }

  function end(invocation: Invocation): void {
    invocation.isOver = true
    invocation.isolate.invocations.delete(invocation)
  }

  function cut(invocation: Invocation): void {
    if (invocation.isOver) return
    invocation.wasCut = true
    end(invocation)
    invocation.onCut()
  }

  /** What it left to `waitUntil` goes on for a while; without such, nothing of it does. */
  function linger(invocation: Invocation, waits: Promise<unknown>[]): void {
    if (waits.length === 0) {
      end(invocation)
      return
    }
    clock.after(WAIT_UNTIL_MS, () => end(invocation))
    void settleAll(waits).then(() => end(invocation))
  }

  function executionContext(waits: Promise<unknown>[]): ExecutionContext {
    const context = {
      waitUntil: (work: Promise<unknown>) => void waits.push(work),
      passThroughOnException: () => {},
      props: {},
    }
    return context as unknown as ExecutionContext
  }

  return {
    fetch: (request, patienceMs) =>
      new Promise((resolve) => {
        const waits: Promise<unknown>[] = []
        const invocation = begin('fetch', () => resolve(null))
        const { isolate } = invocation
        clock.after(patienceMs, () => {
          resolve(null)
          if (!invocation.isOver) clock.after(random.whole(0, WAIT_UNTIL_MS), () => cut(invocation))
        })
        const answering = runIn(invocation, async () => {
          const response = await isolate.worker.fetch(
            toRequest(request),
            isolate.env,
            executionContext(waits),
          )
          const body = await response.text()
          return { status: response.status, headers: Object.fromEntries(response.headers), body }
        })
        answering.then(
          (answer) => {
            if (isGone(invocation)) return
            resolve(answer)
            linger(invocation, waits)
          },
          (error: unknown) => {
            note(isolate, `fetch threw ${String(error)}`)
            cut(invocation)
          },
        )
      }),

    consume: (queue, messages) =>
      new Promise((resolve) => {
        const waits: Promise<unknown>[] = []
        const { batch, settled } = openBatch(queue, messages)
        const finish = (how: BatchResult['end']) => resolve({ end: how, settled: settled() })
        const invocation = begin('queue', () => finish('cut'))
        const { isolate } = invocation
        note(
          isolate,
          `consumes ${queue} ${messages.map(({ id, attempts }) => `${id}/${attempts}`).join(' ')}`,
        )
        clock.after(WALL_MS, () => cut(invocation))
        const done = runIn(invocation, async () => {
          await isolate.worker.queue(batch, isolate.env, executionContext(waits))
        })
        done.then(
          () => {
            if (isGone(invocation)) return
            finish('returned')
            linger(invocation, waits)
          },
          (error: unknown) => {
            note(isolate, `queue threw ${String(error)}`)
            if (isGone(invocation)) return
            finish('thrown')
            end(invocation)
          },
        )
      }),

    tick: () => {
      const waits: Promise<unknown>[] = []
      const invocation = begin('scheduled', () => {})
      const { isolate } = invocation
      clock.after(WALL_MS, () => cut(invocation))
      const controller = { scheduledTime: clock.now(), cron: '* * * * *', noRetry: () => {} }
      const done = runIn(invocation, async () => {
        await isolate.worker.scheduled(
          controller as ScheduledController,
          isolate.env,
          executionContext(waits),
        )
      })
      done.then(
        () => linger(invocation, waits),
        (error: unknown) => {
          note(isolate, `scheduled threw ${String(error)}`)
          end(invocation)
        },
      )
    },

    kill: (isolate) => {
      if (isolate.isDead) return
      isolate.isDead = true
      note(isolate, `is killed with ${isolate.invocations.size} invocations`)
      for (const invocation of [...isolate.invocations]) cut(invocation)
      isolates.splice(isolates.indexOf(isolate), 1, newIsolate())
    },
    replace: (isolate) => {
      if (isolate.isDead) return
      note(isolate, 'is replaced by a new version')
      replaced.push(isolate)
      isolates.splice(isolates.indexOf(isolate), 1, newIsolate())
    },
    isolates: () => isolates,
    inFlight: () =>
      [...isolates, ...replaced].reduce((sum, isolate) => sum + isolate.invocations.size, 0),
  }
}
