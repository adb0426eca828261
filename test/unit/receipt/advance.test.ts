// The short way of a receipt (one statement) against the careful one (read, decide, write): where the
// short one acts, both leave the same row.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeAlertTag } from '../../../src/login/alert-tag.ts'
import { type Attempt, type AttemptState, furthestState } from '../../../src/login/attempt.ts'
import type { Login } from '../../../src/login/login.ts'
import { findLogin } from '../../../src/login/logins.ts'
import type { AlertState } from '../../../src/login/state.ts'
import { advanceAll } from '../../../src/receipt/advance.ts'
import { applyReceipt } from '../../../src/receipt/apply-receipt.ts'
import { asUsualReceipt } from '../../../src/receipt/usual-receipt.ts'
import { logins } from '../../../src/schema.ts'
import type { Receipt } from '../../../src/sms/provider.ts'
import type { ReceiptRef } from '../../../src/sms/receipt-ref.ts'
import { aLogin, anAttempt, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const STATES: readonly AlertState[] = [
  'suppressed',
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'undelivered',
]
const ATTEMPT_STATES: readonly AttemptState[] = [
  'accepted',
  'sent',
  'delivered',
  'failed',
  'unknown',
]
const USUAL = ['accepted', 'sent'] as const
const db = openMemoryDb()
let seq = 0

async function stored(changes: Partial<Login>): Promise<Login> {
  seq += 1
  const login = aLogin({ ...changes, seq, alertId: `alr_${seq}` })
  await db.insert(logins).values(login)
  return login
}

/** Whether the short way took it. */
async function isTaken(ref: ReceiptRef, receipt: Receipt, now: number): Promise<boolean> {
  const usual = asUsualReceipt('twilio', ref, receipt, now)
  if (!usual) return false
  const [advanced] = await advanceAll({ ...storesOf(db), now: () => now }, [usual])
  return advanced !== null && advanced !== undefined
}

function refOf({ accountId, seq, alertId }: Login, attempt: number): ReceiptRef {
  return { accountId, seq, attempt, alertTag: makeAlertTag(alertId) }
}

const anyAttempts = fc
  .array(
    fc.record({
      state: fc.constantFrom(...ATTEMPT_STATES, ...USUAL),
      sentAt: fc.option(fc.constant(NOW + 1), { nil: undefined }),
      provider: fc.constantFrom('twilio', 'twilio', 'twilio', 'infobip'),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((views) =>
    views.map(({ sentAt, ...view }, index): Attempt => {
      const known = { ...view, number: index + 1, providerMessageId: `m_${index + 1}` }
      const wasSent = sentAt !== undefined && view.state !== 'accepted'
      return anAttempt(wasSent ? { ...known, sentAt } : known)
    }),
  )
const anyEvent = fc.constantFrom<Receipt['event']>(
  { state: 'sent' },
  { state: 'delivered' },
  { state: 'failed', class: 'expired', code: 'x' },
)

describe('advanceAll', () => {
  it('does to the row what the careful way would do, or nothing', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...STATES, ...USUAL, ...USUAL),
        anyAttempts,
        fc.integer({ min: 1, max: 3 }),
        anyEvent,
        fc.boolean(),
        async (state, attempts, number, event, isOpen) => {
          // A row that is accepted or sent is so because of its furthest attempt.
          const isUsual = state === 'accepted' || state === 'sent'
          const known = isUsual ? (furthestState(attempts) ?? 'queued') : state
          const login = await stored({ state: known, attempts, isOpen })
          const receipt: Receipt = { providerMessageId: `m_${number}`, event, at: NOW + 9 }
          const isAdvanced = await isTaken(refOf(login, number), receipt, NOW + 10)
          const after = await findLogin(db, login)
          if (!isAdvanced) {
            expect(after).toEqual(login)
            return
          }
          taken += 1
          const effect = applyReceipt(
            login,
            { number, provider: 'twilio', called: 'twilio' },
            receipt,
            NOW + 10,
          )
          expect([effect.resend, effect.undelivered]).toEqual([false, null])
          expect(after).toEqual({ ...login, ...effect.change, version: login.version + 1 })
        },
      ),
      { numRuns: 800 },
    )
    expect(taken).toBeGreaterThan(20)
  })

  it('takes the usual receipts: sent, delivered, and delivered after sent', async () => {
    for (const [state, event] of [
      ['accepted', 'sent'],
      ['accepted', 'delivered'],
      ['sent', 'delivered'],
    ] as const) {
      const login = await stored({ state, attempts: [anAttempt({ state })] })
      const receipt = { providerMessageId: 'm_1', event: { state: event } }
      expect(await isTaken(refOf(login, 1), receipt, NOW)).toBe(true)
      expect(await isTaken(refOf(login, 1), receipt, NOW)).toBe(false)
    }
  })
})
