// A look at an alert that nobody may be at any more: its lease has run out, its retry is overdue, its receipt is
// missing. The net looks at one after its lease, the sweep at all of them each minute; both decide the same, and both
// only pass on what is undone. The decision is pure, the rest is I/O.

import type { Db } from '../lib/db.ts'
import { sendAll } from '../lib/sweep-page.ts'
import { SECOND_MS } from '../lib/time.ts'
import { isTooOldToSend, type Login } from '../login/login.ts'
import { changeLoginStatement } from '../login/logins.ts'
import { noteSample, type SampleBuffer } from '../routing/route-samples.ts'
import type { DeliverContext } from './deliver-context.ts'
import { deliverJob } from './nudge.ts'

/** A retry this much overdue has lost its queue message. */
export const OVERDUE_MS = 30 * SECOND_MS

export type Revisit =
  /** Somebody is at it, or a receipt may still come. */
  | { readonly step: 'wait'; readonly untilAt: number }
  /** Nobody is at it: into ALERTS. */
  | { readonly step: 'nudge' }
  /** The receipt is missing: once more, by the next provider. */
  | { readonly step: 'second_wave' }
  /** Nothing more can be done or need be: stop looking. */
  | { readonly step: 'close' }

export function decideRevisit(login: Login, receiptWaitMs: number, now: number): Revisit {
  if (!login.isOpen) return { step: 'close' }
  switch (login.state) {
    case 'queued': {
      // Never claimed: the nudge may be lost, and one too many finds nothing to claim.
      if (login.leaseUntil === null) return { step: 'nudge' }
      // One that gathers others has no other message than this; a retry has its own.
      const untilAt = login.leaseUntil + (login.mergedInto === null ? OVERDUE_MS : 0)
      return now > untilAt ? { step: 'nudge' } : { step: 'wait', untilAt }
    }
    case 'sending': {
      const untilAt = login.leaseUntil ?? 0
      return untilAt > now ? { step: 'wait', untilAt } : { step: 'nudge' }
    }
    // Some carriers never say more than that it left: one receipt is enough not to send again.
    case 'sent':
    case 'accepted': {
      // From the last call on; its receipt may still come in time.
      const calledAt = Math.max(0, ...login.attempts.map((attempt) => attempt.startedAt))
      const untilAt = calledAt + receiptWaitMs
      if (now < untilAt) return { step: 'wait', untilAt }
      return login.state === 'sent' || isTooOldToSend(login, now) || login.wave > 1
        ? { step: 'close' }
        : { step: 'second_wave' }
    }
    case 'suppressed':
    case 'merged':
    case 'delivered':
    case 'undelivered':
      return { step: 'close' }
  }
}

export type Revisited = { readonly login: Login; readonly revisit: Revisit }

/** Looks at all of `found`, which are in `db`, writes what changes in one batch, and passes on what is undone. */
export async function revisitAlerts(
  context: DeliverContext,
  db: Db,
  found: readonly Login[],
): Promise<readonly Revisited[]> {
  const { config } = context
  const now = context.now()
  const all = found.map((login) => ({
    login,
    revisit: decideRevisit(login, config.receiptWaitMs, now),
  }))
  const changes = all.flatMap(({ login, revisit }) => {
    if (revisit.step === 'close') {
      return login.isOpen ? [changeLoginStatement(db, login, { isOpen: false })] : []
    }
    if (revisit.step !== 'second_wave') return []
    const change = { state: 'queued', wave: login.wave + 1, leaseUntil: null } as const
    return [changeLoginStatement(db, login, change)]
  })
  if (changes.length > 0) await db.$client.batch(changes)
  for (const { login, revisit } of all) {
    if (revisit.step === 'second_wave') noteMissing(context.routing.samples, login)
  }
  const undone = all.filter(({ revisit }) => isPassedOn(revisit))
  await sendAll(
    context.alerts,
    undone.map(({ login }) => ({ body: deliverJob(login) })),
  )
  return all
}

export function isPassedOn({ step }: Revisit): boolean {
  return step === 'nudge' || step === 'second_wave'
}

/** A provider that took the text and never said more of it. */
function noteMissing(samples: SampleBuffer, login: Login): void {
  for (const { provider, country, state, startedAt } of login.attempts) {
    if (state !== 'accepted' || country === undefined) continue
    noteSample(samples, { provider, country, calledAt: startedAt, kind: 'missing' })
  }
}
