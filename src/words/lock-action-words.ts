// The words of what a lock asks the exchange to do, one action after the other. Types only; asked for is not done, and
// nothing here may sound like it. `{name}` in a text is replaced by that part.

/** Each as an order, without a full stop: it says what is asked for, never that it was done. */
export type LockActionNames = {
  readonly 'sessions.revoke': string
  readonly 'withdrawals.hold': string
  readonly 'api_keys.revoke': string
  /** Those that wait to go out. */
  readonly 'withdrawals.cancel': string
  /** No address to withdraw to can be added or changed. */
  readonly 'addresses.freeze': string
  readonly 'orders.cancel': string
  /** Password, two-factor and the like cannot be changed. */
  readonly 'credentials.freeze': string
}

export type LockActionWords = {
  readonly names: LockActionNames
  /** Over the list of what one press asks for: `{exchange}` */
  readonly effects: string
  /** Under an action: asked for, nothing heard. */
  readonly asked: string
  /** Under an action: `{time}` */
  readonly done: string
  /** Under an action: the exchange itself says so. `{exchange}` */
  readonly failed: string
  readonly partlyHeading: string
  /** `{exchange} {done} {count}` */
  readonly partly: string
  /** A whole SMS, in one segment: `{exchange} {done} {count}` */
  readonly sms: string
}
