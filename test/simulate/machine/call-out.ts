// One call from an invocation to the world outside it: on the way, effect, on the way back. The effect happens
// whatever becomes of the caller meanwhile; the answer comes only to one that still lives.

import type { Clock } from './clock.ts'
import { type Invocation, isGone, NEVER, running } from './invocation.ts'

/** What happens outside: an answer or an error after a while, or nothing ever. */
export type Reply<T> =
  | { readonly afterMs: number; readonly value: T }
  | { readonly afterMs: number; readonly error: Error }
  | 'never'

export type CallOut = <T>(outMs: number, effect: () => Reply<T>) => Promise<T>

/** `onCall` is asked after each call has left: where a kill is to hit, it hits there. */
export function createCallOut(clock: Clock, onCall: (invocation: Invocation) => void): CallOut {
  return <T>(outMs: number, effect: () => Reply<T>) => {
    const invocation = running()
    if (!invocation) throw new Error('a binding was used outside of any invocation')
    if (isGone(invocation)) return NEVER
    const called = new Promise<T>((resolve, reject) => {
      clock.after(outMs, () => {
        const reply = effect()
        if (reply === 'never') return
        clock.after(reply.afterMs, () => {
          if (isGone(invocation)) return
          if ('error' in reply) reject(reply.error)
          else resolve(reply.value)
        })
      })
    })
    onCall(invocation)
    return called
  }
}
