// Makes an event ours: stored in D1, and its alert sent at once beside the answer; or, while D1 refuses, put into the
// queue whole. Only when neither takes it is the exchange asked to try again.

import { leaseEnd } from '../deliver/claim.ts'
import { enterRound, leaveRound } from '../deliver/delivery-memory.ts'
import { nudgeAlerts, nudgeNet, secondsUntil } from '../deliver/nudge.ts'
import { startDelivery } from '../deliver/start-delivery.ts'
import {
  type DeferredJob,
  factsOf,
  isNewsOfStored,
  storeWhole,
  tellHold,
  tellStored,
  type WholeAlert,
} from '../deliver/store-deferred.ts'
import { within } from '../lib/deadline.ts'
import { deriveId } from '../lib/ids.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { WaitUntil } from '../lib/ports.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { isSlotAway } from '../lib/slot-guard.ts'
import { ACTIVITIES } from '../login/activity.ts'
import { newClaim } from '../login/claim-login.ts'
import { endSession } from '../login/sessions.ts'
import { readBoard } from '../routing/read-board.ts'
import { activityFacts } from './activity-facts.ts'
import type { Event } from './event.ts'
import type { IngestContext } from './ingest-context.ts'
import { loginFacts } from './login-facts.ts'
import { isStorageAvoided, noteStorageFailed } from './storage-health.ts'

/** D1 that does not answer is as good as one that refuses: the queue takes the event meanwhile. */
const STORE_DEADLINE_MS = 2_000

export type Accepted = { readonly alertId: string | null; readonly duplicate: boolean }

/** Of the webhook: its id, and the trace it belongs to as lib/trace.ts has it. */
export type Origin = { readonly webhookId: string; readonly trace?: string | null }

/**
 * Accepts one verified event. The alert's id is derived from the webhook's, so a repetition gets the
 * same answer even while D1 is away.
 */
export async function acceptEvent(
  context: IngestContext,
  event: Event,
  origin: Origin,
  waitUntil: WaitUntil,
): Promise<Result<Accepted, 'unavailable'>> {
  if (event.type === 'login.succeeded') {
    const { placeTable, config } = context
    const sources = { placeTable, dataKeys: config.dataKeys }
    return acceptAlert(context, origin, waitUntil, async (alertId, receivedAt) => {
      const login = await loginFacts(sources, event, alertId, receivedAt, origin.trace)
      return { kind: 'login', login }
    })
  }
  if (event.type === 'activity.occurred') {
    const { placeTable } = context
    return acceptAlert(context, origin, waitUntil, async (alertId, receivedAt) => {
      const activity = activityFacts(placeTable, event, alertId, receivedAt, origin.trace)
      return { kind: 'activity', activity }
    })
  }
  const { account_id: accountId, session_id: sessionId } = event.data
  const session = { accountId, sessionId, endedAt: Math.min(event.timestamp, context.now()) }
  const kept = await keep(context, { untried: { kind: 'session_end', session } }, () =>
    endSession(context.dbOf(accountId), session),
  )
  if (!kept.ok) return kept
  return ok({ alertId: null, duplicate: kept.value.in === 'database' && !kept.value.result })
}

/** What a stranger can cause as often as he likes takes no place among the rounds here: it goes by the queue. */
function isForRound(job: WholeAlert): boolean {
  return job.kind === 'login' || !ACTIVITIES[job.activity.activity].isStrangers
}

async function acceptAlert(
  context: IngestContext,
  { webhookId }: Origin,
  waitUntil: WaitUntil,
  read: (alertId: string, receivedAt: number) => Promise<WholeAlert>,
): Promise<Result<Accepted, 'unavailable'>> {
  const { config, delivery } = context
  const alertId = await deriveId('alr', webhookId)
  const receivedAt = context.now()
  const job = await read(alertId, receivedAt)
  const { accountId } = factsOf(job)
  const claim = newClaim(context.randomBytes)
  const leaseUntil = leaseEnd(config, receivedAt)
  const hasRoom = isForRound(job) && enterRound(delivery, { claim, leaseUntil }, receivedAt)
  // Asked before the batch, so that what it says is there when the first provider is chosen.
  const board = isStorageAvoided(context) ? null : readBoard(context)
  if (board) waitUntil(board)
  // The claim goes along only where D1 may yet store it. A queue that fails may have taken the message all the same:
  // with the claim of a round that then runs here, its consumer would take that round over.
  const kept = await keep(context, { untried: job, tried: { ...job, claim } }, () =>
    storeWhole(context, job, { claim, sendUntil: hasRoom ? leaseUntil : null }),
  )
  if (!kept.ok || kept.value.in === 'queue') {
    // Should D1 store it after all, it is whose the queue's message says: no round here.
    leaveRound(delivery, claim)
    return kept.ok ? ok({ alertId, duplicate: false }) : kept
  }
  const { result } = kept.value
  const stored = result.kind === 'new' ? result.claim : null
  waitUntil(tellHold(context, accountId, result))
  // A repetition nudges too: the first try may have died between the row and its round.
  if (stored) startDelivery(context, stored, waitUntil)
  else if (result.kind === 'again') {
    waitUntil(nudgeNet(context, { accountId, alertId }, secondsUntil(leaseUntil, receivedAt)))
  }
  if (stored?.login.state !== 'sending') leaveRound(delivery, claim)
  // Before 202, of a repetition too: else nobody comes back for it, should this isolate die now.
  const isNews = stored ? isNewsOfStored(stored.login) : result.kind === 'again'
  if (isNews && !(await tellStored(context, job, STORE_DEADLINE_MS))) return err('unavailable')
  return ok({ alertId, duplicate: result.kind === 'again' })
}

type Kept<T> = { readonly in: 'database'; readonly result: T } | { readonly in: 'queue' }

/** `tried`: what goes into the queue after D1 was asked, where that differs. */
async function keep<T>(
  context: IngestContext,
  { untried, tried = untried }: { readonly untried: DeferredJob; readonly tried?: DeferredJob },
  store: () => Promise<T>,
): Promise<Result<Kept<T>, 'unavailable'>> {
  const isAvoided = isStorageAvoided(context)
  if (isAvoided && (await nudgeAlerts(context, untried))) {
    logError('event.deferred', { message: 'D1 failed a moment ago' })
    return ok({ in: 'queue' })
  }
  try {
    const result = await within(context.after, STORE_DEADLINE_MS, store())
    return ok({ in: 'database', result })
  } catch (error) {
    // A slot on its way says nothing of the other accounts.
    if (!isSlotAway(error)) noteStorageFailed(context)
    logError('event.deferred', errorFields(error))
  }
  return !isAvoided && (await nudgeAlerts(context, tried))
    ? ok({ in: 'queue' })
    : err('unavailable')
}
