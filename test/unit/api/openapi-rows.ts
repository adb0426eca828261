// Rows as they are stored, with every field set, for holding the document against the views.

import type { Account } from '../../../src/account/accounts.ts'
import type { Login } from '../../../src/login/login.ts'

const AT = Date.UTC(2026, 10, 23, 14, 3, 27)

export const PHONE = { e164: '+12025550123', country: 'US' }

export const ACCOUNT_ROW: Account = {
  accountId: '10482113',
  phoneSealed: 'sealed',
  phoneTag: 'tag',
  phoneState: 'invalid',
  phoneStateCode: '30005',
  locale: 'zh-TW',
  alerts: 'all',
  phraseSealed: null,
  totpSealed: null,
  holdUntil: null,
  holdLockId: null,
  createdAt: AT,
  updatedAt: AT,
  totpLastStep: null,
  formerPhoneSealed: null,
  formerPhoneUntil: null,
  formerPhoneTag: null,
}

export const LOGIN_ROW: Login = {
  accountId: '10482113',
  seq: 43,
  alertId: 'alr_7jw1n0ye9s0q6c5b4t3v2x8kzm',
  sessionId: 's_9f2c',
  occurredAt: AT,
  receivedAt: AT + 200,
  country: 'DE',
  city: 'Frankfurt',
  hosting: 'Hetzner',
  reserved: 'private',
  ipTail: '13.77',
  browser: 'Safari',
  os: 'iOS',
  deviceName: 'iPhone 15',
  locale: 'zh-TW',
  isParallel: true,
  liveSeqs: [1, 2],
  sessionExpiresAt: AT + 86_400_000,
  sessionEndedAt: AT + 1_000,
  sessionEnd: 'revoked',
  alertNumber: 42,
  alertCount: 42,
  state: 'delivered',
  suppressionReason: null,
  isOpen: false,
  leaseUntil: null,
  wave: 1,
  version: 3,
  knownMarks: {},
  isFamiliar: false,
  mergedInto: null,
  confirmedAt: null,
  pushes: [],
  claim: null,
  attempts: [
    {
      number: 1,
      provider: 'twilio',
      state: 'failed',
      startedAt: AT,
      durationMs: 200,
      segments: 1,
      class: 'provider_transient',
      code: 'http_503',
      failedAt: AT + 300,
    },
    {
      number: 2,
      provider: 'infobip',
      state: 'delivered',
      startedAt: AT + 200,
      durationMs: 150,
      segments: 1,
      providerMessageId: '4187012345678903',
      sentAt: AT + 400,
      deliveredAt: AT + 900,
    },
  ],
}
