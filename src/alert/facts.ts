// What an alert's text is made of: plain facts of one login, and how this destination may be told them.

import type { ActivityKind } from '../words/activity-words.ts'

export type AlertFacts = {
  readonly exchangeName: string
  /** The account's gapless count of alerts; at most ten digits. */
  readonly alertNumber: number
  /** Epoch milliseconds. */
  readonly occurredAt: number
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  readonly city: string | null
  /** Name of the data-centre network the address appears to be in; '' if it has none. */
  readonly hosting: string | null
  /** Kind of reserved range the address is in: `private`, or any other. */
  readonly reserved: string | null
  /** From `maskIp`: `13.77`. */
  readonly ipTail: string
  readonly browser: string | null
  readonly os: string | null
  readonly deviceName: string | null
  /** Another session of the account was live at this login. */
  readonly isParallel: boolean
  /** The owner's anti-phishing code. */
  readonly phrase: string | null
  /** Ends in a letter or digit; goes into the text as it is. */
  readonly lockUrl: string
  /** The way without a link, where the sender can be answered: four letters and digits, see lock/code.ts. */
  readonly replyCode: string
  /** And where it cannot: two groups of four, for the lock page, which anybody can open. */
  readonly typedCode: string
  /** Numbers of all alerts this one text stands for, its own among them; one in the usual case. */
  readonly mergedNumbers: readonly number[]
  /** Of several: not all are usual, and the facts above are those of the most unusual one. */
  readonly isMixed: boolean
  /** The account was never seen in the country before. */
  readonly isNewCountry: boolean
  /** The account was never seen on this device before; of several: on the device of some. */
  readonly isNewDevice: boolean
  /** What happened, where it is no login; left out or null, it is one. */
  readonly activity?: ActivityKind | null
  /** Of an activity: how often it happened, told by one text; left out, as often as there are `mergedNumbers`. */
  readonly times?: number
  /** Until when withdrawals wait because of the login; null where they do not. */
  readonly holdUntil: number | null
}

/** What the destination and its sender allow. */
export type TextRules = {
  /** Links are banned in SMS to some countries. */
  readonly hasLink: boolean
  /** The sender can receive, so a reply locks. */
  readonly canReply: boolean
  /** The exchange's name holds a word that the country bars, or reads as a link where it bars those. */
  readonly isNameBarred: boolean
  /** All such words, in lower case; left out, none. What others chose goes unsaid where it holds one: the text has to arrive. */
  readonly barredWords?: readonly string[]
}

/**
 * What may be left out, the least important first; compose.ts says when. That it is a login, its number, country, link
 * and code always stay, and of several how many and which.
 */
export const PART_NAMES = [
  'network',
  'ending',
  'deviceName',
  'ip',
  'phrase',
  'os',
  'browser',
  'city',
  'clock',
  'newCountry',
  'newDevice',
  'dataCentre',
  'wait',
  'parallel',
] as const
export type PartName = (typeof PART_NAMES)[number]

/** `time` is the clock with the date; `elsewhere` stands for the place while nothing is known of it. */
export type Parts = Readonly<
  Record<PartName | 'exchange' | 'time' | 'country' | 'elsewhere', string>
>
