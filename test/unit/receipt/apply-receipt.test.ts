// Receipts come twice, late, out of order and before our own note of the call: what is known only ever
// grows, and an alert goes on only while that can help.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Attempt, furthestState, mergeAttempts } from '../../../src/login/attempt.ts'
import { ALERT_MAX_AGE_MS, type Login } from '../../../src/login/login.ts'
import { applyReceipt, type ReceiptEffect } from '../../../src/receipt/apply-receipt.ts'
import type { Receipt } from '../../../src/sms/provider.ts'
import { aLogin, anAttempt, FAILURE_CLASSES, NOW } from '../deliver/fixtures.ts'

type Report = { readonly number: 1 | 2; readonly event: Receipt['event'] }

const PROVIDER_OF = { 1: 'twilio', 2: 'infobip' } as const
const AT = { sent: NOW + 1_000, delivered: NOW + 2_000, failed: NOW + 3_000 }
const RANK = { unknown: 0, accepted: 1, sent: 2, failed: 3, delivered: 4 }

const SENT: Receipt['event'] = { state: 'sent' }
const DELIVERED: Receipt['event'] = { state: 'delivered' }
const FAILED: Receipt['event'] = { state: 'failed', class: 'recipient_temporary', code: '30003' }
const OPTED_OUT: Receipt['event'] = { state: 'failed', class: 'opted_out', code: '21610' }

const attempts: readonly Attempt[] = [
  anAttempt({
    number: 1,
    provider: 'twilio',
    state: 'unknown',
    class: 'ambiguous',
    code: 'timeout',
  }),
  anAttempt({ number: 2, provider: 'infobip', state: 'accepted', providerMessageId: 'm_2' }),
]

function accepted(changes: Partial<Login> = {}): Login {
  return aLogin({ state: 'accepted', leaseUntil: null, attempts, ...changes })
}

function apply(login: Login, { number, event }: Report, now = NOW + 5_000): ReceiptEffect {
  const receipt = { providerMessageId: `m_${number}`, event, at: AT[event.state] }
  const provider = PROVIDER_OF[number]
  return applyReceipt(login, { number, provider, called: provider }, receipt, now)
}

function applyAll(login: Login, reports: readonly Report[]): Login {
  let current = login
  for (const report of reports) current = { ...current, ...apply(current, report).change }
  return current
}

const anyReport: fc.Arbitrary<Report> = fc.record({
  number: fc.constantFrom(1, 2),
  event: fc.constantFrom(SENT, DELIVERED, FAILED),
})
const anyReports = fc.array(anyReport, { maxLength: 8 })

describe('what is known of an attempt', () => {
  it('is the same in the end, in whatever order and however often receipts come', () => {
    const reorderings = anyReports.chain((reports) =>
      fc.record({
        reports: fc.constant(reports),
        shuffled: fc.shuffledSubarray([...reports, ...reports], { minLength: 2 * reports.length }),
      }),
    )
    fc.assert(
      fc.property(reorderings, ({ reports, shuffled }) => {
        const expected = applyAll(accepted(), reports).attempts
        expect(applyAll(accepted(), shuffled).attempts).toEqual(expected)
      }),
    )
  })

  it('never goes back, and once delivered stays delivered', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        let login = accepted()
        for (const report of reports) {
          const next = { ...login, ...apply(login, report).change }
          for (const before of login.attempts) {
            const after = next.attempts.find((attempt) => attempt.number === before.number)
            expect(RANK[after?.state ?? 'unknown']).toBeGreaterThanOrEqual(RANK[before.state])
          }
          if (login.state === 'delivered') expect(next.state).toBe('delivered')
          login = next
        }
        const wasDelivered = reports.some(({ event }) => event.state === 'delivered')
        expect(login.state === 'delivered').toBe(wasDelivered)
      }),
    )
  })

  it('is not written again by a receipt that came before, whatever came between', () => {
    fc.assert(
      fc.property(anyReports, anyReport, (reports, report) => {
        const login = applyAll(accepted(), [report, ...reports])
        expect(apply(login, report)).toEqual({ change: null, resend: false, undelivered: null })
      }),
    )
  })

  it('keeps when it was sent, delivered and failed, each once', () => {
    const login = applyAll(accepted(), [
      { number: 2, event: FAILED },
      { number: 2, event: SENT },
      { number: 2, event: DELIVERED },
    ])
    expect(login.attempts[1]).toMatchObject({
      state: 'delivered',
      sentAt: AT.sent,
      deliveredAt: AT.delivered,
      failedAt: AT.failed,
      providerMessageId: 'm_2',
      durationMs: 120,
      segments: 2,
    })
  })

  it('takes our own clock where the carrier’s is not given', () => {
    const receipt = { providerMessageId: 'm_2', event: DELIVERED }
    const source = { number: 2, provider: 'infobip', called: 'infobip' } as const
    const { change } = applyReceipt(accepted(), source, receipt, NOW + 7_000)
    expect(change?.attempts?.[1]?.deliveredAt).toBe(NOW + 7_000)
  })

  it('is not moved by a receipt of another provider than the one that was called', () => {
    const receipt = { providerMessageId: 'm_2', event: DELIVERED }
    const source = { number: 2, provider: 'twilio' } as const
    const ofOther = { ...source, called: 'infobip' }
    expect(applyReceipt(accepted(), ofOther, receipt, NOW).change).toBe(null)
    // Of a former deployment, whose references did not say.
    const ofUnknown = { ...source, called: undefined }
    expect(applyReceipt(accepted(), ofUnknown, receipt, NOW).change).toBe(null)
  })

  it('of a dead isolate is kept beside the one that was given its number again', () => {
    const receipt = { providerMessageId: 'm_lost', event: DELIVERED, at: NOW }
    const source = { number: 2, provider: 'twilio', called: 'twilio' } as const
    const { change } = applyReceipt(accepted(), source, receipt, NOW)
    expect(change).toMatchObject({ state: 'delivered', isOpen: false })
    expect(
      change?.attempts?.map(({ number, provider, state }) => [number, provider, state]),
    ).toEqual([
      [1, 'twilio', 'unknown'],
      [2, 'infobip', 'accepted'],
      [2, 'twilio', 'delivered'],
    ])
  })

  it('that was taken after all is no longer called ambiguous', () => {
    const answer = anAttempt({ number: 1, state: 'accepted', providerMessageId: 'm_1' })
    const [taken] = mergeAttempts(attempts.slice(0, 1), [answer])
    expect(taken).toMatchObject({ state: 'accepted', providerMessageId: 'm_1' })
    expect(taken).not.toHaveProperty('class')
    expect(taken).not.toHaveProperty('code')
  })
})

