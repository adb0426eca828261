// Violations that are known and not yet mended in src/. They are counted, and fail nothing. When one is mended,
// its entry goes: then it fails again, should it come back.

import type { Verdict } from './judge.ts'

type Known = {
  readonly invariant: string
  readonly what: RegExp
  /** What is wrong; a run names the first seed that shows it. */
  readonly note: string
}

export const KNOWN: readonly Known[] = [
  {
    invariant: 'lock-ends-all-sessions',
    what: /at a (further lock|lock lifted since)/,
    note: 'A login stored as revoked is told by one queue message only, which may be lost; and a webhook that is repeated after the tap is stored with the later received_at, which the lock takes for a session begun since',
  },
  {
    invariant: 'everything-is-drained',
    what: /^\d+ messages in callbacks$/,
    note: 'The same: a message waits hours for a callback that is dead by then',
  },
  {
    invariant: 'every-callback-is-confirmed',
    what: /^(?!account\.locked).* in ([89]|1\d) tries within \d{1,2} minutes$/,
    note: 'Claiming a callback does not ask whether it is due: repeated nudges use up ten attempts, meant for three days, within minutes, and it is dead',
  },
  {
    invariant: 'lock-ends-all-sessions',
    what: /at a lock that came \d+ ms later/,
    note: 'The lock compares received_at of one isolate with locked_at of another: a login within the difference of their clocks stays live',
  },
]

export function knownIndex({ name, what }: Verdict): number {
  return KNOWN.findIndex((known) => known.invariant === name && known.what.test(what))
}
