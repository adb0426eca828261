// The minute's look where things go wrong: D1 hangs, the receiver refuses, the queue is away, cron itself stood still. On
// the tables as the migrations make them; time is handed in.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import { parseSweepJob } from '../../../src/jobs.ts'
import { type Db, openDb } from '../../../src/lib/db.ts'
import { createShards } from '../../../src/lib/shards.ts'
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { healthWord, readHealth } from '../../../src/ops/health.ts'
import { readOpenStatement } from '../../../src/ops/incidents.ts'
import { createOpsMemory } from '../../../src/ops/ops-memory.ts'
import { readFacts } from '../../../src/ops/read-facts.ts'
import { moveSlot } from '../../../src/ops/slots/move-slot.ts'
import { ACCOUNT_TABLES } from '../../../src/ops/table-owners.ts'
import { tellBroken } from '../../../src/ops/tell-broken.ts'
import { incidentIdInHour, postStoredIncident } from '../../../src/ops/tell-incident.ts'
import { newsInHour } from '../../../src/ops/tell-unstored.ts'
import { storeIncident, watchCron, watchOver } from '../../../src/ops/watch-over.ts'
import { heartbeats, incidents, retentionCursor } from '../../../src/schema.ts'
import { beatStatement } from '../../../src/watch/heartbeats.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { NOW } from './facts-world.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

/**
 * Deadlines of looking pass where nothing else happens any more, the shortest first: however busy the machine, none overtakes
 * another. Those of acting, which are longer, never do: nothing hangs there.
 */
function idleTimers(): Context['after'] {
  const pending = new Set<{ readonly delayMs: number; readonly run: () => void }>()
  let idle: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(idle)
    idle = setTimeout(() => {
      const [next] = [...pending].sort((a, b) => a.delayMs - b.delayMs)
      if (!next) return
      pending.delete(next)
      next.run()
      wait()
    }, IDLE_MS)
  }
  return (delayMs, run) => {
    if (delayMs >= 5_000) return () => {}
    const timer = { delayMs, run }
    pending.add(timer)
    wait()
    return () => pending.delete(timer)
  }
}
const IDLE_MS = 40

const SECRET = { kind: 'hmac', key: new Uint8Array(32) } as const

function aStage(db: Db = openMemoryDb()) {
  const clock = { now: NOW }
  const sent: unknown[] = []
  const posts: { id: string; body: string }[] = []
  const answer = { status: 204 }
  const queue = {
    send: async (body: unknown) => void sent.push(body),
    metrics: async () => ({ backlogCount: 0, backlogBytes: 0 }),
  }
  const context = {
    ...storesOf(db),
    now: () => clock.now,
    after: idleTimers(),
    randomBytes: (length: number) => new Uint8Array(length),
    fetch: async (_url: string, init: { headers: Record<string, string>; body: string }) => {
      posts.push({ id: init.headers['webhook-id'] ?? '', body: init.body })
      return new Response(null, { status: answer.status })
    },
    config: {
      providers: [{ name: 'twilio' }],
      callbackSecrets: [SECRET],
      ops: { webhookUrl: 'https://ops.example/incidents' },
    },
    ...{ alerts: queue, net: queue, callbacks: queue, sweep: queue },
    watch: createWatchMemory(),
    ops: createOpsMemory(),
    points: null,
  } as unknown as Context
  return { context, clock, sent, posts, answer, db }
}

const hanging = (db: Db): Db =>
  Object.assign(Object.create(db), {
    select: () => {
      throw new Error('D1_ERROR: overloaded')
    },
    batch: () => new Promise(() => {}),
  })

