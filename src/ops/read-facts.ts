// Reads what judge.ts decides by: a few statements in one batch, each through a key or a partial index and with a bound.
// No statement scans a table by time. One database that hangs or refuses says nothing of itself, and hides nothing of the
// others; without `DB`, which holds what belongs to nobody, there is nothing to judge.

import { readRecentDeadStatement } from '../dead-letter/recent.ts'
import {
  readGivenUpStatement,
  readOldCallbacksStatement,
  readUnconfirmedLocksStatement,
  type ShownCallback,
} from '../exchange/outbox-facts.ts'
import type { Db } from '../lib/db.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { Shard } from '../lib/shards.ts'
import { DAY_MS, SECOND_MS } from '../lib/time.ts'
import { type PartlyConfirmed, readPartlyConfirmedStatement } from '../lock/partly-confirmed.ts'
import { readWaitingStatement } from '../login/waiting.ts'
import { readBreakerRowsStatement, readWeightRowsStatement } from '../routing/board-facts.ts'
import type { SampleCell } from '../routing/route-samples.ts'
import { readHeartbeatsStatement } from '../watch/heartbeats.ts'
import { readSizesStatement } from '../watch/measures.ts'
import type { DatabaseFacts, Facts, QueueFacts } from './facts.ts'
import {
  ALERT_LATE_MS,
  CALLBACK_LATE_MS,
  DEAD_LETTER_MS,
  GIVEN_UP_MS,
  LOCK_LATE_MS,
} from './judge.ts'
import type { OpsContext } from './ops-context.ts'
import { readAccountsCursorStatement } from './retention.ts'
import { readSlotsStatement } from './slots/slot-places.ts'
import { findAwaySlots, type SlotRows } from './slots/slots-away.ts'
import { nextWalk, readSnapshot } from './snapshot.ts'

/** D1's bound for one database. */
const DATABASE_BYTES_MAX = 10_000_000_000
const METRICS_DEADLINE_MS = 2 * SECOND_MS
/** Well within what the minute's look and the page have, so that one silent database takes neither away. */
export const SHARD_DEADLINE_MS = 2.5 * SECOND_MS

/** `learnt`: what was judged a moment ago; left out, what the minute's work left behind. */
export async function readFacts(
  context: OpsContext,
  learnt?: readonly SampleCell[],
): Promise<Facts> {
  const { db, config, shards } = context
  const now = context.now()
  const [rows, all, queues] = await Promise.all([
    db.batch([
      readHeartbeatsStatement(db),
      readBreakerRowsStatement(db),
      readWeightRowsStatement(db),
      readRecentDeadStatement(db, now - DEAD_LETTER_MS),
    ]),
    Promise.all(shards.all.map((shard) => readWithin(context, shard, now))),
    readQueues(context),
  ])
  const [beats, breakers, weights, dead] = rows
  const cron = beats.find(({ name }) => name === 'cron')
  const snapshot = readSnapshot(cron?.detail)
  return {
    providers: config.providers.map(({ name }) => name),
    breakers,
    weights,
    evidence: learnt ?? snapshot?.evidence ?? [],
    // Of several databases: the oldest of all first, whichever it is in; of what was given up, the newest.
    unconfirmedLocks: all
      .flatMap(({ locks }) => locks)
      .toSorted((a, b) => a.createdAt - b.createdAt),
    partlyConfirmed: all
      .flatMap(({ locks, partly }) => partly.filter((lock) => !isAmong(locks, lock)))
      .toSorted((a, b) => a.lockedAt - b.lockedAt),
    oldCallbacks: all.flatMap(({ old }) => old).toSorted((a, b) => a.createdAt - b.createdAt),
    givenUp: all
      .flatMap((shard) => shard.givenUp)
      .toSorted((a, b) => b.nextAttemptAt - a.nextAttemptAt),
    waiting: all.flatMap((shard) => shard.waiting).toSorted((a, b) => a.receivedAt - b.receivedAt),
    deadLetters: dead,
    queues,
    databases: all.map(({ database, cursor }) => {
      const before = snapshot?.walks[database.name] ?? null
      const walk = database.isAnswering ? nextWalk(before, cursor, now) : before
      return { ...database, walk }
    }),
    awaySlots: findAwaySlots(
      all.map(({ database, slots }) => ({ name: database.name, rows: slots })),
    ),
    cronAt: cron?.beatAt ?? null,
  }
}

