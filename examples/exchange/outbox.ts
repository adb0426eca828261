// Runs the jobs that are due, at once when one was added and again when the next is due; several processes may do so
// beside each other. What a job does is given; nothing here knows of Lockline.

import type { Verdict } from './job.ts'
import type { ExchangePorts } from './ports.ts'
import type { Store, StoredJob } from './store.ts'

/** A user waits for nothing here, but a thief is seen by these. */
const PAUSES_MS = [1_000, 5_000, 30_000]
const LAST_PAUSE_MS = 60_000
/** Longer than any try. */
const LEASE_MS = 30_000
const AT_ONCE = 32

export type Outbox = {
  /** Runs what is due; resolves when all of that has been tried. */
  readonly run: () => Promise<void>
  readonly stop: () => void
}

export function createOutbox(
  { now, after, log }: ExchangePorts,
  store: Store,
  attempt: (stored: StoredJob) => Promise<Verdict>,
): Outbox {
  let cancel = () => {}
  let isStopped = false

  const wakeAfter = (delayMs: number) => {
    cancel()
    if (!isStopped) cancel = after(delayMs, () => void run())
  }

  const schedule = async () => {
    const dueAt = await store.nextJobAt()
    if (dueAt === null) cancel()
    else wakeAfter(Math.max(0, dueAt - now()))
  }

  const tryOne = async (stored: StoredJob) => {
    const { job, attempts } = stored
    const verdict = await attempt(stored).catch((error: unknown): Verdict => {
      return { kind: 'later', why: error instanceof Error ? error.message : 'failed' }
    })
    if (verdict.kind === 'done') return store.removeJob(job.id)
    const { why } = verdict
    if (verdict.kind === 'later') {
      const { afterMs = PAUSES_MS[attempts - 1] ?? LAST_PAUSE_MS } = verdict
      await store.postponeJob(job.id, now() + afterMs, why)
    } else {
      await store.buryJob(job.id, why)
    }
    log(`job.${verdict.kind}`, { job: job.kind, id: job.id, attempts, why })
  }

  const run = async () => {
    if (isStopped) return
    try {
      const taken = await store.takeJobs(now(), LEASE_MS, AT_ONCE)
      // Before they end: one that hangs keeps nobody waiting.
      await schedule()
      await Promise.all(taken.map((stored) => tryOne(stored).then(schedule)))
    } catch (error) {
      log('outbox.failed', { why: error instanceof Error ? error.message : 'failed' })
      wakeAfter(LAST_PAUSE_MS)
    }
  }

  return {
    run,
    stop: () => {
      isStopped = true
      cancel()
    },
  }
}