describe('where D1 hangs or refuses', () => {
  it('it is posted at once, under one id for an hour, and goes into the queue to be noted', async () => {
    const { context, clock, sent, posts, db } = aStage()
    const away = { ...context, db: hanging(db) }
    for (const minute of [0, 1, 2]) {
      clock.now = NOW + minute * MINUTE_MS
      await expect(watchOver(away, undefined)).rejects.toThrow()
    }
    clock.now = NOW + HOUR_MS
    await expect(watchOver(away, undefined)).rejects.toThrow()
    expect(new Set(posts.map(({ id }) => id)).size).toBe(2)
    expect(posts[0]?.id).toMatch(/^inc_[0-9a-z]+_opened_[0-9a-z]+$/)
    expect(sent.map((body) => Object(body).kind)).toEqual(Array(4).fill('unstored_incident'))
  })

  it('the queue notes it once, however many of its messages come', async () => {
    const { context, db } = aStage()
    const one = {
      incidentId: 'inc_hour',
      kind: 'database_unavailable',
      scope: 'DB',
      openedAt: NOW,
      evidence: 'It refused.',
    } as const
    for (let message = 0; message < 5; message += 1) await storeIncident(context, one)
    expect(await readOpenStatement(db)).toHaveLength(1)
  })

  it('/healthz says down, and since when, without asking each time', async () => {
    const { context, clock, db } = aStage()
    const batch = vi.fn(() => Promise.reject(new Error('away')))
    const away = { ...context, db: Object.assign(Object.create(db), { batch }) }
    expect(await readHealth(away)).toEqual({ status: 'down', sinceAt: NOW })
    for (let stranger = 0; stranger < 50; stranger += 1) await readHealth(away)
    expect(batch).toHaveBeenCalledOnce()
    clock.now += MINUTE_MS
    expect(await readHealth(away)).toEqual({ status: 'down', sinceAt: NOW })
  })

  it('/healthz asks once of many strangers who come while it hangs', async () => {
    const { context, clock, db } = aStage()
    expect(await readHealth(context)).toEqual({ status: 'well', sinceAt: null })
    clock.now += MINUTE_MS
    const batch = vi.fn(() => new Promise(() => {}))
    const away = { ...context, db: Object.assign(Object.create(db), { batch }) }
    const words = await Promise.all(Array.from({ length: 50 }, () => readHealth(away)))
    expect(batch).toHaveBeenCalledOnce()
    expect(words.filter(({ status }) => status === 'well')).toHaveLength(49)
    expect(await readHealth(away)).toEqual({ status: 'down', sinceAt: clock.now })
  })
})

/** Two databases, the second of which answers nothing, or does again. */
function aStageOfTwo() {
  const stage = aStage()
  const second = openMemoryDb()
  const isSilent = { value: true }
  const database = new Proxy(second.$client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      return (...parameters: unknown[]) =>
        isSilent.value && property === 'batch'
          ? new Promise(() => {})
          : Reflect.apply(value, target, parameters)
    },
  })
  const shards = createShards(
    [
      { name: 'DB', database: stage.db.$client, db: stage.db },
      { name: 'DB_1', database, db: openDb(database) },
    ],
    [],
  )
  return { ...stage, context: { ...stage.context, shards }, isSilent, second }
}

