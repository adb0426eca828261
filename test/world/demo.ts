// The demo user and the logins that the world's page offers. The addresses are real networks' so
// that Lockline's own table can name them; nothing is ever sent to them.

import type { SignIn } from '../../examples/exchange/exchange.ts'
import type { Exchange } from './exchange.ts'
import { textField } from './json.ts'
import type { ActivityFields, Answer } from './told.ts'

export const DEMO_ACCOUNT_ID = 'demo'
export const DEMO_PHONE = '+12025550123'

/** What an exchange would set that wants nothing of a thief left. */
export const DEMO_SETTINGS = {
  COOLING_OFF_HOURS: '12',
  LOCK_ACTIONS:
    'sessions.revoke withdrawals.hold api_keys.revoke withdrawals.cancel addresses.freeze orders.cancel',
} as const

export type Scenario = {
  readonly id: string
  readonly title: string
  readonly detail: string
  readonly signIn: Omit<SignIn, 'accountId'>
}

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1'
const CHROME_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const CHROME_ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36'
const FIREFOX_LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'frankfurt',
    title: 'iPhone in Frankfurt',
    detail: 'Germany, mobile network',
    signIn: {
      ip: '80.187.96.10',
      userAgent: IPHONE,
      deviceName: 'iPhone 15',
      country: 'DE',
      city: 'Frankfurt',
    },
  },
  {
    id: 'taipei',
    title: 'Chrome in Taipei',
    detail: 'Taiwan, Windows PC',
    signIn: { ip: '1.160.10.20', userAgent: CHROME_WINDOWS, country: 'TW', city: 'Taipei' },
  },
  {
    id: 'datacentre',
    title: 'Linux in a data centre',
    detail: 'An address of a hosting company',
    signIn: { ip: '88.198.50.10', userAgent: FIREFOX_LINUX, country: 'DE', city: 'Nuremberg' },
  },
  {
    id: 'vpn',
    title: 'Through a VPN',
    detail: 'Nobody knows from where',
    signIn: { ip: '146.70.100.20', userAgent: CHROME_WINDOWS },
  },
  {
    id: 'parallel',
    title: 'Second device, same time',
    detail: 'Android in London, parallel session',
    signIn: { ip: '82.132.220.10', userAgent: CHROME_ANDROID, country: 'GB', city: 'London' },
  },
]

export type Happening = {
  readonly id: string
  readonly title: string
  readonly fields: Omit<ActivityFields, 'account_id'>
}

const STRANGER = { ip: '88.198.50.10', user_agent: FIREFOX_LINUX }

/** What else may happen in an account, as an exchange would tell of it: nothing of it is done to the demo user's. */
export const ACTIVITIES: readonly Happening[] = [
  { id: 'password', title: 'Password changed', fields: { kind: 'password_changed', ...STRANGER } },
  {
    id: 'factor-off',
    title: '2FA turned off',
    fields: { kind: 'two_factor_disabled', ...STRANGER },
  },
  { id: 'factor', title: '2FA changed', fields: { kind: 'two_factor_changed', ...STRANGER } },
  { id: 'email', title: 'E-mail changed', fields: { kind: 'email_changed', ...STRANGER } },
  { id: 'phone', title: 'Phone changed', fields: { kind: 'phone_changed', ...STRANGER } },
  {
    id: 'api-key',
    title: 'API key created',
    fields: { kind: 'api_key_created', detail: 'trading bot', ...STRANGER },
  },
  {
    id: 'address',
    title: 'Address added',
    fields: { kind: 'address_added', detail: 'ends in 8qz4', ...STRANGER },
  },
  { id: 'failed', title: 'Login failed', fields: { kind: 'logins_failed', ...STRANGER } },
  { id: 'reset', title: 'Password reset', fields: { kind: 'password_reset', ...STRANGER } },
  {
    id: 'withdrawal',
    title: 'Withdrawal asked',
    fields: { kind: 'withdrawal_requested', detail: '0.5 BTC', ...STRANGER },
  },
  { id: 'other', title: 'Something else', fields: { kind: 'nickname_changed', ...STRANGER } },
]

/** Binds the demo phone unless Lockline knows the user: what was changed in the portal stays. */
export async function importDemoAccount(exchange: Exchange): Promise<Answer> {
  const path = `/v1/accounts/${DEMO_ACCOUNT_ID}`
  await addOwnersAddress(exchange)
  const known = await exchange.api('GET', path)
  if (known.status !== 404) return known
  return exchange.api('PUT', path, { phone: DEMO_PHONE, locale: 'en', alerts: 'all' })
}

/** The exchange lets the user in, and tells Lockline from its outbox. */
export async function demoLogin(exchange: Exchange, scenario: Scenario): Promise<void> {
  const { signIn, title } = scenario
  await exchange.example.logIn({
    locale: 'en',
    ...signIn,
    accountId: DEMO_ACCOUNT_ID,
    label: title,
  })
}

export function tellActivity(exchange: Exchange, { fields }: Happening): Promise<Answer> {
  return exchange.activity({ ...fields, account_id: DEMO_ACCOUNT_ID })
}

export function liftDemoHold(exchange: Exchange): Promise<Answer> {
  const path = `/v1/accounts/${DEMO_ACCOUNT_ID}/hold`
  return exchange.api('DELETE', path, { reason: 'Released on the demo page' })
}

/** A fresh way into the demo user's own pages, as the exchange would offer it; null when it was refused. */
export async function demoPortalUrl(exchange: Exchange): Promise<string | null> {
  const path = `/v1/accounts/${DEMO_ACCOUNT_ID}/portal-links`
  const answer = await exchange.api('POST', path, { amr: ['pwd', 'otp'] })
  return answer.status === 201 ? textField(answer.body, 'url') : null
}

const OWNERS_ADDRESS_AGE_MS = 90 * 24 * 3_600_000

/** The owner's own, long there: no lock touches it. */
async function addOwnersAddress({ store }: Exchange): Promise<void> {
  const now = Date.now()
  await store.update(DEMO_ACCOUNT_ID, now, (account) => {
    const id = 'adr_owner'
    if (account.addresses.some((address) => address.id === id))
      return { account, result: undefined }
    const address = 'bc1q3nvd6yvzzqgm9h2w0t5x8s4k7e6r2p9a0c1f3d'
    const addedAt = now - OWNERS_ADDRESS_AGE_MS
    const own = {
      id,
      name: 'The owner’s hardware wallet',
      address,
      addedAt,
      state: 'usable',
    } as const
    return { account: { ...account, addresses: [own, ...account.addresses] }, result: undefined }
  })
}

/** As D1 has it. */
type Database = {
  readonly prepare: (sql: string) => {
    readonly bind: (...values: readonly unknown[]) => { readonly run: () => Promise<unknown> }
  }
}

/** Makes the demo user a customer of long standing: in an account's first day nothing holds by itself. */
export async function ageDemoUser(databases: readonly Database[]): Promise<void> {
  const sql = 'UPDATE accounts SET created_at = min(created_at, ?) WHERE account_id = ?'
  const createdAt = Date.now() - OWNERS_ADDRESS_AGE_MS
  for (const database of databases) {
    await database.prepare(sql).bind(createdAt, DEMO_ACCOUNT_ID).run()
  }
}
