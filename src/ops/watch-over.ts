// The minute's look at everything: what isolates counted is taken into its hour, what is sick is found, incidents open and
// close by themselves. Where D1 refuses, there is nothing to look at and nowhere to note it: that is told at once.

import { within } from '../lib/deadline.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { SampleCell } from '../routing/route-samples.ts'
import { beatStatement, readPulseStatement } from '../watch/heartbeats.ts'
import { forgetHoursStatement, noteSizeStatement, rollMeasures } from '../watch/measures.ts'
import {
  decideIncidents,
  type Incident,
  type IncidentStep,
  type OpenIncident,
} from './decide-incidents.ts'
import type { Facts } from './facts.ts'
import {
  closeIncident,
  forgetIncidentsStatement,
  insertIncident,
  type NewIncident,
  readOpenStatement,
  readUntoldStatement,
  seeIncident,
} from './incidents.ts'
import { canSeeEnd, isCronStill, judgeHealth } from './judge.ts'
import type { OpsContext } from './ops-context.ts'
import { pointsOf } from './points.ts'
import { readFacts, SHARD_DEADLINE_MS } from './read-facts.ts'
import { type Snapshot, writeSnapshot } from './snapshot.ts'
import { announceIncident, incidentIdAt, recordIncident, requestPost } from './tell-incident.ts'
import { tellUnavailable } from './tell-unstored.ts'

/** A minute's work that hangs is told of in the same minute, and shall not hang for ever. */
const LOOK_DEADLINE_MS = 4.5 * SECOND_MS
const ACT_DEADLINE_MS = 30 * SECOND_MS
/** What was told a moment ago is still under way. */
const TOLD_WITHIN_MS = 90 * SECOND_MS

/** Returns how many incidents opened or closed. */
export async function watchOver(
  context: OpsContext,
  learnt: readonly SampleCell[] | undefined,
): Promise<number> {
  try {
    const seen = await within(context.after, LOOK_DEADLINE_MS, look(context, learnt))
    return await within(context.after, ACT_DEADLINE_MS, act(context, learnt, seen))
  } catch (error) {
    await tellUnavailable(context)
    throw error
  }
}

type Seen = {
  readonly facts: Facts
  readonly open: readonly OpenIncident[]
  readonly untold: readonly Pick<Incident, 'incidentId'>[]
}

async function look(context: OpsContext, learnt: readonly SampleCell[] | undefined): Promise<Seen> {
  const { db } = context
  const fresh = await rollMeasures(db, context.now())
  for (const point of pointsOf(fresh)) context.points?.writeDataPoint(point)
  const facts = await readFacts(context, learnt)
  const now = context.now()
  const [open, untold] = await db.batch([
    readOpenStatement(db),
    readUntoldStatement(db, now - TOLD_WITHIN_MS, now),
  ])
  return { facts, open, untold }
}

async function act(
  context: OpsContext,
  learnt: readonly SampleCell[] | undefined,
  { facts, open, untold }: Seen,
): Promise<number> {
  const { db } = context
  const now = context.now()
  // This is the minute's work: it runs.
  const { findings } = judgeHealth({ ...facts, cronAt: now }, now)
  const steps = decideIncidents(open, findings, now, (incident) => canSeeEnd(facts, incident))
  // Side by side: whoever is told may be slow to answer.
  await Promise.all(steps.map((step) => take(context, step, now)))
  for (const { incidentId } of untold) await requestPost(context, incidentId)
  await db.batch([
    beatStatement(db, 'cron', now, {
      detail: writeSnapshot({ evidence: learnt ?? facts.evidence, walks: walksOf(facts) }),
    }),
    forgetIncidentsStatement(db, now),
  ])
  context.watch.cronAt = now
  await noteSizes(context, facts, now)
  return steps.filter(({ step }) => step !== 'see').length
}

function walksOf({ databases }: Facts): Snapshot['walks'] {
  return Object.fromEntries(databases.flatMap(({ name, walk }) => (walk ? [[name, walk]] : [])))
}

/** Each in the database that it is of; one that is silent is left alone, and one that falls silent now fails nothing. */
async function noteSizes(
  { shards, after }: OpsContext,
  { databases }: Facts,
  now: number,
): Promise<void> {
  const answering = shards.all.filter(({ name }) =>
    databases.some((one) => one.name === name && one.isAnswering),
  )
  await Promise.allSettled(
    answering.map(({ name, db }) => {
      const bytes = databases.find((one) => one.name === name)?.bytes ?? null
      const note = db.batch([
        forgetHoursStatement(db, now),
        ...(bytes === null ? [] : [noteSizeStatement(db, bytes, now)]),
      ])
      return within(after, SHARD_DEADLINE_MS, note)
    }),
  )
}

async function take(context: OpsContext, step: IncidentStep, now: number): Promise<void> {
  switch (step.step) {
    case 'open':
      return openIncident(context, step.finding, now)
    case 'see':
      return seeIncident(context.db, step.incident, step.evidence, now)
    case 'close': {
      if (!(await closeIncident(context.db, step.incident, now))) return
      await announceIncident(context, { ...step.incident, closedAt: now })
    }
  }
}

type Opened = Extract<IncidentStep, { step: 'open' }>['finding']

/** Of several who find it at once, one tells. */
async function openIncident(
  context: OpsContext,
  { kind, scope, evidence }: Opened,
  openedAt: number,
): Promise<void> {
  const incidentId = await incidentIdAt(kind, scope, openedAt)
  const incident = { incidentId, kind, scope, openedAt, evidence }
  if (!(await insertIncident(context.db, incident))) return
  await announceIncident(context, { ...incident, closedAt: null })
}

/** The queue's message of one that could not be stored; throws while it cannot. */
export async function storeIncident(
  context: OpsContext,
  { isTold = false, ...incident }: NewIncident & { readonly isTold?: boolean | undefined },
): Promise<void> {
  const isNew = await insertIncident(context.db, incident, isTold)
  if (!isNew) return
  const opened = { ...incident, closedAt: null }
  if (isTold) recordIncident(context, opened)
  else await announceIncident(context, opened)
}

const TELL_EVERY_MS = 60 * SECOND_MS

/**
 * For a request that has seen the heartbeat: opens *cron still* where cron itself cannot. Null where it runs, or where
 * this isolate has said so a moment ago; else what is to be kept alive.
 */
export function watchCron(context: OpsContext): Promise<void> | null {
  const { watch, ops } = context
  const now = context.now()
  const { cronAt } = watch
  if (!isCronStill(cronAt, now) || now - ops.cronToldAt < TELL_EVERY_MS) return null
  ops.cronToldAt = now
  return openStill(context)
}

/** What was read long ago, before an isolate had nothing to do, says nothing of now: it is read again. */
async function openStill(context: OpsContext): Promise<void> {
  try {
    const [pulse] = await readPulseStatement(context.db)
    const cronAt = pulse?.beatAt ?? null
    context.watch.cronAt = cronAt
    if (!isCronStill(cronAt, context.now())) return
    const evidence = `It ran last at ${new Date(cronAt).toISOString()}.`
    // Of the last beat: all isolates see the same, and give it the same id.
    const incidentId = await incidentIdAt('cron_still', 'cron', cronAt)
    await storeIncident(context, {
      incidentId,
      kind: 'cron_still',
      scope: 'cron',
      openedAt: context.now(),
      evidence,
    })
  } catch {
    // The next minute asks again.
  }
}