describe('where one of two databases hangs', () => {
  it('the minute’s look is at all the rest, names it, closes nothing it cannot see, and ends in time', async () => {
    const { context, clock, db, posts, isSilent } = aStageOfTwo()
    for (const [kind, scope] of [
      ['lock_unconfirmed', '*'],
      ['database_filling', 'DB_1'],
      ['receipts_stopped', 'twilio'],
    ] as const) {
      const incidentId = `inc_${kind}`
      await storeIncident(context, { incidentId, kind, scope, openedAt: NOW, evidence: 'It was.' })
    }
    const openKinds = async () => (await readOpenStatement(db)).map(({ kind }) => kind)
    clock.now = NOW + 2 * MINUTE_MS
    await watchOver(context, [])
    expect(await openKinds()).toEqual([
      'database_filling',
      'database_unavailable',
      'lock_unconfirmed',
    ])
    expect(JSON.parse(posts.at(-1)?.body ?? '').data.kind).toMatch(/database_unav|receipts/)
    expect((await db.select().from(heartbeats)).map(({ beatAt }) => beatAt)).toEqual([clock.now])
    expect((await readOpenStatement(db)).map(({ scope }) => scope)).toContain('DB_1')
    isSilent.value = false
    clock.now += MINUTE_MS
    await watchOver(context, [])
    expect(await openKinds()).toEqual([])
  })

  it('how far its walk had come is kept, and so is that of the other', async () => {
    const { context, clock, db, second, isSilent } = aStageOfTwo()
    isSilent.value = false
    await second.insert(retentionCursor).values({ name: 'accounts', accountId: 'b' })
    await watchOver(context, [])
    isSilent.value = true
    clock.now = NOW + HOUR_MS
    await watchOver(context, [])
    isSilent.value = false
    const { databases } = await readFacts(context)
    expect(databases.map(({ name, walk }) => [name, walk])).toEqual([
      ['DB', { cursor: null, startedAt: clock.now }],
      ['DB_1', { cursor: 'b', startedAt: NOW }],
    ])
    expect(await db.select().from(retentionCursor)).toEqual([])
  })

  it.each([
    ['on', 'DB_1'],
    ['back', 'DB'],
  ])('a slot whose mover died half-way is told of, until it was moved %s', async (_what, to) => {
    const { context, clock, db, isSilent } = aStageOfTwo()
    isSilent.value = false
    const move = (whereTo: string, pages?: number) =>
      moveSlot(context.shards, 17, whereTo, clock.now, pages === undefined ? {} : { pages })
    // Enough to make room for it and to begin; then it was frozen, and nobody came back to it.
    await move('DB_1', ACCOUNT_TABLES.length + 1)
    await db.$client.prepare("UPDATE slots SET state = 'frozen' WHERE slot = 17").run()
    const open = async () => {
      await watchOver(context, [])
      return (await readOpenStatement(db)).map(({ kind, scope }) => `${kind} ${scope}`)
    }
    clock.now += 3 * MINUTE_MS
    expect(await open()).toEqual([])
    clock.now += MINUTE_MS
    expect(await open()).toEqual(['slot_frozen DB_1 17'])
    await move(to)
    clock.now += 2 * MINUTE_MS
    expect(await open()).toEqual([])
  })

  it('with DB away too, both are told', async () => {
    const { context, db, posts } = aStageOfTwo()
    const silentPrepare = Object.assign(Object.create(db.$client), {
      prepare: () => ({ all: () => Promise.reject(new Error('away')) }),
    })
    const [home] = context.shards.all
    const away = {
      ...context,
      db: hanging(db),
      shards: {
        ...context.shards,
        all: [home, { name: 'DB_1', database: silentPrepare, db }] as const,
      },
    }
    await expect(watchOver(away, undefined)).rejects.toThrow()
    const scopes = posts.map(({ body }) => JSON.parse(body).data.scope)
    expect(scopes.toSorted()).toEqual(['DB', 'DB_1'])
  })
})

