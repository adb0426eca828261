// Makes an event ours: stored in D1 and nudged through the queue, or, while D1 refuses, put into the
// queue whole. Only when neither takes it is the exchange asked to try again.

import type { AlertJob } from '../jobs.ts'
import { within } from '../lib/deadline.ts'
import { deriveId } from '../lib/ids.ts'
import { errorFields, logError } from '../lib/log.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { insertLogin } from '../login/insert-login.ts'
import { endSession } from '../login/sessions.ts'
import type { Event } from './event.ts'
import type { IngestContext } from './ingest-context.ts'
import { loginFacts } from './login-facts.ts'

/** D1 that does not answer is as good as one that refuses: the queue takes the event meanwhile. */
const STORE_DEADLINE_MS = 2_000

export type Accepted = { readonly alertId: string | null; readonly duplicate: boolean }

/**
 * Accepts one verified event. The alert's id is derived from the webhook's, so a repetition gets the
 * same answer even while D1 is away.
 */
export async function acceptEvent(
  context: IngestContext,
  event: Event,
  webhookId: string,
): Promise<Result<Accepted, 'unavailable'>> {
  if (event.type === 'session.ended') {
    const { account_id: accountId, session_id: sessionId } = event.data
    const session = { accountId, sessionId, endedAt: Math.min(event.timestamp, context.now()) }
    return storeOrDefer(context, { kind: 'session_end', session }, async () => {
      const ended = await endSession(context.db, session)
      return { alertId: null, duplicate: !ended }
    })
  }

  const alertId = await deriveId('alr', webhookId)
  const { placeTable, config } = context
  const sources = { placeTable, dataKeys: config.dataKeys }
  const login = await loginFacts(sources, event, alertId, context.now())
  return storeOrDefer(context, { kind: 'login', login }, async () => {
    const inserted = await insertLogin(context.db, login, config.alertsPerWindow)
    if (inserted?.isRevoked) {
      // The exchange has to hear of it, which is what becomes of a login the queue brings whole.
      await nudge(context, { kind: 'login', login })
    } else if (inserted === null || inserted.state === 'queued') {
      // A repetition nudges too: the first try may have died between the row and the queue.
      const job = { kind: 'deliver', accountId: login.accountId, alertId } as const
      await nudge(context, job, inserted?.delaySeconds)
    }
    return { alertId, duplicate: inserted === null }
  })
}

async function storeOrDefer(
  context: IngestContext,
  job: Extract<AlertJob, { kind: 'login' | 'session_end' }>,
  store: () => Promise<Accepted>,
): Promise<Result<Accepted, 'unavailable'>> {
  try {
    return ok(await within(context.after, STORE_DEADLINE_MS, store()))
  } catch (error) {
    logError('event.deferred', errorFields(error))
  }
  try {
    await context.alerts.send(job)
    return ok({ alertId: job.kind === 'login' ? job.login.alertId : null, duplicate: false })
  } catch (error) {
    logError('request.failed', errorFields(error))
    return err('unavailable')
  }
}

/** The row is stored by now: a nudge that is lost costs time (the sweep finds the row), not the alert. */
async function nudge(context: IngestContext, job: AlertJob, delaySeconds = 0): Promise<void> {
  try {
    await context.alerts.send(job, { delaySeconds })
  } catch (error) {
    logError('request.failed', { kind: job.kind, ...errorFields(error) })
  }
}
