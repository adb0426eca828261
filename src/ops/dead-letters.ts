// Jobs nobody could finish, kept for the operator: which job, never what was in it.

import { parseAlertJob, parseCallbackJob } from '../jobs.ts'
import type { Db } from '../lib/db.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { Ports } from '../lib/ports.ts'
import { settleMessage } from '../lib/settle-message.ts'
import { deadLetters } from './tables.ts'

type DeadLettersContext = Pick<Ports, 'now'> & { readonly db: Db }

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
    await context.db
      .insert(deadLetters)
      .values({ messageId: message.id, queue, reason, diedAt: context.now(), ...facts })
      .onConflictDoNothing()
    return null
  })
}

const RESCUE_RETRY_SECONDS = 300

/** Jobs that used all their retries: `rescue` does what must not be lost with them, then they are buried. */
export async function buryDeadJobs<Job, Context extends DeadLettersContext>(
  context: Context,
  { queue, messages }: MessageBatch<unknown>,
  parse: (body: unknown) => Job | null,
  rescue: (context: Context, job: Job) => Promise<void>,
): Promise<void> {
  await Promise.all(
    messages.map(async (message) => {
      const job = parse(message.body)
      try {
        if (job !== null) await rescue(context, job)
      } catch (error) {
        logError('job.failed', { queue, kind: jobFacts(message.body).kind, ...errorFields(error) })
        message.retry({ delaySeconds: RESCUE_RETRY_SECONDS })
        return
      }
      const reason = job === null ? 'malformed' : 'retries_used'
      await buryMessage(context, queue, message, reason)
    }),
  )
}

function jobFacts(body: unknown) {
  const job = parseAlertJob(body) ?? parseCallbackJob(body)
  switch (job?.kind) {
    case 'deliver':
    case 'push':
      return { kind: job.kind, accountId: job.accountId, subjectId: job.alertId }
    case 'notice':
      return { kind: job.kind, accountId: job.accountId, subjectId: job.noticeId }
    case 'login':
      return { kind: job.kind, accountId: job.login.accountId, subjectId: job.login.alertId }
    case 'session_end':
      return { kind: job.kind, accountId: job.session.accountId, subjectId: null }
    case 'callback':
      return { kind: job.kind, accountId: job.accountId, subjectId: job.callbackId }
    case 'lock':
      return { kind: job.kind, accountId: job.accountId, subjectId: String(job.alertNumber) }
    case undefined:
      return { kind: 'unknown', accountId: null, subjectId: null }
  }
}
