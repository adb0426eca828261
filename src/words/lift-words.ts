// The words of who may end a hold early: a lift that is due later and can be stopped, the owner's own by passkey, and the
// owner's choice. Types only; no markup, escaped when rendered. `{name}` in a text is replaced by that part.

export type LiftWords = {
  readonly heading: string
  /** `{exchange} {time}`: when the hold would end. */
  readonly asked: string
  readonly stopButton: string
  /** `{exchange}` */
  readonly stopped: string
  /** The hold ended, or there was nothing to stop. */
  readonly tooLate: string
  /** Of the hold of a lock. */
  readonly signText: string
  readonly signButton: string
  /** `{exchange}`; sessions stay ended. */
  readonly signed: string
  readonly ruleHeading: string
  /** `{exchange}`: may end holds early, as things stand. */
  readonly ruleOpen: string
  /** `{exchange}`: may not. */
  readonly ruleOwner: string
  readonly ruleOwnerButton: string
  /** `{exchange}` */
  readonly ruleOpenButton: string
  /** `{age}`, of a passkey that is old enough. */
  readonly ruleNeeds: string
  /** Whole SMS: `{exchange}` in each. */
  readonly sms: LiftSmsWords
}

export type LiftSmsWords = {
  /** `{time}`, and `{link}` within the text: it stops the lift. */
  readonly asked: string
  /** The same where links are banned. */
  readonly askedNoLink: string
  readonly loosened: string
}