/** A database that does not answer has no rows to show. */
async function readWithin(
  { after }: Pick<OpsContext, 'after'>,
  shard: Shard,
  now: number,
): Promise<ShardFacts> {
  try {
    return await within(after, SHARD_DEADLINE_MS, readShardFacts(shard, now))
  } catch (error) {
    logError('job.failed', {
      queue: 'none',
      kind: 'facts',
      shard: shard.name,
      ...errorFields(error),
    })
    const silent = { isAnswering: false, retentionAt: null } as const
    const database = { ...databaseFacts(shard.name, null, [], now), ...silent }
    const none = { locks: [], partly: [], old: [], givenUp: [], waiting: [], slots: null }
    return { ...none, cursor: null, database }
  }
}

/** `slots`: null where it did not answer. */
type ShardFacts = Omit<Awaited<ReturnType<typeof readShardFacts>>, 'slots'> & {
  readonly slots: SlotRows['rows']
}

/** What lies with accounts, of one database of theirs. */
async function readShardFacts({ name, db }: Shard, now: number) {
  const [[locks, partly, old, givenUp, waiting, sizes, beats, [walk], slots], bytes] =
    await Promise.all([
      db.batch([
        readUnconfirmedLocksStatement(db, now - LOCK_LATE_MS),
        readPartlyConfirmedStatement(db, now - LOCK_LATE_MS),
        readOldCallbacksStatement(db, now - CALLBACK_LATE_MS),
        readGivenUpStatement(db, now - GIVEN_UP_MS),
        readWaitingStatement(db, now - ALERT_LATE_MS),
        readSizesStatement(db),
        readHeartbeatsStatement(db),
        readAccountsCursorStatement(db),
        readSlotsStatement(db),
      ]),
      readBytes(db),
    ])
  const retentionAt = beats.find((beat) => beat.name === 'retention')?.beatAt ?? null
  const database = { ...databaseFacts(name, bytes, sizes, now), isAnswering: true, retentionAt }
  const cursor = walk?.accountId ?? null
  return { locks, partly, old, givenUp, waiting, cursor, slots, database }
}

/** Something was said of it before its callback was answered: it is one lock, and its callback says more. */
function isAmong(callbacks: readonly ShownCallback[], lock: PartlyConfirmed): boolean {
  return callbacks.some(
    ({ accountId, createdAt }) => accountId === lock.accountId && createdAt === lock.lockedAt,
  )
}

/** As D1 says with any answer; null where it does not. */
async function readBytes(db: Db): Promise<number | null> {
  const { meta } = await db.$client.prepare('SELECT 1').all()
  return typeof meta.size_after === 'number' ? meta.size_after : null
}

type Size = { readonly hourAt: number; readonly databaseBytes: number | null }

/** Pure. `sizes`: by hours, oldest first. */
export function databaseFacts(
  name: string,
  bytes: number | null,
  sizes: readonly Size[],
  now: number,
): Pick<DatabaseFacts, 'name' | 'bytes' | 'bytesMax' | 'daysLeft'> {
  const oldest = sizes.find(({ databaseBytes }) => databaseBytes !== null)
  const base = { name, bytes, bytesMax: DATABASE_BYTES_MAX }
  if (bytes === null || !oldest || oldest.databaseBytes === null) return { ...base, daysLeft: null }
  const days = (now - oldest.hourAt) / DAY_MS
  const bytesPerDay = days < 1 ? 0 : (bytes - oldest.databaseBytes) / days
  const daysLeft = bytesPerDay > 0 ? Math.floor((DATABASE_BYTES_MAX - bytes) / bytesPerDay) : null
  return { ...base, daysLeft: daysLeft === null ? null : Math.max(0, daysLeft) }
}

async function readQueues(context: OpsContext): Promise<readonly QueueFacts[]> {
  const { alerts, net, callbacks, sweep } = context
  return Promise.all(
    Object.entries({ alerts, net, callbacks, sweep }).map(([name, queue]) =>
      readQueue(context, name, queue),
    ),
  )
}

/** What a runtime without metrics does not tell is unknown, and nobody waits long for it. */
async function readQueue(
  { after }: Pick<OpsContext, 'after'>,
  name: string,
  queue: Pick<Queue, 'metrics'>,
): Promise<QueueFacts> {
  try {
    const { backlogCount, oldestMessageTimestamp } = await within(
      after,
      METRICS_DEADLINE_MS,
      queue.metrics(),
    )
    const oldestAt = oldestMessageTimestamp?.getTime() ?? 0
    // Some runtimes say the beginning of 1970 where nothing waits.
    return {
      name,
      backlog: backlogCount,
      oldestAt: backlogCount > 0 && oldestAt > 0 ? oldestAt : null,
    }
  } catch {
    return { name, backlog: null, oldestAt: null }
  }
}
