// What is still to be done after an act is stored. A job is kept until it is done, so that neither a Lockline that is away nor
// a process that dies loses any.

import type { OutgoingEvent } from './lockline-client.ts'

export type Job =
  /** Lockline is told of it. */
  | {
      readonly kind: 'event'
      readonly id: string
      readonly dueAt: number
      readonly event: OutgoingEvent
    }
  /** The hold is asked, and the withdrawal goes out or waits. */
  | {
      readonly kind: 'withdrawal'
      readonly id: string
      readonly dueAt: number
      readonly accountId: string
      readonly withdrawalId: string
    }
  /** What of a lock was not done at once is done and reported. */
  | {
      readonly kind: 'lock'
      readonly id: string
      readonly dueAt: number
      readonly accountId: string
      readonly lockId: string
    }

/** `later`: after the pause that its number of attempts asks for, or after `afterMs`. `given_up`: it never will be done by itself. */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly why: string; readonly afterMs?: number }
  | { readonly kind: 'given_up'; readonly why: string }

/** Anybody can cause these, or they end something: Lockline holds nothing for them. */
const HOLDS_NOTHING: readonly unknown[] = [
  'logins_failed',
  'password_reset',
  'withdrawal_requested',
]

/** An event by which Lockline may begin a hold: until it is told, the answer that nothing holds is worth nothing. */
export function mayBeginHold({ type, data }: OutgoingEvent): boolean {
  if (type === 'activity.occurred') return !HOLDS_NOTHING.includes(data.kind)
  return type === 'login.succeeded'
}

export function eventJob(event: OutgoingEvent, now: number): Job {
  return { kind: 'event', id: event.id, dueAt: now, event }
}
