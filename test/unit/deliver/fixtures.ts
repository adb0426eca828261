// Plain logins, providers and outcomes for the tests of delivery and receipts.

import fc from 'fast-check'
import { makeSender } from '../../../src/country/sender.ts'
import { err } from '../../../src/lib/result.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import type { Attempt } from '../../../src/login/attempt.ts'
import type { Login } from '../../../src/login/login.ts'
import type { CallResult } from '../../../src/routing/failover.ts'
import type { RouteStep } from '../../../src/routing/route.ts'
import { FAILURE_CLASSES, type FailureClass } from '../../../src/sms/outcome-classes.ts'
import type { SendOutcome } from '../../../src/sms/provider.ts'
import type { ProviderName, SmsProvider } from '../../../src/sms/registry.ts'

export const NOW = Date.UTC(2026, 10, 23, 14, 3, 27)

export { FAILURE_CLASSES }

export const ACCEPTED: SendOutcome = { class: 'accepted', providerMessageId: 'm_1' }

export function failure(failureClass: FailureClass): SendOutcome {
  return { class: failureClass, code: `code_${failureClass}` }
}

export const anyOutcome: fc.Arbitrary<SendOutcome> = fc
  .constantFrom('accepted' as const, ...FAILURE_CLASSES)
  .map((outcomeClass) => (outcomeClass === 'accepted' ? ACCEPTED : failure(outcomeClass)))

export function aProvider(name: ProviderName, hasReceipts = true): SmsProvider {
  return {
    name,
    defaultSender: '+12025550199',
    hasReceipts,
    buildRequest: () => ({ method: 'POST', url: 'sandbox:', headers: {}, body: '' }),
    readResponse: () => ACCEPTED,
    readReceipts: async () => err({ reason: 'unsigned' }),
    readInbound: async () => err({ reason: 'unsigned' }),
  }
}

export const PROVIDERS = (['twilio', 'infobip', 'vonage', 'telnyx'] as const).map((name) =>
  aProvider(name),
)

export function routeOf(providers: readonly SmsProvider[]): readonly RouteStep[] {
  return providers.map((provider) => ({
    provider,
    sender: makeSender(provider.defaultSender),
    standing: 'allowed',
  }))
}

export const ROUTE = routeOf(PROVIDERS)

export function anAttempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    provider: 'twilio',
    state: 'accepted',
    startedAt: NOW,
    durationMs: 120,
    segments: 2,
    ...changes,
  }
}

export function aCall(provider: SmsProvider, number: number, outcome: SendOutcome): CallResult {
  return { provider, number, outcome, country: 'US', segments: 2, startedAt: NOW, durationMs: 120 }
}

/** Claimed a moment ago, nothing tried yet. */
export function aLogin(changes: Partial<Login> = {}): Login {
  const accountId = changes.accountId ?? '1001'
  return {
    slot: slotOf(accountId),
    accountId,
    seq: 7,
    alertId: 'alr_1',
    sessionId: 's_1',
    occurredAt: NOW,
    receivedAt: NOW,
    country: 'DE',
    city: null,
    hosting: null,
    reserved: null,
    ipTail: '13.77',
    browser: null,
    os: null,
    deviceName: null,
    locale: null,
    isParallel: false,
    sessionExpiresAt: null,
    sessionEndedAt: null,
    sessionEnd: null,
    liveSeqs: [7],
    alertNumber: 42,
    alertCount: 42,
    state: 'sending',
    suppressionReason: null,
    isOpen: true,
    leaseUntil: NOW + 12_000,
    wave: 1,
    version: 1,
    attempts: [],
    knownMarks: {},
    activity: null,
    activityAsSent: null,
    detail: null,
    loginSeq: null,
    activitiesToday: null,
    isFamiliar: false,
    mergedInto: null,
    confirmedAt: null,
    pushes: [],
    claim: 'claim_1',
    alertsToday: 1,
    carrierSeq: null,
    isNewCountry: false,
    trace: null,
    isNewDevice: false,
    holdUntil: null,
    ...changes,
  }
}
