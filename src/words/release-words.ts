// The words of the page on which the owner ends what holds withdrawals by itself. Types only; no markup, escaped when rendered.
// `{name}` in a text is replaced by that part; a text's parts are named beside it.

export type ReleaseWords = {
  readonly heading: string
  /** What has begun it follows: `{time}` */
  readonly because: string
  /** Of all that stands above it. */
  readonly ask: string
  readonly button: string
  /** There is no proof that is old enough: `{time} {age}` */
  readonly waits: string
  readonly doneHeading: string
  /** Asked for at the exchange, not done: `{exchange}` */
  readonly done: string
  /** Said before anything holds: `{hold} {age}` */
  readonly ahead: string
  /** After it, to whoever has neither passkey nor authenticator app. */
  readonly aheadNone: string
}
