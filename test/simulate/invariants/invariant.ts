// What an invariant is: a name, the promise it stands for, and a check over the ledger.

import type { Ledger } from '../ledger.ts'
import type { Counter } from '../sometimes.ts'

export type Violation = {
  /** Of an account, an alert, a lock: what to look for in the log. */
  readonly subject: string
  readonly what: string
  /** When it became wrong, where that is known. */
  readonly at?: number
}

export type Invariant = {
  readonly name: string
  /** Which promise would be broken. */
  readonly why: string
  readonly check: (ledger: Ledger, counter: Counter) => readonly Violation[]
}