describe('a second outage within the hour', () => {
  const outageId = async () => incidentIdInHour('database_unavailable', 'DB', NOW)

  it('is posted, noted and closed as one of its own, of the same incident id', async () => {
    const { context, clock, sent, posts, db } = aStage()
    const away = { ...context, db: hanging(db) }
    const outage = async () => {
      sent.length = 0
      await expect(watchOver(away, undefined)).rejects.toThrow()
      clock.now += MINUTE_MS
      await expect(watchOver(away, undefined)).rejects.toThrow()
    }
    const repair = async () => {
      const jobs = sent.splice(0).map((body) => parseSweepJob(body))
      for (const job of jobs) {
        if (job?.kind !== 'unstored_incident') throw new Error('not one that could not be stored')
        await storeIncident(context, { ...job, kind: 'database_unavailable' })
      }
      for (const minute of [1, 2]) {
        clock.now += minute * MINUTE_MS
        await watchOver(context, [])
      }
      return jobs
    }
    await watchOver(context, [])
    await outage()
    const late = await repair()
    await outage()
    await repair()
    const ids = [...new Set(posts.map(({ id }) => id))]
    const phases = ids.map((id) => id.split('_')[2])
    expect(phases).toEqual(['opened', 'closed', 'opened', 'closed'])
    expect(new Set(posts.map(({ body }) => JSON.parse(body).data.incident_id))).toEqual(
      new Set([await outageId()]),
    )
    expect(await readOpenStatement(db)).toEqual([])
    expect(await db.select().from(incidents)).toHaveLength(2)
    // A message of the first that comes now opens nothing.
    for (const job of late) {
      if (job?.kind === 'unstored_incident') {
        await storeIncident(context, { ...job, kind: 'database_unavailable' })
      }
    }
    expect(await readOpenStatement(db)).toEqual([])
  })

  it('has the same news all through one, and other news in the next, for whoever has seen it well', () => {
    const seen = NOW + MINUTE_MS
    expect(newsInHour(seen, NOW + 5 * MINUTE_MS)).toBe(newsInHour(seen, NOW + 30 * MINUTE_MS))
    expect(newsInHour(seen + 9 * MINUTE_MS, NOW + 30 * MINUTE_MS)).not.toBe(newsInHour(seen, NOW))
    expect(newsInHour(null, NOW)).not.toBe(newsInHour(null, NOW + 15 * MINUTE_MS))
    // An hour later it is another incident, and said once for it.
    const hour = Math.ceil(NOW / HOUR_MS) * HOUR_MS
    expect(newsInHour(seen, hour + 1)).toBe(newsInHour(seen, hour + 59 * MINUTE_MS))
  })
})

describe('a broken setting', () => {
  const problems = [{ setting: 'EXCHANGE_NAME', problem: 'missing' }]
  const settings = {
    OPS_WEBHOOK_URL: 'https://ops.example/incidents',
    CALLBACK_SECRETS: `whsec_${btoa('s'.repeat(32))}`,
  }

  it('is posted once, and closed by the minute’s work once the settings are whole', async () => {
    const { context, clock, posts, db } = aStage()
    for (let minute = 0; minute < 3; minute += 1) {
      clock.now += MINUTE_MS
      await tellBroken(context, settings, problems, db.$client)
    }
    expect(posts).toHaveLength(1)
    expect((await readOpenStatement(db)).map(({ kind, scope }) => [kind, scope])).toEqual([
      ['settings_broken', 'EXCHANGE_NAME'],
    ])
    clock.now += MINUTE_MS
    await watchOver(context, [])
    expect(posts.map(({ body }) => JSON.parse(body).type)).toEqual([
      'incident.opened',
      'incident.closed',
    ])
  })

  it('is posted though the database is away, or not bound', async () => {
    const { context, posts, db } = aStage()
    await tellBroken(context, settings, problems, hanging(db).$client)
    const refusing = Object.assign(Object.create(db.$client), {
      batch: () => Promise.reject(new Error('away')),
    })
    await tellBroken(context, settings, problems, refusing)
    await tellBroken(context, settings, problems, undefined)
    expect(posts.map(({ id }) => id.split('_')[2])).toEqual(['opened', 'opened', 'opened'])
  })

  it('is noted though nobody is to be told', async () => {
    const { context, posts, db } = aStage()
    await tellBroken(context, {}, problems, db.$client)
    expect(posts).toEqual([])
    expect(await readOpenStatement(db)).toHaveLength(1)
  })
})

