// Where the exchange keeps what it must not lose, as an interface, and in memory. Yours is a database: `update` is then a
// transaction, in which what happened and what is still to be told of it are written together (the outbox).

import { type Account, emptyAccount } from './account.ts'
import { type Job, mayBeginHold } from './job.ts'

export type Update<Result> = {
  readonly account: Account
  /** Written with the account, or not at all. */
  readonly jobs?: readonly Job[]
  readonly result: Result
}

export type StoredJob = {
  readonly job: Job
  readonly storedAt: number
  /** How often it was taken, this time included. */
  readonly attempts: number
}

/** A job that is not done, and will not be soon: for people to see. */
export type StuckJob = StoredJob & {
  /** Of its last try. */
  readonly why: string
  /** Refused for good: it is tried again only by `reviveJob`. */
  readonly isDead: boolean
}

/** What a callback was answered: its repetition gets the same. */
export type KeptAnswer = { readonly status: number; readonly body: unknown }

export type Store = {
  /** An account never heard of is an empty one. */
  readonly read: (accountId: string) => Promise<Account>
  /** `decide` sees the account as it is, and nobody changes it in between. */
  readonly update: <Result>(
    accountId: string,
    now: number,
    decide: (account: Account) => Update<Result>,
  ) => Promise<Result>
  /** Due jobs, oldest first. Nobody else gets them for `leaseMs`: if this process dies, another goes on then. */
  readonly takeJobs: (now: number, leaseMs: number, most: number) => Promise<readonly StoredJob[]>
  readonly postponeJob: (jobId: string, at: number, why?: string) => Promise<void>
  readonly removeJob: (jobId: string) => Promise<void>
  /** Kept, and tried no more. */
  readonly buryJob: (jobId: string, why: string) => Promise<void>
  /** The dead, and events that have waited since before then; the oldest first. */
  readonly stuckJobs: (storedBefore: number) => Promise<readonly StuckJob[]>
  /** Once what was wrong with it is mended. */
  readonly reviveJob: (jobId: string, at: number) => Promise<void>
  /** When the next job is due; null if there is none. */
  readonly nextJobAt: () => Promise<number | null>
  /** Whether a job of the account is left that is still to tell of what may begin a hold. */
  readonly isHoldUntold: (accountId: string) => Promise<boolean>
  readonly answerTo: (webhookId: string) => Promise<KeptAnswer | null>
  /** To be kept for three days: so long a callback is repeated. */
  readonly keepAnswer: (webhookId: string, answer: KeptAnswer) => Promise<void>
}

const ANSWERS_KEPT = 20_000
const DEAD_KEPT = 1_000

/** `accounts` and `dead` may be given, for a page that shows them. */
export function createMemoryStore(
  accounts: Map<string, Account> = new Map(),
  dead: Map<string, StuckJob> = new Map(),
): Store {
  const jobs = new Map<string, { stored: StoredJob; dueAt: number; why?: string }>()
  const answers = new Map<string, KeptAnswer>()
  const read = (accountId: string) => accounts.get(accountId) ?? emptyAccount(accountId)

  return {
    read: async (accountId) => read(accountId),
    update: async (accountId, now, decide) => {
      const { account, jobs: added = [], result } = decide(read(accountId))
      // Anew: a map keeps the order in which its keys came.
      accounts.delete(accountId)
      accounts.set(accountId, account)
      for (const job of added) {
        if (jobs.has(job.id)) continue
        jobs.set(job.id, { stored: { job, storedAt: now, attempts: 0 }, dueAt: job.dueAt })
      }
      return result
    },
    takeJobs: async (now, leaseMs, most) => {
      const due = [...jobs.values()].filter(({ dueAt }) => dueAt <= now).slice(0, most)
      return due.map(({ stored }) => {
        const taken = { ...stored, attempts: stored.attempts + 1 }
        jobs.set(stored.job.id, { ...jobs.get(stored.job.id), stored: taken, dueAt: now + leaseMs })
        return taken
      })
    },
    postponeJob: async (jobId, at, why) => {
      const kept = jobs.get(jobId)
      if (kept === undefined) return
      jobs.set(jobId, { ...kept, dueAt: at, ...(why !== undefined && { why }) })
    },
    buryJob: async (jobId, why) => {
      const kept = jobs.get(jobId)
      if (kept === undefined) return
      jobs.delete(jobId)
      dead.set(jobId, { ...kept.stored, why, isDead: true })
      const [oldest] = dead.keys()
      if (dead.size > DEAD_KEPT && oldest !== undefined) dead.delete(oldest)
    },
    stuckJobs: async (storedBefore) => {
      const late = [...jobs.values()].filter(
        ({ stored: { job, storedAt } }) => job.kind === 'event' && storedAt < storedBefore,
      )
      const waiting = late.map(({ stored, why = '' }) => ({ ...stored, why, isDead: false }))
      return [...dead.values(), ...waiting].sort((a, b) => a.storedAt - b.storedAt)
    },
    reviveJob: async (jobId, at) => {
      const buried = dead.get(jobId)
      if (buried === undefined) return
      dead.delete(jobId)
      const { job, storedAt, attempts } = buried
      jobs.set(jobId, { stored: { job, storedAt, attempts }, dueAt: at })
    },
    removeJob: async (jobId) => {
      jobs.delete(jobId)
    },
    nextJobAt: async () => {
      const dueAts = [...jobs.values()].map(({ dueAt }) => dueAt)
      return dueAts.length === 0 ? null : Math.min(...dueAts)
    },
    isHoldUntold: async (accountId) =>
      [...jobs.values()].some(({ stored: { job } }) => {
        if (job.kind !== 'event' || !mayBeginHold(job.event)) return false
        return job.event.data.account_id === accountId
      }),
    answerTo: async (webhookId) => answers.get(webhookId) ?? null,
    keepAnswer: async (webhookId, answer) => {
      answers.set(webhookId, answer)
      const [oldest] = answers.keys()
      if (answers.size > ANSWERS_KEPT && oldest !== undefined) answers.delete(oldest)
    },
  }
}
