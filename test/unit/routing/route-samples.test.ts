// Samples in memory: what counts as what, and when a lump of them is worth a row.

import { describe, expect, it } from 'vitest'
import {
  callSampleKind,
  createSampleBuffer,
  EVIDENCE_MS,
  noteSample,
  receiptSample,
  type SampleKind,
  takeSamples,
} from '../../../src/routing/route-samples.ts'
import type { Receipt } from '../../../src/sms/provider.ts'
import { ACCEPTED, FAILURE_CLASSES, failure, NOW } from '../deliver/fixtures.ts'

const MINUTE_AT = Math.floor(NOW / 60_000) * 60_000

function sample(kind: SampleKind, changes: { provider?: string; calledAt?: number } = {}) {
  return { provider: 'twilio', country: 'TH', calledAt: NOW, kind, ...changes }
}

describe('the buffer', () => {
  it('keeps good news until there are 32 of them', () => {
    const buffer = createSampleBuffer()
    for (let count = 0; count < 31; count += 1) {
      noteSample(buffer, sample(count % 2 === 0 ? 'ok' : 'delivered'))
      expect(takeSamples(buffer, NOW)).toEqual([])
    }
    noteSample(buffer, sample('ok'))
    expect(takeSamples(buffer, NOW)).toEqual([
      {
        provider: 'twilio',
        country: 'TH',
        minuteAt: MINUTE_AT,
        counts: { ok: 17, delivered: 15 },
      },
    ])
    expect(takeSamples(buffer, NOW + EVIDENCE_MS)).toEqual([])
  })

  it.each(['slow', 'fault', 'late', 'failed', 'missing'] as const)(
    'hands out everything as soon as one is %s',
    (kind) => {
      const buffer = createSampleBuffer()
      noteSample(buffer, sample('ok'))
      noteSample(buffer, sample(kind))
      expect(takeSamples(buffer, NOW)).toMatchObject([{ counts: { ok: 1, [kind]: 1 } }])
    },
  )

  it('hands out good news of a provider that is watched', () => {
    const buffer = createSampleBuffer()
    noteSample(buffer, sample('ok'), true)
    expect(takeSamples(buffer, NOW)).toMatchObject([{ counts: { ok: 1 } }])
  })

  it('pauses 20 s between two rows, and loses nothing meanwhile', () => {
    const buffer = createSampleBuffer()
    noteSample(buffer, sample('fault'))
    takeSamples(buffer, NOW)
    for (let count = 0; count < 100; count += 1) noteSample(buffer, sample('fault'))
    expect(takeSamples(buffer, NOW + 19_999)).toEqual([])
    expect(takeSamples(buffer, NOW + 20_000)).toMatchObject([{ counts: { fault: 100 } }])
  })

  it('pauses no longer where the clock was set back meanwhile', () => {
    const buffer = createSampleBuffer()
    noteSample(buffer, sample('fault'))
    takeSamples(buffer, NOW + 3_600_000)
    noteSample(buffer, sample('fault'))
    expect(takeSamples(buffer, NOW)).toMatchObject([{ counts: { fault: 1 } }])
  })

  it('counts per provider, country and minute, and drops what is too old to be judged', () => {
    const buffer = createSampleBuffer()
    noteSample(buffer, sample('ok'))
    noteSample(buffer, sample('ok', { provider: 'infobip' }))
    noteSample(buffer, sample('ok', { calledAt: NOW - 60_000 }))
    noteSample(buffer, sample('fault', { calledAt: NOW - EVIDENCE_MS - 60_000 }))
    const cells = takeSamples(buffer, NOW).map(({ provider, minuteAt }) => [provider, minuteAt])
    expect(cells).toEqual([
      ['twilio', MINUTE_AT],
      ['infobip', MINUTE_AT],
      ['twilio', MINUTE_AT - 60_000],
    ])
  })
})

describe('a call', () => {
  it('is good, slow, a fault, or says nothing of the provider', () => {
    expect(callSampleKind(ACCEPTED, 599, 600)).toBe('ok')
    expect(callSampleKind(ACCEPTED, 600, 600)).toBe('slow')
    const kinds = FAILURE_CLASSES.map((name) => [name, callSampleKind(failure(name), 1, 600)])
    expect(Object.fromEntries(kinds)).toEqual({
      recipient_permanent: null,
      recipient_temporary: null,
      opted_out: null,
      message_rejected: null,
      provider_config: 'fault',
      provider_transient: 'fault',
      ambiguous: 'fault',
      expired: null,
      unclear: null,
    })
  })
})

describe('a receipt', () => {
  const ref = { accountId: '1001', seq: 7, attempt: 1, country: 'TH', startedAt: NOW }
  const kindOf = (event: Receipt['event'], now: number) =>
    receiptSample('twilio', ref, { providerMessageId: 'm_1', event }, now)?.kind ?? null

  it('of delivery counts by our clock, from the call on', () => {
    expect(kindOf({ state: 'delivered' }, NOW + 60_000)).toBe('delivered')
    expect(kindOf({ state: 'delivered' }, NOW + 60_001)).toBe('late')
    const forged: Receipt = { providerMessageId: 'm', event: { state: 'delivered' }, at: NOW + 1 }
    expect(receiptSample('twilio', ref, forged, NOW + 90_000)).toEqual({
      provider: 'twilio',
      country: 'TH',
      calledAt: NOW,
      kind: 'late',
    })
  })

  it('of failure counts unless it is the recipient’s', () => {
    const kinds = FAILURE_CLASSES.map((name) => [
      name,
      kindOf({ state: 'failed', class: name, code: '1' }, NOW),
    ])
    expect(Object.fromEntries(kinds)).toEqual({
      recipient_permanent: null,
      recipient_temporary: null,
      opted_out: null,
      message_rejected: 'failed',
      provider_config: 'failed',
      provider_transient: 'failed',
      ambiguous: 'failed',
      expired: 'late',
      unclear: 'failed',
    })
  })

  it('that it was sent, and one of a former deployment, say nothing', () => {
    expect(kindOf({ state: 'sent' }, NOW)).toBe(null)
    const old = { accountId: '1001', seq: 7, attempt: 1 }
    const receipt: Receipt = { providerMessageId: 'm', event: { state: 'delivered' } }
    expect(receiptSample('twilio', old, receipt, NOW)).toBe(null)
  })
})
