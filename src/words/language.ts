// What a language is to us: one file of words in languages/. Types only: a missing text does not compile.
// `{name}` in a text is replaced by that part; a text's parts are named beside it. Durations come as a part too, in
// the form that the text asks for: `{hold.genitive}`, see durations.ts.

import type { ActivityWords } from './activity-words.ts'
import type { BesideWords } from './beside-words.ts'
import type { ChangeWords } from './change-words.ts'
import type { CoolingOffWords } from './cooling-off-words.ts'
import type { LiftWords } from './lift-words.ts'
import type { LockActionWords } from './lock-action-words.ts'
import type { PortalWords } from './portal-words.ts'
import type { ReleaseWords } from './release-words.ts'
import type { WaysWords } from './ways-words.ts'

/**
 * The words of an alert. A GSM-7 language uses characters of the basic table only (no accents it lacks),
 * so that a text's length is its cost. A text is an opening, an act and a closing, joined by spaces where no full-width stop
 * brings its own.
 */
export type AlertWords = {
  /** Stands before the number of an alert, in `{number}` and in each of `{numbers}`; '' where gateways refuse `#`. */
  readonly numberMark: '#' | ''
  /** `{exchange} {number} {details} {parallel}`; right-to-left languages begin it with a word of their script. */
  readonly opening: string
  /** The same in the fewest words, for a long link; still says that it is a login. The details begin with the clock alone. */
  readonly shortOpening: string
  /** Several logins in one SMS: `{exchange} {count} {numbers} {details} {parallel}`; the details are the last one's. */
  readonly mergedOpening: string
  /**
   * The same where some of them are of new devices: `{exchange} {count} {numbers} {details} {parallel}`; the details
   * are those of the most unusual one, which the words say where there is room.
   */
  readonly digestOpening: string
  /** Either in the fewest words: `{exchange} {count} {numbers} {details} {parallel}`. */
  readonly shortMerged: string
  /**
   * `{link} {code}`. The code must follow the link after a space: phones fetch a preview of a link that
   * ends a message, and take punctuation that touches a link for a part of it.
   */
  readonly act: `${string} {link} {code}${string}`
  /** The same in the fewest words. */
  readonly shortAct: `${string} {link} {code}${string}`
  /** Where links are banned: `{code}` */
  readonly actWithoutLink: string
  /** After the link, where the sender can be answered: `{code}`; the keyword LOCK stays as it is. */
  readonly replyCode: string
  /** After the link, where it cannot. */
  readonly typedCode: string
  /** Without a link: `{code}`; the keyword LOCK stays as it is. */
  readonly replyAlone: string
  /** Without a link, and no answer possible: `{code} {exchange}`; to be typed into the exchange's lock page. */
  readonly typedAlone: string
  readonly detailSeparator: string
  /** Stands for an exchange's name that cannot be written in this text. */
  readonly exchange: string
  /** Stands for a name with a word that a country bars; says nothing of what is traded. */
  readonly account: string
  /** `{clock} {date}`; says that it is UTC. Clock and date come from the runtime's own tables. */
  readonly time: string
  /** `{city} {country}`; addresses place a device roughly, and the words should say so. */
  readonly cityAndCountry: string
  /** `{city}` */
  readonly cityAlone: string
  readonly unknownPlace: string
  readonly privateNetwork: string
  /** Any other range that is not in public use. */
  readonly reservedNetwork: string
  /** `{place} {dataCentre}` */
  readonly placeWithDataCentre: string
  readonly dataCentre: string
  /** `{network}` */
  readonly dataCentreNamed: string
  /** Apple's iCloud Private Relay: by its name in the settings of an iPhone, where that is known, else translated. */
  readonly privateRelay: string
  /** A VPN, a gateway of a company, or another network that hides where its users are; its name may follow. */
  readonly vpnOrRelay: string
  /** The account was never seen in the country before it. */
  readonly newCountry: string
  /** The account was never seen on the device before; of several in the fewest words: on the devices of some. */
  readonly newDevice: string
  /** `{ip}`, the masked tail; the ellipsis character is not in GSM-7. */
  readonly ip: string
  /** `{browser} {os}` */
  readonly software: string
  /** `{deviceName}`, in quotation marks: whoever logged in chose it. */
  readonly deviceName: string
  /** Another session of the account is live. */
  readonly parallel: string
  readonly shortParallel: string
  /** `{phrase}`, the account's own anti-phishing code: whatever the owner chose, of many words as well. */
  readonly phrase: string
  /** Stands at the end when there is no such code: nothing to do if it was you. */
  readonly ending: string
}

/** Whole SMS that answer somebody; as short as an alert: `{exchange}` in each. */
export type NoticeWords = {
  /** Once the exchange has confirmed. `{time}`: until when withdrawals are stopped. */
  readonly locked: string
  /** Before: what was asked for. `{time}`: until when withdrawals shall be stopped. */
  readonly lockRequested: string
  readonly wrongCode: string
  /** To a text that meant to lock and could not; names the keyword LOCK, which stays as it is. */
  readonly notLocked: string
  /** After STOP; names the keyword START, which stays as it is. */
  readonly stopped: string
  /** After START. */
  readonly started: string
  /** To the number that is to be bound: `{code}`, six digits, and the duration `{life}` of it. */
  readonly code: string
  /** To the number that was bound before: `{link}` */
  readonly phoneChanged: string
  /** The same where links are banned. */
  readonly phoneChangedNoLink: string
  /** The test alert; TEST stays as it is: `{link}` */
  readonly drill: string
  readonly drillNoLink: string
  readonly holdLifted: string
  readonly alertsOff: string
  readonly alertsUnusual: string
  /** The anti-phishing phrase: another one, or none any more. */
  readonly phraseChanged: string
  /** In the language before. */
  readonly languageChanged: string
  readonly authenticatorAdded: string
  readonly authenticatorRemoved: string
  readonly passkeyAdded: string
  readonly passkeyRemoved: string
  readonly pushAdded: string
  readonly pushRemoved: string
  /** To the bound number, for a change on the owner's pages: `{code}`, six digits, and its duration `{life}`. */
  readonly proofCode: string
  /** After STOP of a former number: it gets nothing more of this account. */
  readonly copiesEnded: string
  /** After HELP; names the keywords LOCK and STOP, which stay as they are. */
  readonly help: string
}

