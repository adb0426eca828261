// The words of holds that no lock made. Types only; `{name}` in a text is replaced by that part.

export type CoolingOffWords = {
  /** One sentence of an alert's SMS, in its alphabet and as short as it goes: `{time}` */
  readonly sms: string
  /** Why, on the page of the hold: a login was not recognised; and that it is no lock. */
  readonly whyLogin: string
  /** The same of a change to the account. */
  readonly whyActivity: string
  /** The owner wanted it: `{exchange}` */
  readonly whyPlanned: string
  readonly planHeading: string
  /** What it does, and that nobody ends it: `{exchange}` */
  readonly planText: string
  /** Of a list of numbers. */
  readonly planDays: string
  /** Asked once more: `{time}` */
  readonly planSure: string
  /** The button that does it. */
  readonly planConfirm: string
  /** A whole SMS, once it is planned: `{exchange} {time}` */
  readonly planned: string
}
