// One alert as most are: for tests and tables that ask what becomes of a text elsewhere than in its facts.

import type { AlertFacts } from '../../src/alert/facts.ts'

export const USUAL_ALERT: AlertFacts = {
  exchangeName: 'BitEx',
  alertNumber: 42,
  occurredAt: Date.UTC(2026, 10, 23, 14, 3, 27),
  country: 'DE',
  city: 'Frankfurt',
  hosting: null,
  reserved: null,
  ipTail: '13.77',
  browser: 'Chrome',
  os: 'Windows',
  deviceName: null,
  isParallel: false,
  phrase: null,
  // As long as a short account id makes it.
  lockUrl: `https://lock.example.com/l/${'aB3-'.repeat(15)}d9`,
  replyCode: '7K3Q',
  typedCode: '7K3Q M2WX',
  mergedNumbers: [42],
  isMixed: false,
  isNewCountry: false,
  isNewDevice: false,
  holdUntil: null,
}