/** The pages behind a lock link and of the lock by code. No markup; escaped when rendered. */
export type LockWords = {
  readonly title: string
  readonly lockHeading: string
  /** `{number} {exchange}` */
  readonly alert: string
  /** Of a link that came with no login: `{exchange}` */
  readonly alertOther: string
  readonly lockButton: string
  readonly itWasMe: string
  /** Leads to the state of a lock that this link may have made. */
  readonly alreadyLocked: string
  readonly noPassword: string
  readonly requestedHeading: string
  /** `{exchange}` */
  readonly requested: string
  readonly confirmedHeading: string
  /** `{exchange} {time}` */
  readonly confirmed: string
  readonly liftedHeading: string
  /** `{exchange} {time}` */
  readonly lifted: string
  /** Of a link whose lock was lifted: what it does, and how to lock now. `{exchange}` */
  readonly liftedUse: string
  /** `{time}` */
  readonly stepRequested: string
  /** `{exchange}` */
  readonly stepConfirmed: string
  /** `{exchange}` */
  readonly stepWaiting: string
  /** Once confirmed: `{time}` */
  readonly heldUntil: string
  /** Before that: `{time}` */
  readonly holdAsked: string
  readonly refreshes: string
  readonly refreshNow: string
  readonly acceptedHeading: string
  readonly accepted: string
  readonly unrecordedHeading: string
  readonly unrecorded: string
  /** D1 is away: whether there is a lock cannot be said. */
  readonly unknownHeading: string
  readonly unknown: string
  readonly openLockPage: string
  readonly nextHeading: string
  /** `{exchange}` */
  readonly nextContact: string
  readonly nextPassword: string
  readonly invalidHeading: string
  /** `{exchange}`, and the duration `{life}` of a link */
  readonly invalid: string
  readonly failedHeading: string
  readonly failed: string
  readonly retryButton: string
  readonly codeHeading: string
  /** What to type and where it stands. */
  readonly codeIntro: string
  readonly phoneLabel: string
  readonly phoneHint: string
  readonly codeLabel: string
  readonly codeHint: string
  /** D1 is away: number and code wait to be looked at, and may be wrong. */
  readonly codeKept: string
  /** D1 is away: the visit of the owner's pages is to be checked, and may be over. */
  readonly visitKept: string
  /** One text for every cause: an unknown number and a wrong code look the same. The duration `{life}` of a code. */
  readonly codeRefused: string
  /** `{wait}`, a duration */
  readonly codeLimited: string
  /** Leads from a link that does not work to the lock by code. */
  readonly useCode: string
}

export type DurationUnit = 'hour' | 'minute' | 'second'

/** `{n}`, by the language's plural categories (CLDR); `other` stands for each that is not given. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string
}

export type UnitForms = Readonly<Record<DurationUnit, PluralForms>>

/**
 * How a language says a duration where `Intl` has no form for it, as in most cases of those that inflect.
 * `plain` is what `{hold}` becomes; any other name is the language's own: `{hold.genitive}`.
 */
export type DurationForms = Readonly<Record<string, UnitForms>> & { readonly plain?: UnitForms }

/** Words of an alert that pages show too. */
export type PlaceWords = Pick<
  AlertWords,
  | 'unknownPlace'
  | 'privateNetwork'
  | 'reservedNetwork'
  | 'dataCentre'
  | 'dataCentreNamed'
  | 'privateRelay'
  | 'vpnOrRelay'
>

export type Language = {
  /** BCP 47, as it stands in `lang`: `zh-Hant`. */
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  /** GSM-7: at most two segments, everything spelled in Latin. UCS-2: in its own script, three or four (alert/compose.ts). */
  readonly encoding: 'GSM-7' | 'UCS-2'
  /** For `Intl`, with the calendar and digits pinned where the locale's own would not be Gregorian and Latin. */
  readonly intl: string
  /** On pages between a day and a clock, `23 November, 14:03 UTC`: a line may break at its space. */
  readonly dayEnd: string
  /** Empty where what `Intl` says of hours, minutes and seconds fits into each sentence. */
  readonly durations: DurationForms
  readonly alert: AlertWords
  readonly notice: NoticeWords
  /** As pages write them, where an SMS leaves accents out. */
  readonly placesOnPages?: Partial<PlaceWords>
  readonly lock: LockWords
  readonly portal: PortalWords
  readonly activity: ActivityWords
  readonly lockActions: LockActionWords
  readonly ways: WaysWords
  readonly coolingOff: CoolingOffWords
  readonly release: ReleaseWords
  readonly lift: LiftWords
  readonly change: ChangeWords
  readonly beside: BesideWords
}
