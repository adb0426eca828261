// Jobs nobody could finish, kept for the operator: which job in the clear, what was in it sealed.

import { parseAlertJob, parseCallbackJob, parseSweepJob } from '../jobs.ts'
import type { Db } from '../lib/db.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import { settleMessage } from '../lib/settle-message.ts'
import { SECOND_MS } from '../lib/time.ts'
import { accountNamedIn, sealMessage } from './message-body.ts'
import { deadLetters } from './tables.ts'
import { unknownDelaySeconds } from './unknown-message.ts'

export type DeadLettersContext = Pick<Ports, 'now' | 'randomBytes'> & {
  readonly db: Db
  readonly config: { readonly dataKeys: SealKeys }
}

/** `queue` is one of ours, by the name it has in every environment. */
export type QueueBatch = Pick<MessageBatch<unknown>, 'queue' | 'messages'>

export type DeadReason = 'malformed' | 'retries_used'

/** Records the message and acks it; while D1 refuses, the queue keeps it. */
export async function buryMessage(
  context: DeadLettersContext,
  queue: string,
  message: Message<unknown>,
  reason: DeadReason,
): Promise<void> {
  const facts = jobFacts(message.body)
  logError('job.dead', { queue, reason, kind: facts.kind, subject_id: facts.subjectId })
  await settleMessage(message, { queue, kind: facts.kind }, async () => {
    const { db, config, now, randomBytes } = context
    const messageSealed = await sealMessage(randomBytes, config.dataKeys, message)
    await db
      .insert(deadLetters)
      .values({ messageId: message.id, queue, reason, diedAt: now(), ...facts, messageSealed })
      .onConflictDoNothing()
    return null
  })
}

/** What this deployment does not understand waits, and is buried at last. */
export async function settleUnknown(
  context: DeadLettersContext,
  queue: string,
  message: Message<unknown>,
): Promise<void> {
  const delaySeconds = unknownDelaySeconds(message.attempts)
  if (delaySeconds === null) {
    await buryMessage(context, queue, message, 'malformed')
    return
  }
  logError('job.unknown', { queue, attempt: message.attempts, retry_ms: delaySeconds * SECOND_MS })
  message.retry({ delaySeconds })
}

const RESCUE_RETRY_SECONDS = 300

/** Jobs that used all their retries: `rescue` does what must not be lost with them, then they are buried. */
export async function buryDeadJobs<Job, Context extends DeadLettersContext>(
  context: Context,
  { queue, messages }: QueueBatch,
  parse: (body: unknown) => Job | null,
  rescue: (context: Context, job: Job) => Promise<void>,
): Promise<void> {
  await Promise.all(
    messages.map(async (message) => {
      const job = parse(message.body)
      if (job === null) return settleUnknown(context, queue, message)
      try {
        await rescue(context, job)
      } catch (error) {
        logError('job.failed', { queue, kind: jobFacts(message.body).kind, ...errorFields(error) })
        message.retry({ delaySeconds: RESCUE_RETRY_SECONDS })
        return
      }
      await buryMessage(context, queue, message, 'retries_used')
    }),
  )
}

function jobFacts(body: unknown) {
  const job = parseAlertJob(body) ?? parseCallbackJob(body) ?? parseSweepJob(body)
  switch (job?.kind) {
    case 'deliver':
    case 'push':
    case 'outcome':
      return { kind: job.kind, accountId: job.accountId, subjectId: job.alertId }
    case 'notice':
      return { kind: job.kind, accountId: job.accountId, subjectId: job.noticeId }
    case 'login':
      return { kind: job.kind, accountId: job.login.accountId, subjectId: job.login.alertId }
    case 'activity':
      return { kind: job.kind, accountId: job.activity.accountId, subjectId: job.activity.alertId }
    case 'session_end':
      return { kind: job.kind, accountId: job.session.accountId, subjectId: null }
    case 'callback':
      return { kind: job.kind, accountId: job.accountId, subjectId: job.callbackId }
    case 'lock':
      return { kind: job.kind, accountId: job.accountId, subjectId: String(job.alertNumber) }
    case 'lock_by_visit':
    case 'lock_by_api':
    case 'lock_by_card':
      return { kind: job.kind, accountId: job.accountId, subjectId: job.lockId }
    case 'lock_by_code':
    case 'lock_by_reply':
    case 'lock_by_passkey':
    case 'lock_by_contact':
      return { kind: job.kind, accountId: null, subjectId: null }
    case 'incident':
    case 'unstored_incident':
      return { kind: job.kind, accountId: null, subjectId: job.incidentId }
    case 'alerts':
    case 'notices':
    case 'callbacks':
    case 'lifts':
    case 'retention':
    case 'slots':
    case 'keys':
    case 'leftovers':
      // The account where its page began says nothing.
      return { kind: job.kind, accountId: null, subjectId: null }
    case undefined:
      return { kind: 'unknown', accountId: accountNamedIn(body), subjectId: null }
  }
}
