// A plain login to be stored, as ingest hands it on.

import type { LoginToInsert } from '../../../src/login/insert-login.ts'
import { NOW } from '../deliver/fixtures.ts'

export function aLoginToInsert(changes: Partial<LoginToInsert> = {}): LoginToInsert {
  return {
    alertId: 'alr_1',
    accountId: '1001',
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
    sessionExpiresAt: null,
    deviceMark: null,
    networkMark: null,
    olderDeviceMarks: [],
    olderNetworkMarks: [],
    formerNetworkMarks: [],
    trace: null,
    claim: `claim_${changes.alertId ?? 'alr_1'}`,
    sendUntil: null,
    alertsPerWindow: 3,
    alertsPerDay: 20,
    alertsLeast: 'off',
    coolingOffMs: 0,
    keyNames: [],
    erasedScopes: [],
    ...changes,
  }
}
