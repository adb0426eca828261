// What everybody outside knows for sure: what the exchange sent and was told, what providers were asked, what
// reached a phone, what an owner did. The invariants are judged on this alone.

import type { Caller } from './machine/network.ts'

export type AccountFacts = {
  readonly id: string
  /** E.164; null for an account without one. */
  readonly phone: string | null
  readonly alerts: 'all' | 'unusual' | 'off'
  /** From when on there is no such number any more. */
  readonly goneAt: number
  /** When an owner sent STOP, and when that was heard to be taken. */
  readonly stops: { readonly at: number; answeredAt: number | null }[]
}

export type LoginFacts = {
  readonly accountId: string
  readonly webhookId: string
  readonly sessionId: string
  readonly occurredAt: number
  /** When a 202 was first heard, and the alert's id in it. */
  acceptedAt: number | null
  alertId: string | null
  /** Other ids that the same webhook was answered with: there must be none. */
  readonly otherIds: string[]
  /** When the exchange said that the session is over. */
  endedAt: number | null
  /** All answers heard, in order. */
  readonly answers: {
    readonly at: number
    readonly status: number
    readonly isDuplicate: boolean
  }[]
  /** Posted after the faults were over. */
  readonly isCalm: boolean
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

export type LockAct = {
  readonly accountId: string
  readonly via: 'link' | 'reply' | 'api'
  readonly alertNumber: number | null
  readonly at: number
  /** When an answer was heard, and its status; null while or when there was none. */
  answeredAt: number | null
  status: number | null
  /** Where the answer named it. */
  lockId: string | null
}

export type CallbackFacts = {
  readonly webhookId: string
  readonly type: string
  readonly accountId: string
  readonly data: Readonly<Record<string, unknown>>
  readonly at: number
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
}

export type LiftAct = {
  readonly accountId: string
  readonly at: number
  answeredAt: number | null
  status: number | null
}

export type RevokeAct = {
  readonly accountId: string
  readonly sessionId: string
  readonly at: number
  status: number | null
}

export type ShownAttempt = {
  readonly number: number
  readonly provider: string
  readonly state: string
}

export type ShownLogin = {
  readonly alertId: string
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
  readonly calls: CallFacts[]
  readonly locks: LockAct[]
  readonly callbacks: CallbackFacts[]
  readonly holds: HoldAnswer[]
  readonly lifts: LiftAct[]
  readonly revokes: RevokeAct[]
  readonly histories: HistoryReading[]
  /** When faults end. */
  readonly calmAt: number
  readonly receiptWaitMs: number
  /** How far the clocks of two isolates may be apart. */
  readonly skewMs: number
  /** What is still not done at the very end; empty when all is. */
  readonly leftOver: string[]
}

export function createLedger(facts: Pick<Ledger, 'calmAt' | 'receiptWaitMs' | 'skewMs'>): Ledger {
  return {
    ...facts,
    accounts: new Map(),
    logins: [],
    calls: [],
    locks: [],
    callbacks: [],
    holds: [],
    lifts: [],
    revokes: [],
    histories: [],
    leftOver: [],
  }
}

/** The last reading of each account. */
export function lastHistories(ledger: Ledger): ReadonlyMap<string, HistoryReading> {
  return new Map(ledger.histories.map((reading) => [reading.accountId, reading]))
}
