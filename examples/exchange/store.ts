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
  readonly postponeJob: (jobId: string, at: number) => Promise<void>
  readonly removeJob: (jobId: string) => Promise<void>
  /** When the next job is due; null if there is none. */
  readonly nextJobAt: () => Promise<number | null>
  /** Whether a job of the account is left that is still to tell of what may begin a hold. */
  readonly isHoldUntold: (accountId: string) => Promise<boolean>
  readonly answerTo: (webhookId: string) => Promise<KeptAnswer | null>
  /** To be kept for three days: so long a callback is repeated. */
  readonly keepAnswer: (webhookId: string, answer: KeptAnswer) => Promise<void>
}

const ANSWERS_KEPT = 20_000

/** `accounts` may be given, for a page that shows them. */
export function createMemoryStore(accounts: Map<string, Account> = new Map()): Store {
  const jobs = new Map<string, { stored: StoredJob; dueAt: number }>()
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
        jobs.set(stored.job.id, { stored: taken, dueAt: now + leaseMs })
        return taken
      })
    },
    postponeJob: async (jobId, at) => {
      const kept = jobs.get(jobId)
      if (kept !== undefined) jobs.set(jobId, { ...kept, dueAt: at })
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
