// The one road of every way to lock: at once where D1 answers, else kept in the queue, whose consumer does the same and
// checks what cannot be checked without D1. Claims nothing: the caller answers in its own medium.

import type { CallbackJob } from '../jobs.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { Ports } from '../lib/ports.ts'
import { LOCK_DEADLINE_MS } from '../page/respond.ts'

export type LockJob = Exclude<CallbackJob, { kind: 'callback' }>

export type Taken<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** In the queue: it will be tried until D1 takes it. */
  | { readonly kind: 'kept' }
  /** Neither D1 nor the queue: whoever asked has to ask again. */
  | { readonly kind: 'lost' }

type RoadContext = { readonly callbacks: Queue<CallbackJob> } & Pick<Ports, 'after'>

/** `work` may still succeed after its deadline, and then runs again from the queue: it must be safe to repeat. */
export async function takeLock<T>(
  context: RoadContext,
  work: () => Promise<T>,
  job: LockJob,
): Promise<Taken<T>> {
  try {
    return { kind: 'done', value: await within(context.after, LOCK_DEADLINE_MS, work()) }
  } catch (error) {
    logError('lock.deferred', { via: job.kind, ...errorFields(error) })
  }
  try {
    await context.callbacks.send(job)
    return { kind: 'kept' }
  } catch (error) {
    logError('request.failed', errorFields(error))
    return { kind: 'lost' }
  }
}
