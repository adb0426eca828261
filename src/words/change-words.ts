// What the owner's pages say of a change before it is made, whichever it is. Types only; `{name}` in a text is replaced by that
// part.

export type ChangeWords = {
  /** Over the field for a code, where the change weakens nothing. */
  readonly confirm: string
  /** It begins a hold by itself: `{hold}`, a duration. */
  readonly waits: string
}
