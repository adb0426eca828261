// The values all examples share, so that one login can be followed through the whole document. A test
// validates every example against its schema.

export const ACCOUNT_ID = '10482113'
export const SESSION_ID = 's_9f2c'
export const ALERT_ID = 'alr_7jw1n0ye9s0q6c5b4t3v2x8kzm'
export const LOCK_ID = 'lck_2hc8m4k6e0r9wqz3x7vabn1ytd'

export const LOGIN_EVENT = {
  type: 'login.succeeded',
  timestamp: '2026-11-23T14:03:27.123Z',
  data: {
    account_id: ACCOUNT_ID,
    session_id: SESSION_ID,
    ip: '203.0.113.77',
    user_agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
    device_name: 'iPhone 15',
    locale: 'zh-TW',
    country: 'DE',
    city: 'Frankfurt',
    session_expires_at: '2026-11-24T14:03:27Z',
  },
}

export const SESSION_ENDED_EVENT = {
  type: 'session.ended',
  timestamp: '2026-11-23T16:20:00.000Z',
  data: { account_id: ACCOUNT_ID, session_id: SESSION_ID },
}

export const ACCOUNT = {
  account_id: ACCOUNT_ID,
  phone: {
    masked: '•••• 0123',
    country: 'US',
    state: 'ok',
    state_code: null,
    sms: { service: 'served', sender: 'number', link: true },
  },
  locale: 'zh-TW',
  alerts: 'all',
  has_phrase: false,
  has_totp_secret: false,
  created_at: '2026-11-01T09:00:00.000Z',
  updated_at: '2026-11-01T09:00:00.000Z',
  held: false,
}

const ATTEMPTS = [
  {
    number: 1,
    provider: 'twilio',
    state: 'failed',
    failure: 'provider_transient',
    code: 'http_503',
    provider_message_id: null,
    segments: 1,
    started_at: '2026-11-23T14:03:27.402Z',
    duration_ms: 212,
    sent_at: null,
    delivered_at: null,
    failed_at: null,
  },
  {
    number: 2,
    provider: 'infobip',
    state: 'delivered',
    failure: null,
    code: null,
    provider_message_id: '4187012345678903',
    segments: 1,
    started_at: '2026-11-23T14:03:27.616Z',
    duration_ms: 180,
    sent_at: '2026-11-23T14:03:28.100Z',
    delivered_at: '2026-11-23T14:03:30.000Z',
    failed_at: null,
  },
]

export const LOGIN = {
  alert_id: ALERT_ID,
  session_id: SESSION_ID,
  occurred_at: '2026-11-23T14:03:27.123Z',
  received_at: '2026-11-23T14:03:27.310Z',
  place: { country: 'DE', city: 'Frankfurt', hosting: null, reserved: null, ip: '…13.77' },
  device: { browser: 'Safari', os: 'iOS', name: 'iPhone 15' },
  parallel_session: false,
  session: { expires_at: '2026-11-24T14:03:27.000Z', ended_at: null, end: null },
  alert: { number: 42, state: 'delivered', reason: null, wave: 1, attempts: ATTEMPTS },
}

export const SESSION = {
  session_id: SESSION_ID,
  alert_id: ALERT_ID,
  started_at: '2026-11-23T14:03:27.123Z',
  expires_at: '2026-11-24T14:03:27.000Z',
  place: { country: 'DE', city: 'Frankfurt', ip: '…13.77' },
  device: { browser: 'Safari', os: 'iOS', name: 'iPhone 15' },
}

export const HOLD = { held: true, until: '2026-11-24T14:05:10.000Z', lock_id: LOCK_ID }
export const NO_HOLD = { held: false, until: null, lock_id: null }
