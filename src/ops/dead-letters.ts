// Jobs nobody could finish, kept for the operator: which job, never what was in it.

import type { Context } from '../context.ts'
import { parseAlertJob, parseCallbackJob } from '../jobs.ts'
import { errorFields, logError } from '../lib/log.ts'
import { queueDelaySeconds } from '../lib/queue-delay.ts'
import { deadLetters } from './tables.ts'

export type DeadReason = 'malformed' | 'retries_used'

/** Records the message and acks it; while D1 refuses, the queue keeps it. */
export async function buryJob(
  context: Context,
  queue: string,
  message: Message<unknown>,
  reason: DeadReason,
): Promise<void> {
  const facts = jobFacts(message.body)
  logError('job.dead', { queue, reason, kind: facts.kind, subject_id: facts.subjectId })
  try {
    await context.db
      .insert(deadLetters)
      .values({ messageId: message.id, queue, reason, diedAt: context.now(), ...facts })
      .onConflictDoNothing()
    message.ack()
  } catch (error) {
    logError('job.failed', { queue, kind: facts.kind, ...errorFields(error) })
    message.retry({ delaySeconds: queueDelaySeconds(message.attempts) })
  }
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
