// What the queues bring: each message parsed once, what is no job of ours put off, every job handed to the
// room whose work it is, and jobs that used all their retries saved as far as they can be.

import type { Context } from './context.ts'
import { buryDeadJobs, type QueueBatch, settleUnknown } from './dead-letter/dead-letters.ts'
import { consumeAlerts } from './deliver/consumer.ts'
import { consumeNet } from './deliver/net.ts'
import { tellConfirmedLock } from './deliver/tell-confirmed.ts'
import { sendCallback } from './exchange/send.ts'
import { answerLock } from './inbound/answer.ts'
import { answerContact } from './inbound/answer-contact.ts'
import {
  type CallbackJob,
  parseAlertJob,
  parseCallbackJob,
  parseNetJob,
  parseSweepJob,
  type Queued,
} from './jobs.ts'
import { settleMessage } from './lib/settle-message.ts'
import { SECOND_MS } from './lib/time.ts'
import { lockByCard } from './lock/card/lock-by-card.ts'
import { lockByKeptCode } from './lock/code-lock.ts'
import { LOCK_CONFIRMATION } from './lock/confirm-actions.ts'
import { lockByApi, runLockJob } from './lock/lock-job.ts'
import { lockByKeptPasskey } from './lock/passkey/lock-by-passkey.ts'
import type { LockJob } from './lock/take-lock.ts'
import { countHold } from './ops/count-hold.ts'
import { closeDeadAlert } from './ops/dead-alert.ts'
import { consumeSweeps } from './ops/sweep.ts'
import { lockByVisit } from './portal/lock/lock-by-visit.ts'

export async function runQueue(
  context: Context,
  { queue, messages }: MessageBatch<unknown>,
): Promise<void> {
  // From here on, in rows and log lines too, a queue is called the same in every environment.
  const batch = { queue: roleOf(queue), messages }
  switch (batch.queue) {
    case 'alerts':
      return runJobs(context, batch, parseAlertJob, consumeAlerts)
    case 'net':
      return runJobs(context, batch, parseNetJob, consumeNet)
    case 'callbacks':
      return runJobs(context, batch, parseCallbackJob, consumeCallbacks)
    case 'sweep':
      return runJobs(context, batch, parseSweepJob, consumeSweeps)
    case 'alerts-dead':
      return buryDeadJobs(context, batch, parseAlertJob, closeDeadAlert)
    case 'net-dead':
      // The sweep looks at every alert that is still open.
      return buryDeadJobs(context, batch, parseNetJob, async () => {})
    case 'sweep-dead':
      // The next minute begins another.
      return buryDeadJobs(context, batch, parseSweepJob, async () => {})
    default:
      return buryDeadJobs(context, batch, parseCallbackJob, runLastLock)
  }
}

/** `alerts-dead` of `lockline-staging-alerts-dead`: the queues of an environment have names of their own. */
export function roleOf(queue: string): string {
  return /(?:^|-)((?:alerts|net|callbacks|sweep)(?:-dead)?)$/.exec(queue)?.[1] ?? queue
}

async function runJobs<Job>(
  context: Context,
  batch: QueueBatch,
  parse: (body: unknown) => Job | null,
  consume: (context: Context, jobs: readonly Queued<Job>[]) => Promise<void>,
): Promise<void> {
  const jobs: Queued<Job>[] = []
  const unknown: Message<unknown>[] = []
  for (const message of batch.messages) {
    const job = parse(message.body)
    if (job === null) unknown.push(message)
    else jobs.push({ message, job })
  }
  await Promise.all([
    consume(context, jobs),
    ...unknown.map((message) => settleUnknown(context, batch.queue, message)),
  ])
}

/** Callbacks to send, and locks that D1 could not take yet. Queue timing alone times the retries. */
async function consumeCallbacks(
  context: Context,
  jobs: readonly Queued<CallbackJob>[],
): Promise<void> {
  await Promise.all(
    jobs.map(({ message, job }) =>
      settleMessage(message, { queue: 'callbacks', kind: job.kind }, () =>
        runCallbackJob(context, job),
      ),
    ),
  )
}

async function runCallbackJob(context: Context, job: CallbackJob): Promise<number | null> {
  if (job.kind !== 'callback') {
    await runLock(context, job)
    return null
  }
  const { accountId, callbackId } = job
  const retryAfterMs = await sendCallback(context, accountId, callbackId, {
    ...LOCK_CONFIRMATION,
    onConfirmed: async (callback) => {
      countHold(context, callback)
      if (callback.type === 'account.locked')
        await tellConfirmedLock(context, accountId, callbackId)
    },
  })
  return retryAfterMs === null ? null : Math.ceil(retryAfterMs / SECOND_MS)
}

/** By whichever way it came, it takes the steps it would have taken at once. */
async function runLock(context: Context, job: LockJob): Promise<void> {
  switch (job.kind) {
    case 'lock':
      return runLockJob(context, job)
    case 'lock_by_code':
      await lockByKeptCode(context, job.attempt)
      return
    case 'lock_by_reply':
      await answerLock(context, job)
      return
    case 'lock_by_visit':
      await lockByVisit(context, job)
      return
    case 'lock_by_api':
      await lockByApi(context, job)
      return
    case 'lock_by_card':
      await lockByCard(context, job)
      return
    case 'lock_by_passkey':
      await lockByKeptPasskey(context, job)
      return
    case 'lock_by_contact':
      await answerContact(context, job)
      return
  }
}

/**
 * A lock that D1 refused for so long is still carried out; an open callback is found by the sweep again.
 */
async function runLastLock(context: Context, job: CallbackJob): Promise<void> {
  if (job.kind !== 'callback') await runLock(context, job)
}