describe('an alert with a receipt', () => {
  it('follows the furthest of its attempts', () => {
    expect(applyAll(accepted(), [{ number: 2, event: SENT }])).toMatchObject({ state: 'sent' })
    expect(applyAll(accepted(), [{ number: 1, event: SENT }])).toMatchObject({ state: 'sent' })
    expect(applyAll(accepted(), [{ number: 1, event: DELIVERED }])).toMatchObject({
      state: 'delivered',
      isOpen: false,
      leaseUntil: null,
    })
  })

  it('does not go on while another attempt may still arrive', () => {
    const both = accepted({ attempts: attempts.map((one) => ({ ...one, state: 'accepted' })) })
    expect(apply(both, { number: 2, event: FAILED })).toMatchObject({
      change: { state: 'accepted' },
      resend: false,
      undelivered: null,
    })
  })

  it('goes on to the next provider when the last hope failed while it is young', () => {
    expect(apply(accepted(), { number: 2, event: FAILED }, NOW + ALERT_MAX_AGE_MS)).toMatchObject({
      change: { state: 'queued', wave: 2, isOpen: true, leaseUntil: null },
      resend: true,
      undelivered: null,
    })
  })

  it('is given up when the last hope failed and it is too old', () => {
    expect(
      apply(accepted(), { number: 2, event: FAILED }, NOW + ALERT_MAX_AGE_MS + 1),
    ).toMatchObject({ change: { state: 'undelivered', isOpen: false }, resend: false })
  })

  it.each(FAILURE_CLASSES)('after %s goes on or stops as a call of that class would', (name) => {
    const event = { state: 'failed', class: name, code: 'x' } as const
    const effect = apply(accepted(), { number: 2, event })
    const isFinal = name === 'opted_out'
    expect(effect).toMatchObject(
      isFinal
        ? { change: { state: 'undelivered', isOpen: false }, resend: false, undelivered: name }
        : { change: { state: 'queued' }, resend: true, undelivered: null },
    )
  })

  it('A4 is given up where two providers deny the number, and not before', () => {
    const denied = { state: 'failed', class: 'recipient_permanent', code: 'x' } as const
    const [one, two] = attempts.map((attempt) => ({ ...attempt, ...denied, failedAt: NOW }))
    const known = accepted({ attempts: attempts.slice(1) })
    const first = apply(known, { number: 2, event: denied })
    expect([first.resend, first.undelivered]).toEqual([true, null])
    const waiting = accepted({ attempts: [one ?? anAttempt(), attempts[1] ?? anAttempt()] })
    const second = apply(waiting, { number: 2, event: denied })
    expect([second.resend, second.undelivered]).toEqual([false, 'recipient_permanent'])
    expect(second.change?.attempts?.[1]).toEqual({ ...two, failedAt: AT.failed })
  })

  it.each(['queued', 'sending'] as const)('is left to who has it while %s', (state) => {
    const login = accepted({ state, attempts: [] })
    for (const event of [SENT, FAILED, OPTED_OUT]) {
      const effect = apply(login, { number: 1, event })
      expect(Object.keys(effect.change ?? {})).toEqual(['attempts'])
      expect([effect.resend, effect.undelivered]).toEqual([false, null])
    }
  })

  it.each(['queued', 'sending'] as const)('is done when delivered, even while %s', (state) => {
    expect(apply(accepted({ state, attempts: [] }), { number: 1, event: DELIVERED })).toMatchObject(
      {
        change: { state: 'delivered', isOpen: false, leaseUntil: null },
      },
    )
  })

  it('that was given up is not sent again, but may still prove delivered', () => {
    const given = accepted({ state: 'undelivered', isOpen: false })
    expect(apply(given, { number: 2, event: FAILED })).toMatchObject({
      resend: false,
      undelivered: null,
    })
    expect(applyAll(given, [{ number: 2, event: SENT }]).state).toBe('undelivered')
    expect(applyAll(given, [{ number: 2, event: DELIVERED }]).state).toBe('delivered')
  })

  it('resends once for one failure, however often it is reported', () => {
    let login = accepted()
    let resends = 0
    for (let turn = 0; turn < 4; turn += 1) {
      const effect = apply(login, { number: 2, event: FAILED })
      if (effect.resend) resends += 1
      login = { ...login, ...effect.change }
    }
    expect(resends).toBe(1)
  })
})

