// Who is running: which isolate, which invocation. Followed through promises and timers, so that every port
// knows whose call it is, and none answers to somebody who is gone.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { IsolateWorker } from './worker-module.ts'

export type Isolate = {
  readonly id: number
  /** How far its clock is from the true one. */
  readonly skewMs: number
  readonly env: Env
  readonly worker: IsolateWorker
  isDead: boolean
  readonly invocations: Set<Invocation>
}

export type Invocation = {
  readonly id: number
  readonly kind: 'fetch' | 'queue' | 'scheduled'
  readonly isolate: Isolate
  /** Nothing of it does I/O any more: it has returned, was cancelled, or its isolate died. */
  isOver: boolean
  /** It was ended from outside, whatever it had still to do. */
  wasCut: boolean
  /** What the platform bounds per invocation. */
  statements: number
  connections: number
  readonly waitingForConnection: (() => void)[]
  /** Tells whoever started it that it will not finish. */
  readonly onCut: () => void
  /** D1 answered a write late or with an error: what it knows may not be stored. */
  readonly storageTroubleAt: number[]
}

const scope = new AsyncLocalStorage<Invocation>()

/** Undefined outside: providers, phones and the exchange run in no isolate. */
export function running(): Invocation | undefined {
  return scope.getStore()
}

export function runIn<T>(invocation: Invocation, work: () => T): T {
  return scope.run(invocation, work)
}

export function isGone(invocation: Invocation): boolean {
  return invocation.isOver || invocation.isolate.isDead
}

/** What a port gives to somebody who is gone. */
export const NEVER: Promise<never> = new Promise(() => {})
