// The exchange in one piece: what its users do, what Lockline asks of it, and the outbox between the two. Everything from
// outside is given (ports, store, client), so that the same code runs behind Node's server, in tests and in simulated time.

import type { Account, Session } from './account.ts'
import * as acts from './acts.ts'
import { type CallbackRoom, takeCallback } from './callbacks.ts'
import type { Verdict } from './job.ts'
import { createOwnDesk, type Desk, finishLock } from './lock-actions.ts'
import type { Lockline } from './lockline-client.ts'
import { createOutbox } from './outbox.ts'
import type { ExchangePorts } from './ports.ts'
import { hashSecret } from './secret.ts'
import type { KeptAnswer, Store, StoredJob, StuckJob, Update } from './store.ts'
import { type LiftPolicy, releaseWithdrawal } from './withdrawals.ts'

export type ExchangeOptions = {
  readonly ports: ExchangePorts
  readonly store: Store
  readonly lockline: Lockline
  /** Origin of Lockline's pages, where owners make and use passkeys. */
  readonly lockOrigin: string
  readonly liftPolicy: LiftPolicy
  /** Who does what a lock asks; left out, the exchange's own store does. */
  readonly desk?: Desk
  /** How often a waiting withdrawal is asked for; a minute, where it is left out. */
  readonly askAgainMs?: number
}

export type SignIn = acts.LoginFacts & {
  readonly accountId: string
  readonly ip: string | null
  readonly userAgent: string | null
  /** What the session is called here. */
  readonly label?: string
}

export type Exchange = {
  /** The password was right. `token` is shown once; the session's `id` is its public name. */
  readonly logIn: (signIn: SignIn) => Promise<{ readonly session: Session; readonly token: string }>
  readonly logOut: (accountId: string, sessionId: string) => Promise<acts.ActResult>
  readonly failLogin: (accountId: string, actor: acts.Actor) => Promise<acts.ActResult>
  /** `secret` is shown once. */
  readonly makeApiKey: (
    accountId: string,
    name: string,
    actor: acts.Actor,
  ) => Promise<{ readonly result: acts.ActResult; readonly secret: string }>
  readonly addAddress: (
    accountId: string,
    address: { readonly name: string; readonly address: string },
    actor: acts.Actor,
  ) => Promise<acts.ActResult>
  readonly placeOrder: (accountId: string, text: string) => Promise<acts.ActResult>
  readonly requestWithdrawal: (
    accountId: string,
    asked: { readonly addressId: string; readonly amount: number },
    actor: acts.Actor,
  ) => Promise<acts.ActResult>
  /** To be called before yours changes it, and heeded. */
  readonly changeCredential: (
    accountId: string,
    kind: acts.CredentialChange | 'password_reset',
    actor: acts.Actor,
  ) => Promise<acts.ActResult>
  readonly takeCallback: (
    headers: Readonly<Record<string, string>>,
    body: string,
  ) => Promise<KeptAnswer>
  readonly read: (accountId: string) => Promise<Account>
  /** What Lockline has refused for good, or has not taken for a day: somebody has to look. */
  readonly stuck: () => Promise<readonly StuckJob[]>
  /** One that was refused, once what was wrong with it is mended. */
  readonly tryAgain: (jobId: string) => Promise<void>
  readonly lockline: Lockline
  /** Goes on with what a process before left undone; to be called once at the start. Resolves when all due has been tried. */
  readonly work: () => Promise<void>
  readonly stop: () => void
}

/**
 * Lockline tells the owner of nothing that is a day old. It is reported all the same, each hour: it may begin a hold, and until it is
 * reported no withdrawal goes out.
 */
const EVENT_LATE_MS = 24 * 3_600_000
const LATE_PAUSE_MS = 3_600_000

export function createExchange(options: ExchangeOptions): Exchange {
  const { ports, store, lockline } = options
  const { now, newId } = ports
  const desk = options.desk ?? createOwnDesk(store, now)
  const room: CallbackRoom & ExchangeOptions = { ...options, desk }

  const attempt = async ({ job, storedAt }: StoredJob): Promise<Verdict> => {
    if (job.kind === 'withdrawal') return releaseWithdrawal(room, job)
    if (job.kind === 'lock') return finishLock(room, job)
    const sent = await lockline.sendEvent(job.event)
    if (sent.kind === 'stored') return { kind: 'done' }
    // Nobody is alerted to it: it stays to be seen (`stuck`), and in production pages somebody.
    if (sent.kind === 'refused') return { kind: 'given_up', why: `${sent.status} ${sent.code}` }
    const isLate = now() - storedAt > EVENT_LATE_MS
    return { kind: 'later', why: sent.why, ...(isLate && { afterMs: LATE_PAUSE_MS }) }
  }
  const outbox = createOutbox(ports, store, attempt)

  /** Stored first; what follows from it is then done, and nobody waits for it. */
  const act = async <Result>(
    accountId: string,
    decide: (account: Account) => Update<Result>,
  ): Promise<Result> => {
    const result = await store.update(accountId, now(), decide)
    void outbox.run()
    return result
  }

  return {
    logIn: async ({ accountId, ip, userAgent, label, ...facts }) => {
      const id = newId('s')
      const secret = newId('t')
      const session: Session = {
        id,
        tokenHash: await hashSecret(secret),
        label: label ?? ([facts.deviceName, facts.city].filter(Boolean).join(', ') || 'A device'),
        ip,
        userAgent,
        startedAt: now(),
        state: 'live',
        endedAt: null,
      }
      await act(accountId, (account) => acts.logIn(account, session, facts))
      return { session, token: `${accountId}~${secret}` }
    },
    logOut: (accountId, sessionId) =>
      act(accountId, (account) => acts.logOut(account, sessionId, now())),
    failLogin: (accountId, actor) =>
      act(accountId, (account) => acts.failLogin(account, newId('act'), actor, now())),
    makeApiKey: async (accountId, name, actor) => {
      const secret = newId('k')
      const made = { id: newId('key'), secretHash: await hashSecret(secret), name }
      const result = await act(accountId, (account) => acts.makeApiKey(account, made, actor, now()))
      return { result, secret: `${accountId}~${secret}` }
    },
    addAddress: (accountId, address, actor) => {
      const added = { ...address, id: newId('adr') }
      return act(accountId, (account) => acts.addAddress(account, added, actor, now()))
    },
    placeOrder: (accountId, text) => {
      const placed = { id: newId('ord'), text }
      return act(accountId, (account) => acts.placeOrder(account, placed, now()))
    },
    requestWithdrawal: (accountId, asked, actor) => {
      const withdrawal = { ...asked, id: newId('wdr') }
      return act(accountId, (account) => acts.requestWithdrawal(account, withdrawal, actor, now()))
    },
    changeCredential: (accountId, kind, actor) => {
      const change = { id: newId('act'), kind }
      return act(accountId, (account) => acts.changeCredential(account, change, actor, now()))
    },
    takeCallback: async (headers, body) => {
      const answer = await takeCallback(room, headers, body)
      void outbox.run()
      return answer
    },
    read: store.read,
    stuck: () => store.stuckJobs(now() - EVENT_LATE_MS),
    tryAgain: async (jobId) => {
      await store.reviveJob(jobId, now())
      void outbox.run()
    },
    lockline,
    work: outbox.run,
    stop: outbox.stop,
  }
}
