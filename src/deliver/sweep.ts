// Once a minute: finds alerts whose queue message was lost, and those whose receipt never came. Times
// nothing itself; it only nudges what the queue forgot. The decision is pure, the rest is I/O.

import type { AlertJob } from '../jobs.ts'
import { pageOf, SWEEP_PAGE, type SweepPage, sendAll } from '../lib/sweep-page.ts'
import { SECOND_MS } from '../lib/time.ts'
import { isTooOldToSend, type Login } from '../login/login.ts'
import { changeLoginStatement, findOpenLogins, type OpenLoginKey } from '../login/logins.ts'
import { flushSamples } from '../routing/route-learning.ts'
import { noteSample, type SampleBuffer } from '../routing/route-samples.ts'
import type { DeliverContext } from './deliver-context.ts'

/** A retry this much overdue has lost its queue message. */
const OVERDUE_MS = 30 * SECOND_MS

export type SweepStep =
  | { readonly step: 'wait' }
  /** Send a queue message; after a running lease, since its holder may be gone. */
  | { readonly step: 'nudge'; readonly delaySeconds: number }
  /** The receipt is missing: once more, by the next provider. */
  | { readonly step: 'second_wave' }
  /** Nothing more can be done or need be: stop looking. */
  | { readonly step: 'close' }

export function decideSweep(login: Login, receiptWaitMs: number, now: number): SweepStep {
  switch (login.state) {
    case 'queued':
      // Never claimed: the nudge may be lost, and one too many finds nothing to claim.
      if (login.leaseUntil === null) return { step: 'nudge', delaySeconds: 0 }
      return now > login.leaseUntil + OVERDUE_MS
        ? { step: 'nudge', delaySeconds: 0 }
        : { step: 'wait' }
    case 'sending': {
      const leaseMs = Math.max(0, (login.leaseUntil ?? 0) - now)
      return { step: 'nudge', delaySeconds: Math.ceil(leaseMs / SECOND_MS) }
    }
    // Some carriers never say more than that it left: one receipt is enough not to send again.
    case 'sent':
      return isAwaited(login, receiptWaitMs, now) ? { step: 'wait' } : { step: 'close' }
    case 'accepted':
      if (isAwaited(login, receiptWaitMs, now)) return { step: 'wait' }
      return isTooOldToSend(login, now) || login.wave > 1
        ? { step: 'close' }
        : { step: 'second_wave' }
    case 'suppressed':
    case 'merged':
    case 'delivered':
    case 'undelivered':
      return { step: 'close' }
  }
}

/** Whether the receipt of the last call may still come in time. */
function isAwaited(login: Login, receiptWaitMs: number, now: number): boolean {
  const calledAt = Math.max(0, ...login.attempts.map((attempt) => attempt.startedAt))
  return now - calledAt < receiptWaitMs
}

/** A page of the alerts that are open, the oldest first, so that a backlog shrinks from its dangerous end. */
export async function sweepAlerts(
  context: DeliverContext,
  after: OpenLoginKey | null,
): Promise<SweepPage<OpenLoginKey>> {
  const open = await findOpenLogins(context.db, after, SWEEP_PAGE)
  const nudged = await sweepPage(context, open)
  // What was missing is evidence, and another isolate judges it.
  await flushSamples(context)
  return pageOf(open, nudged, ({ receivedAt, accountId, seq }) => ({ receivedAt, accountId, seq }))
}

/** A provider that took the text and never said more of it. */
function noteMissing(samples: SampleBuffer, login: Login): void {
  for (const { provider, country, state, startedAt } of login.attempts) {
    if (state !== 'accepted' || country === undefined) continue
    noteSample(samples, { provider, country, calledAt: startedAt, kind: 'missing' })
  }
}

async function sweepPage(context: DeliverContext, open: readonly Login[]): Promise<number> {
  const { db, config } = context
  const now = context.now()
  const nudges: { body: AlertJob; delaySeconds: number }[] = []
  const changes: ReturnType<typeof changeLoginStatement>[] = []
  for (const login of open) {
    const decided = decideSweep(login, config.receiptWaitMs, now)
    const body = { kind: 'deliver', accountId: login.accountId, alertId: login.alertId } as const
    if (decided.step === 'nudge') nudges.push({ body, delaySeconds: decided.delaySeconds })
    if (decided.step === 'close') changes.push(changeLoginStatement(db, login, { isOpen: false }))
    if (decided.step === 'second_wave') {
      const change = { state: 'queued', wave: login.wave + 1, leaseUntil: null } as const
      changes.push(changeLoginStatement(db, login, change))
      nudges.push({ body, delaySeconds: 0 })
      noteMissing(context.routing.samples, login)
    }
  }
  const [first, ...rest] = changes
  if (first) await db.batch([first, ...rest])
  await sendAll(context.alerts, nudges)
  return nudges.length
}
