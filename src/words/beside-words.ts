// What the owner's pages say where a passkey or an authenticator app is added beside a passkey. Types only; `{name}` in a text is
// replaced by that part.

export type BesideWords = {
  readonly takes: string
  /** Who has lost it: `{exchange}`, and for how long what is added then counts as new, `{age}`. */
  readonly lost: string
  /** Between the two steps of adding a passkey. */
  readonly proven: string
}
