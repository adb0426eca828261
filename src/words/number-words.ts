// The words of the page of the number. Types only, as in portal-words.ts.

export type NumberWords = {
  readonly heading: string
  readonly notBound: string
  /** `{number}`, masked */
  readonly bound: string
  readonly invalid: string
  readonly optedOut: string
  readonly noRoute: string
  /** `{number} {time}`: a former number still gets alerts. */
  readonly former: string
  readonly label: string
  readonly hint: string
  readonly sendCode: string
  readonly changeHeading: string
  /** `{former}`, the duration for which a former number gets alerts */
  readonly changeText: string
  readonly removeHeading: string
  /** `{former}` */
  readonly removeText: string
  readonly notInternational: string
  readonly notMobile: string
  readonly sameNumber: string
  /** The guard refused. `{exchange}` */
  readonly notServed: string
  readonly codeHeading: string
  /** `{number}`, masked, and the duration `{life}` of the code */
  readonly codeSent: string
  /** Nobody has taken its SMS yet. `{number}`, masked */
  readonly codePending: string
  /** A provider holds a STOP, and how to undo it. `{number}`, masked; START stays as it is. */
  readonly codeStopped: string
  /** A provider says that it takes no SMS. `{number}`, masked */
  readonly codeUnreachable: string
  readonly codeLabel: string
  readonly confirm: string
  /** `{count}` tries left */
  readonly codeWrong: string
  /** What was typed is no code, and cost no try. */
  readonly codeIncomplete: string
  readonly codeDead: string
  readonly resend: string
  /** `{wait}`, a duration */
  readonly resendWait: string
  readonly cancel: string
  readonly boundDone: string
  readonly removedDone: string
  /** A change or removal takes a passkey of this `{age}`, a duration, and there is none. */
  readonly needsPasskey: string
  /** Above the button: what pressing it does first. */
  readonly passkeyHint: string
}
