// Parts of a sentence whose direction may not be that of the sentence.

/** A number, name or code within a sentence of either direction: signs around it stay on their side (UAX #9, isolates). */
export function fromLeft(text: string): string {
  return `\u2066${text}\u2069`
}

/** The same for what may be of either direction itself. */
export function apart(text: string): string {
  return `\u2068${text}\u2069`
}