describe('a post', () => {
  it('that is refused comes again after seconds, then with the minute’s work, until it is taken', async () => {
    const { context, clock, sent, posts, answer, db } = aStage()
    answer.status = 500
    await storeIncident(context, {
      incidentId: 'inc_1',
      kind: 'dead_letters',
      scope: '*',
      openedAt: NOW,
      evidence: '1 message.',
    })
    expect(sent).toEqual([{ kind: 'incident', incidentId: 'inc_1' }])
    const waits = []
    for (const attempt of [1, 2, 3, 4, 5, 6]) {
      waits.push(await postStoredIncident(context, 'inc_1', attempt))
    }
    expect(waits).toEqual([2, 5, 10, 20, 40, null])
    clock.now = NOW + 2 * MINUTE_MS
    sent.length = 0
    await watchOver(context, [])
    // It is over by then, and that is what is told.
    expect(sent).toContainEqual({ kind: 'incident', incidentId: 'inc_1' })
    answer.status = 204
    expect(await postStoredIncident(context, 'inc_1', 1)).toBeNull()
    expect(posts.at(-1)?.id).toMatch(/^inc_1_closed_/)
    const before = posts.length
    expect(await postStoredIncident(context, 'inc_1', 1)).toBeNull()
    expect(posts).toHaveLength(before)
    expect((await db.select().from(incidents))[0]?.isTold).toBe(true)
  })

  it('says what it is, how bad, since when and what to do', async () => {
    const { context, posts } = aStage()
    const one = { kind: 'dead_letters', scope: '*', openedAt: NOW, evidence: '1 message.' } as const
    await storeIncident(context, { incidentId: 'inc_1', ...one })
    expect(posts).toHaveLength(1)
    expect(JSON.parse(posts[0]?.body ?? '')).toMatchObject({
      type: 'incident.opened',
      data: { incident_id: 'inc_1', kind: 'dead_letters', severity: 'degraded', closed_at: null },
    })
  })
})

describe('where cron stands still', () => {
  it('whoever sees it says so, all isolates under one id, and each once a minute', async () => {
    const { context, clock, db } = aStage()
    await beatStatement(db, 'cron', NOW - 4 * MINUTE_MS)
    const isolates = [1, 2, 3].map(() => ({
      ...context,
      watch: { ...createWatchMemory(), cronAt: NOW - 4 * MINUTE_MS },
      ops: createOpsMemory(),
    }))
    for (const isolate of isolates) {
      await watchCron(isolate)
      expect(watchCron(isolate)).toBeNull()
    }
    expect(await db.select().from(incidents)).toHaveLength(1)
    clock.now += MINUTE_MS
    for (const isolate of isolates) await watchCron(isolate)
    expect(await db.select().from(incidents)).toHaveLength(1)
  })

  it('an isolate that had nothing to do for a while reads again before it says so', async () => {
    const { context, db, sent } = aStage()
    await beatStatement(db, 'cron', NOW - MINUTE_MS)
    context.watch.cronAt = NOW - 10 * MINUTE_MS
    await watchCron(context)
    expect(await db.select().from(incidents)).toEqual([])
    expect(sent).toEqual([])
    expect(context.watch.cronAt).toBe(NOW - MINUTE_MS)
  })

  it('nobody says so of one that runs, or of one that is not known', () => {
    const { context } = aStage()
    expect(watchCron(context)).toBeNull()
    context.watch.cronAt = NOW - 3 * MINUTE_MS
    expect(watchCron(context)).toBeNull()
  })

  it('/healthz says degraded without any traffic', () => {
    expect(healthWord([], NOW - 4 * MINUTE_MS, NOW)).toEqual({
      status: 'degraded',
      sinceAt: NOW - MINUTE_MS,
    })
    expect(healthWord([], null, NOW)).toEqual({ status: 'well', sinceAt: null })
    const open = [{ kind: 'no_provider_accepts', openedAt: NOW - 9 }] as const
    expect(healthWord(open, NOW, NOW)).toEqual({ status: 'down', sinceAt: NOW - 9 })
  })
})

describe('the minute’s work', () => {
  it('leaves one heartbeat, and costs two statements’ rows where all is well', async () => {
    const { context, clock, db } = aStage()
    for (let minute = 0; minute < 5; minute += 1) {
      clock.now = NOW + minute * MINUTE_MS
      expect(await watchOver(context, [])).toBe(0)
    }
    const beats = await db.select().from(heartbeats)
    expect(beats.map(({ name, beatAt }) => [name, beatAt])).toEqual([['cron', NOW + 4 * MINUTE_MS]])
  })
})
