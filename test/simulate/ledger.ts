// What everybody outside knows for sure: what the exchange sent and was told, what providers were asked, what
// reached a phone, what an owner did. The invariants are judged on this alone.

import type {
  LiftAct,
  LockAct,
  PlanAct,
  ReleaseAct,
  RevokeAct,
  SignAct,
  StopAct,
  WayAct,
} from './acts.ts'
import type { Caller } from './machine/network.ts'

export type AccountFacts = {
  readonly id: string
  /** E.164; null for an account without one. */
  readonly phone: string | null
  readonly alerts: 'all' | 'unusual' | 'off'
  /** From when on there is no such number any more. */
  readonly goneAt: number
  /**
   * `young`: imported as the faults begin. The others a day and more before, so that their first day is over; of those `settled`
   * has logged in then, on the devices it is known by.
   */
  readonly age: 'young' | 'old' | 'settled'
  /** When its passkey was made; null without one. */
  readonly passkeySince: number | null
  /** Of whom it will name as its trusted contact. */
  readonly contactPhone: string | null
  /** When it was first sent to be imported, and when that was heard to be done. */
  importAskedAt: number | null
  importedAt: number | null
  /** When an owner sent STOP, and when that was heard to be taken. */
  readonly stops: { readonly at: number; answeredAt: number | null }[]
}

/** A login or an activity, as the exchange has posted it. */
export type EventFacts = {
  readonly accountId: string
  readonly webhookId: string
  readonly occurredAt: number
  /** Of each try. */
  readonly postedAt: number[]
  /** When a 202 was first heard, and the alert's id in it. */
  acceptedAt: number | null
  alertId: string | null
  /** Other ids that the same webhook was answered with: there must be none. */
  readonly otherIds: string[]
  /** All answers heard, in order. */
  readonly answers: {
    readonly at: number
    readonly status: number
    readonly isDuplicate: boolean
  }[]
  /** Posted after the faults were over. */
  readonly isCalm: boolean
}

export type LoginFacts = EventFacts & {
  readonly sessionId: string
  readonly device: string
  /** When the exchange said that the session is over. */
  endedAt: number | null
}

export type ActivityFacts = EventFacts & {
  /** As it is posted; an unknown one too. */
  readonly kind: string
  /** Of no login: whatever it is taken for, it shows. */
  readonly sessionId: string | null
  /** Posted more than a day after it happened. */
  readonly isLate: boolean
}

export type ReceiptFacts = {
  readonly step: 'sent' | 'delivered' | 'undelivered'
  readonly isForged: boolean
  readonly at: number
  readonly answeredAt: number
  readonly status: number | null
}

export type CallFacts = {
  readonly id: number
  readonly provider: string
  readonly at: number
  readonly accountId: string
  /** To its trusted contact; else to its own number. */
  readonly isToContact: boolean
  readonly text: string
  /** Of the alerts it tells of; empty for a notice. */
  readonly alertNumbers: readonly number[]
  readonly trouble: string | null
  /** The provider will hand it on. */
  readonly isTaken: boolean
  /** The answer that was sent says that the text was accepted. */
  readonly isAccepting: boolean
  readonly caller: Caller
  reachedPhoneAt: number | null
  readonly receipts: ReceiptFacts[]
}

export type CallbackFacts = {
  readonly webhookId: string
  readonly type: string
  readonly accountId: string
  readonly data: Readonly<Record<string, unknown>>
  readonly at: number
  /** As the event says, in its body. */
  readonly occurredAt: number
  readonly isSigned: boolean
  /** The status the exchange answered with, and whether it was heard. */
  readonly status: number | null
  readonly caller: Caller
}

export type HoldAnswer = {
  readonly accountId: string
  readonly askedAt: number
  readonly answeredAt: number
  readonly held: boolean
  readonly until: number | null
  readonly reason: string | null
  readonly holdId: string | null
}

/** What the exchange has said of a lock's actions: in its answer to the callback, or later by the API. */
export type ActionsSaid = {
  readonly accountId: string
  readonly lockId: string
  readonly at: number
  /** `all`: 2xx, and nothing of single ones. */
  readonly done: 'all' | readonly string[]
  readonly failed: readonly string[]
}

export type ShownAction = {
  readonly action: string
  readonly state: string
  readonly at: string | null
}

export type ActionsReading = {
  readonly accountId: string
  readonly lockId: string
  readonly askedAt: number
  readonly answeredAt: number
  /** Said in the same request. */
  readonly done: readonly string[]
  readonly actions: readonly ShownAction[]
  readonly confirmedAt: string | null
}

export type SessionsReading = {
  readonly accountId: string
  readonly at: number
  readonly sessionIds: readonly string[]
}

export type ShownAttempt = {
  readonly number: number
  readonly provider: string
  readonly state: string
}

export type ShownLogin = {
  readonly alertId: string
  /** Its kind; null of a login. */
  readonly activity: string | null
  readonly receivedAt: number
  readonly sessionId: string
  readonly number: number | null
  readonly state: string
  readonly reason: string | null
  readonly attempts: readonly ShownAttempt[]
}

/** One reading of an account's whole history, newest first. */
export type HistoryReading = {
  readonly accountId: string
  /** When it was asked for and when the answer came: the truth lies between. */
  readonly askedAt: number
  readonly answeredAt: number
  readonly logins: readonly ShownLogin[]
}

export type Ledger = {
  readonly accounts: Map<string, AccountFacts>
  readonly logins: LoginFacts[]
  readonly activities: ActivityFacts[]
  readonly calls: CallFacts[]
  readonly locks: LockAct[]
  readonly callbacks: CallbackFacts[]
  readonly holds: HoldAnswer[]
  readonly lifts: LiftAct[]
  readonly revokes: RevokeAct[]
  readonly histories: HistoryReading[]
  readonly sessions: SessionsReading[]
  readonly actionsSaid: ActionsSaid[]
  readonly actionReadings: ActionsReading[]
  readonly plans: PlanAct[]
  readonly ways: WayAct[]
  readonly releases: ReleaseAct[]
  readonly signs: SignAct[]
  readonly liftStops: StopAct[]
  /** 0: nothing is held by itself. */
  readonly coolingOffHours: number
  readonly liftPolicy: 'api' | 'owner'
  readonly liftDelayHours: number
  /** When faults begin, and end. */
  readonly firstFaultAt: number
  readonly calmAt: number
  readonly receiptWaitMs: number
  /** How far the clocks of two isolates may be apart. */
  readonly skewMs: number
  /** What is still not done at the very end; empty when all is. */
  readonly leftOver: string[]
}

export function createLedger(
  facts: Pick<
    Ledger,
    | 'firstFaultAt'
    | 'calmAt'
    | 'receiptWaitMs'
    | 'skewMs'
    | 'coolingOffHours'
    | 'liftPolicy'
    | 'liftDelayHours'
  >,
): Ledger {
  return {
    ...facts,
    accounts: new Map(),
    logins: [],
    activities: [],
    calls: [],
    locks: [],
    callbacks: [],
    holds: [],
    lifts: [],
    revokes: [],
    histories: [],
    sessions: [],
    actionsSaid: [],
    actionReadings: [],
    plans: [],
    ways: [],
    releases: [],
    signs: [],
    liftStops: [],
    leftOver: [],
  }
}

/** The last reading of each account. */
export function lastHistories(ledger: Ledger): ReadonlyMap<string, HistoryReading> {
  return new Map(ledger.histories.map((reading) => [reading.accountId, reading]))
}
