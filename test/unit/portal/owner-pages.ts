// The owner's pages within a visit, without their door and without a Worker: the real routes over the real tables, at an
// instant that the test chooses.

import { Hono } from 'hono'
import { findAccount, saveAccountStatement, sealField } from '../../../src/account/accounts.ts'
import { listPasskeys } from '../../../src/account/passkeys.ts'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import { parseConfig } from '../../../src/config.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { runningHoldsStatement } from '../../../src/lock/holds.ts'
import { authenticatorRoutes } from '../../../src/portal/authenticator/routes.ts'
import { holdPageRoutes } from '../../../src/portal/hold/routes.ts'
import { numberRemoveRoutes } from '../../../src/portal/number/remove-routes.ts'
import { numberRoutes } from '../../../src/portal/number/routes.ts'
import { overviewRoutes } from '../../../src/portal/overview/routes.ts'
import { passkeyRoutes } from '../../../src/portal/passkeys/routes.ts'
import type { PortalContext } from '../../../src/portal/portal-context.ts'
import { pushRoutes } from '../../../src/portal/push/routes.ts'
import { settingsRoutes } from '../../../src/portal/settings/routes.ts'
import type { VisitEnv } from '../../../src/portal/visit/visit-env.ts'
import { cardPageRoutes } from '../../../src/portal/ways/card-routes.ts'
import type { Language } from '../../../src/words/language.ts'
import { en } from '../../../src/words/languages/en.ts'
import type { PasskeyDevice } from '../../support/passkey-device.ts'
import { ports, randomBytes } from '../../support/ports.ts'
import { storePasskey } from '../../support/stored-passkey.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

export const ID = '10482113'
const ORIGIN = 'https://lock.example.com'
const key = (fill: number) => Buffer.alloc(32, fill).toString('base64')

/** The least that a deployment needs. */
export const SETTINGS = {
  EXCHANGE_NAME: 'BitEx',
  PUBLIC_ORIGIN: ORIGIN,
  WEBHOOK_SECRETS: `whsec_${key(1)}`,
  API_KEYS: 'an-api-key-of-an-exchange',
  CALLBACK_URL: 'https://exchange.example.com/hooks',
  CALLBACK_SECRETS: `whsec_${key(2)}`,
  LINK_SECRETS: key(3),
  DATA_SECRETS: key(4),
  SMS_PROVIDERS: 'sandbox',
}

const PUSH_SETTINGS = {
  VAPID_PUBLIC_KEY: Buffer.alloc(65, 4).toString('base64url'),
  VAPID_PRIVATE_KEY: Buffer.alloc(32, 4).toString('base64url'),
  VAPID_SUBJECT: 'mailto:operator@example.com',
}

type Beginning = {
  readonly PROFILE?: string
  readonly language?: Language
  readonly alerts?: 'all' | 'unusual' | 'off'
  readonly COOLING_OFF_HOURS?: string
  /** When the exchange saw a code of the app, as it says. */
  readonly otpAt?: number
}

const ROUTES = [
  ...[numberRoutes, numberRemoveRoutes, settingsRoutes, overviewRoutes],
  ...[passkeyRoutes, authenticatorRoutes, cardPageRoutes, holdPageRoutes, pushRoutes],
]

export type OwnerPages = Awaited<ReturnType<typeof ownerPages>>

/** `+12025550123`, no authenticator app; `now` may be set. */
export async function ownerPages({ language = en, alerts, otpAt, ...settings }: Beginning = {}) {
  const parsed = parseConfig({ ...SETTINGS, ...PUSH_SETTINGS, ...settings }, ports)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const config = parsed.value
  const db = openMemoryDb()
  const clock = { now: Date.UTC(2026, 10, 23, 12) }
  const queue = { send: async () => {} }
  const context = {
    ...ports,
    ...{ config, ...storesOf(db), now: () => clock.now, alerts: queue, callbacks: queue },
  } as unknown as PortalContext
  const phone = '+12025550123'
  const phoneSealed = await sealField(randomBytes, config.dataKeys, ID, 'phone', phone)
  const phoneTag = await makePhoneTag(config.dataKeys, phone)
  const change = { phoneSealed, phoneTag, ...(alerts && { alerts }) }
  await saveAccountStatement(db, ID, change, clock.now)

  const visitOf = (visitId: string) => ({
    ...{ slot: slotOf(ID), accountId: ID, visitId, secretTag: 'tag', startedAt: clock.now },
    ...{ expiresAt: clock.now + 3_600_000, otpAt: otpAt ?? null, endedOthersAt: null },
  })
  async function ask(path: string, fields?: Readonly<Record<string, string>>, visitId = 'vst_1') {
    const app = new Hono<VisitEnv>()
    app.use(async (c, next) => {
      const account = await findAccount(db, ID)
      if (!account) throw new Error('the account is gone')
      c.set('account', account)
      c.set('holds', await runningHoldsStatement(db, ID, clock.now))
      c.set('passkeys', await listPasskeys(db, ID))
      c.set('db', db)
      c.set('visit', visitOf(visitId))
      c.set('language', language)
      c.set('form', new URLSearchParams(fields))
      return next()
    })
    for (const routes of ROUTES) app.route('/', routes)
    const response = await app.request(path, { method: fields ? 'POST' : 'GET' }, { context })
    const { status, headers } = response
    return { status, location: headers.get('location'), headers, text: await response.text() }
  }

  async function addPasskey(createdAt: number): Promise<PasskeyDevice> {
    return (await storePasskey(db, { accountId: ID, createdAt, origin: ORIGIN })).device
  }

  return { db, config, context, clock, ask, addPasskey, account: () => findAccount(db, ID) }
}