describe('mergeAttempts', () => {
  /** Two views of one attempt: what our record knows, and what receipts told, each in part. */
  const views = fc
    .record({
      call: fc.constantFrom<Partial<Attempt>>(
        { state: 'accepted', providerMessageId: 'm_1' },
        { state: 'unknown', class: 'ambiguous', code: 'timeout' },
      ),
      sentAt: fc.option(fc.constant(AT.sent), { nil: undefined }),
      end: fc.constantFrom<Partial<Attempt>>(
        {},
        { state: 'delivered', deliveredAt: AT.delivered },
        { state: 'failed', failedAt: AT.failed, class: 'expired', code: '30036' },
      ),
      number: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ call, sentAt, end, number }) => {
      const recorded = anAttempt({ number, ...call })
      const sent: Partial<Attempt> = sentAt === undefined ? {} : { state: 'sent', sentAt }
      const state = end.state ?? sent.state
      const isReported = state !== undefined
      const overtaking = { startedAt: NOW + 90, durationMs: 0, segments: 0 }
      const reported = isReported
        ? anAttempt({ number, ...overtaking, ...sent, ...end, state, providerMessageId: 'm_1' })
        : recorded
      return { recorded, reported }
    })

  it('gives the same whichever came first: our record or the receipt', () => {
    fc.assert(
      fc.property(views, ({ recorded, reported }) => {
        const merged = mergeAttempts([recorded], [reported])
        expect(mergeAttempts([reported], [recorded])).toEqual(merged)
        expect(merged[0]).toMatchObject({ startedAt: NOW, durationMs: 120, segments: 2 })
      }),
    )
  })

  it('changes nothing when merged again', () => {
    fc.assert(
      fc.property(views, ({ recorded, reported }) => {
        const merged = mergeAttempts([recorded], [reported])
        for (const again of [[recorded], [reported], merged]) {
          expect(mergeAttempts(merged, again)).toEqual(merged)
          expect(mergeAttempts(again, merged)).toEqual(merged)
        }
      }),
    )
  })

  it('keeps every attempt of either side, in order', () => {
    const [one, two, three] = [3, 1, 2].map((number) => anAttempt({ number }))
    const left = [one, two].filter((attempt) => attempt !== undefined)
    const right = [three, two].filter((attempt) => attempt !== undefined)
    expect(mergeAttempts(left, right).map((attempt) => attempt.number)).toEqual([1, 2, 3])
  })
})

describe('furthestState', () => {
  it.each([
    [[], null],
    [['unknown', 'failed'], null],
    [['failed', 'accepted'], 'accepted'],
    [['accepted', 'sent'], 'sent'],
    [['sent', 'delivered', 'failed'], 'delivered'],
  ] as const)('of %j is %s', (states, furthest) => {
    expect(furthestState(states.map((state) => anAttempt({ state })))).toBe(furthest)
  })
})

describe('a genuine receipt of another message', () => {
  it('B16 says nothing of an attempt whose own id is known', () => {
    const receipt = { providerMessageId: 'm_of_another', event: DELIVERED, at: AT.delivered }
    const source = { number: 2, provider: 'infobip', called: 'infobip' } as const
    expect(applyReceipt(accepted(), source, receipt, NOW + 5_000).change).toBeNull()
    expect(apply(accepted(), { number: 2, event: DELIVERED }).change).not.toBeNull()
  })

  it('B16 may be of an attempt that had no answer, and so has no id', () => {
    expect(apply(accepted(), { number: 1, event: DELIVERED }).change).not.toBeNull()
  })
})
