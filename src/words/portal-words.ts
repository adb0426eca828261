// The words of the account owner's pages. Types only; no markup, escaped when rendered. `{name}` in a text
// is replaced by that part; a text's parts are named beside it.

import type { NumberWords } from './number-words.ts'

/** Of every page. */
export type CommonWords = {
  /** Of the whole: stands beside the exchange's name. */
  readonly title: string
  readonly navigation: string
  readonly overview: string
  readonly save: string
  readonly remove: string
  readonly back: string
  readonly leave: string
  readonly saved: string
  readonly never: string
  /** An instant that is not known yet, in a list. */
  readonly notYet: string
  /** `{wait}`, a duration */
  readonly tooManyTries: string
  /** A storage failure; nothing was changed. */
  readonly unavailable: string
  /** A storage failure of an act; whether it was done is not known. */
  readonly uncertain: string
  readonly needsScript: string
  /** `{time}` */
  readonly since: string
  readonly totpLabel: string
  /** The duration `{step}` of a code. */
  readonly totpHint: string
  readonly totpRefused: string
  /** A change that weakens the account is to be proven, by the code below. */
  readonly needsCode: string
  /** Neither app nor phone at hand: `{exchange}` */
  readonly recovery: string
  /** While withdrawals are stopped. */
  readonly frozen: string
  /** The same code a second time: wait for the next; the duration `{step}` of each. */
  readonly totpUsed: string
}

export type EntryWords = {
  readonly heading: string
  /** `{exchange}` */
  readonly intro: string
  readonly button: string
  readonly invalidHeading: string
  /** Used, expired or forged: `{exchange}`, and the duration `{life}` of a link */
  readonly invalid: string
  readonly endedHeading: string
  /** The visit is over: `{exchange}` */
  readonly ended: string
  readonly leftHeading: string
  readonly left: string
}

export type OverviewWords = {
  /** `{number}`, masked */
  readonly number: string
  readonly noNumber: string
  /** `{count}` */
  readonly sessions: string
  /** Whose end was asked for, and not confirmed: `{count}` */
  readonly sessionsEnding: string
  readonly lastLogin: string
  readonly lockHeading: string
}

export type AuthenticatorWords = {
  readonly heading: string
  readonly has: string
  readonly intro: string
  readonly scan: string
  readonly typeIn: string
  /** A link that the authenticator app of this phone opens. */
  readonly openApp: string
  readonly button: string
  readonly done: string
}

export type SettingsWords = {
  readonly heading: string
  readonly alerts: string
  readonly all: string
  readonly allText: string
  readonly unusual: string
  readonly unusualText: string
  readonly off: string
  readonly offText: string
  /** Why not all of them are offered: the rules of its regulator. `{exchange}` */
  readonly required: string
  readonly language: string
  readonly browserLanguage: string
  readonly phrase: string
  /** Why it is there, and what it may hold: `{max}` */
  readonly phraseHint: string
  readonly phraseRefused: string
}

export type SessionsWords = {
  readonly heading: string
  readonly none: string
  readonly revoke: string
  readonly revokeAll: string
  readonly requested: string
  /** Told to the exchange no more: `{exchange}` */
  readonly notConfirmed: string
  readonly confirmed: string
  readonly noSuch: string
}

export type HistoryWords = {
  readonly heading: string
  readonly none: string
  readonly noneShown: string
  /** `{first} {last}` */
  readonly compare: string
  readonly login: string
  readonly alert: string
  /** Numbers that never arrived: `{numbers}` */
  readonly gaps: string
  readonly showAll: string
  readonly showProblems: string
  readonly download: string
  readonly older: string
  readonly newest: string
  readonly confirmedByYou: string
  readonly parallel: string
  /** Of an alert, by the word it is stored with. */
  readonly states: {
    readonly suppressed: string
    readonly merged: string
    readonly queued: string
    readonly sending: string
    readonly accepted: string
    readonly sent: string
    readonly delivered: string
    readonly undelivered: string
  }
  /** Why none was sent. */
  readonly reasons: {
    readonly no_number: string
    readonly alerts_off: string
    readonly number_invalid: string
    readonly opted_out: string
    readonly login_too_old: string
    readonly usual: string
  }
  /** One call to one provider: `{provider} {state}` */
  readonly attempt: string
  readonly accepted: string
  readonly sent: string
  readonly delivered: string
  readonly failed: string
  readonly unknown: string
  /** `{count}` */
  readonly segments: string
  /** `{sent} {count}` */
  readonly pushes: string
}

export type PushWords = {
  readonly heading: string
  readonly intro: string
  readonly none: string
  readonly off: string
  readonly enable: string
  readonly enabled: string
  readonly blocked: string
  readonly unsupported: string
  readonly test: string
  readonly testSent: string
  readonly testFailed: string
  readonly lastOk: string
  /** In the notification itself: `{exchange} {number}` */
  readonly title: string
  /** `{exchange}` */
  readonly testTitle: string
  readonly testBody: string
  readonly lockAction: string
}

export type PasskeyWords = {
  readonly heading: string
  readonly intro: string
  readonly none: string
  readonly add: string
  readonly added: string
  readonly failed: string
  readonly unsupported: string
  readonly lastUsed: string
  readonly removed: string
}

export type HoldWords = {
  readonly heading: string
  readonly noneHeading: string
  readonly none: string
  /** `{hours} {minutes}` */
  readonly remaining: string
  /** `{time}` */
  readonly until: string
  readonly what: string
  readonly withdrawals: string
  readonly sessions: string
  /** `{exchange}` */
  readonly lifting: string
  readonly receipt: string
  readonly receiptText: string
  readonly requested: string
  readonly confirmed: string
}

export type DrillWords = {
  readonly heading: string
  readonly intro: string
  readonly button: string
  readonly waiting: string
  /** `{seconds}` */
  readonly accepted: string
  /** `{seconds}` */
  readonly delivered: string
  readonly failed: string
  readonly needsNumber: string
  /** The page behind the drill's link. */
  readonly pageHeading: string
  readonly pageText: string
  readonly practise: string
  readonly doneHeading: string
  /** `{hold}`, a duration */
  readonly done: string
}

/** The page beside the lock: "it was me". */
export type ConfirmWords = {
  /** On the lock page. */
  readonly link: string
  readonly heading: string
  /** `{number} {exchange}` */
  readonly intro: string
  readonly button: string
  readonly noPasskey: string
  readonly failed: string
  /** Its session has ended, or its end was asked for. */
  readonly ended: string
  /** Withdrawals are stopped: nothing is confirmed meanwhile. */
  readonly held: string
  readonly doneHeading: string
  /** `{exchange}` */
  readonly done: string
  readonly lockInstead: string
}

export type PortalWords = {
  readonly common: CommonWords
  readonly entry: EntryWords
  readonly overview: OverviewWords
  readonly number: NumberWords
  readonly authenticator: AuthenticatorWords
  readonly settings: SettingsWords
  readonly sessions: SessionsWords
  readonly history: HistoryWords
  readonly push: PushWords
  readonly passkey: PasskeyWords
  readonly hold: HoldWords
  readonly drill: DrillWords
  readonly confirm: ConfirmWords
}
