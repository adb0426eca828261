// The words of the ways to lock without an alert: card, trusted contact, passkey. Types only; no markup, escaped when rendered.
// `{name}` in a text is replaced by that part; a text's parts are named beside it.

export type WaysWords = {
  readonly heading: string
  readonly intro: string
  readonly cardHeading: string
  readonly cardText: string
  readonly cardMake: string
  /** What a new one does to the one there is. */
  readonly cardAgain: string
  readonly cardPrint: string
  /** On the paper itself. */
  readonly cardUse: string
  /** Its key is not the current one any more. */
  readonly cardAging: string
  /** Whose page the card leads to: `{exchange}` */
  readonly cardIntro: string
  readonly revokedHeading: string
  readonly revoked: string
  readonly contactHeading: string
  /** What it means and how it is proven; names the keyword LOCK, which stays as it is. */
  readonly contactText: string
  readonly wordLabel: string
  /** `{min} {max}`, signs */
  readonly wordHint: string
  /** `{number}`, masked */
  readonly contactStands: string
  /** `{word}` */
  readonly contactWord: string
  readonly contactClosed: string
  /** No sender there takes an answer. */
  readonly contactMute: string
  readonly passkeyHeading: string
  readonly passkeyText: string
  readonly passkeyFailed: string
  /** Of one from before passkeys had to name their account by themselves. */
  readonly passkeyOld: string
  /** D1 is away: whether it may lock is not known yet. */
  readonly kept: string
  /** The owner is asked first, by a link. */
  readonly askedHeading: string
  readonly asked: string
  /** Whole SMS, as short as an alert: `{exchange}` in each. */
  readonly sms: WaysSmsWords
}

export type WaysSmsWords = {
  /** To the number that is to become the contact: `{code}`, six digits. */
  readonly contactCode: string
  /** To the contact; names the keywords LOCK and STOP, which stay as they are. */
  readonly contactAdded: string
  /** To the contact, whose word was right. Claims no lock: it is asked for, or the owner is asked. */
  readonly contactLocked: string
  /** To the contact: nothing was locked. */
  readonly contactRefused: string
  /** To the owner. */
  readonly changed: string
  /** To the owner, whom we ask before anything is locked: `{link}`, within the text. */
  readonly asked: string
  /** The same where links are banned. */
  readonly askedNoLink: string
}
