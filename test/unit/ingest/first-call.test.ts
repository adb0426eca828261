// Between a webhook and the first provider lies one call of D1, also in an isolate that has just begun, and whatever there
// is to know for the text: every other call of D1 waits here until the provider was asked.

import { afterEach, expect, it, vi } from 'vitest'
import { saveAccountStatement, sealField } from '../../../src/account/accounts.ts'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import { createContexts } from '../../../src/context.ts'
import { acceptEvent } from '../../../src/ingest/accept.ts'
import { databaseOver, prepareAll } from '../../../src/lib/batch-database.ts'
import type { RawRow } from '../../../src/lib/stored-row.ts'
import { ports, randomBytes } from '../../support/ports.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { SETTINGS } from '../portal/owner-pages.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const ID = '1001'
const PHONE = '+4915123456789'
const TWILIO = {
  SMS_PROVIDERS: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'a-token',
  TWILIO_FROM: '+12025550199',
}

const aLogin = (locale: string, device: string) =>
  ({
    type: 'login.succeeded',
    timestamp: Date.now(),
    data: { account_id: ID, session_id: `s_${device}`, locale, country: 'TH', device_name: device },
  }) as const
const LOGIN = aLogin('th', 'new')
const ACTIVITY = {
  type: 'activity.occurred',
  timestamp: Date.now(),
  data: { account_id: ID, kind: 'password_changed', session_id: null },
} as const

type Given = {
  readonly settings?: Readonly<Record<string, string>>
  readonly locale?: string
  /** A login of before, which was recognised, in this language. */
  readonly familiar?: string
}

/** A stage whose isolate is young, and whose D1 answers nothing but the call that stores an event, until it is thawed. */
async function coldStage({ settings, locale, familiar }: Given) {
  const db = openMemoryDb()
  const asked = Promise.withResolvers<string>()
  const thawed = Promise.withResolvers<void>()
  let isCold = false
  const fetch: typeof ports.fetch = async (_url, init) => {
    if (isCold) asked.resolve(new URLSearchParams(String(init?.body)).get('Body') ?? '')
    return Response.json({ sid: 'SM1', status: 'queued' }, { status: 201 })
  }
  const storing: (readonly string[])[] = []
  const DB = databaseOver(async (batch) => {
    const texts = batch.map(({ text }) => text.trimStart())
    const stores = texts.some((text) => text.startsWith('INSERT INTO logins'))
    if (stores) storing.push(texts)
    if (isCold && !stores) await thawed.promise
    return db.$client.batch<RawRow>(prepareAll(db.$client, batch))
  })
  const queue = { send: async () => {}, sendBatch: async () => {} }
  const queues = { ALERTS: queue, NET: queue, CALLBACKS: queue, SWEEP: queue }
  const env = { ...SETTINGS, ...TWILIO, ...settings, ...queues, DB } as unknown as Env
  const young = () => {
    const context = createContexts({ ...ports, fetch })({ ...env })
    if (!context.ok) throw new Error(JSON.stringify(context.error))
    return context.value
  }
  const { dataKeys } = young().config
  const change = {
    phoneSealed: await sealField(randomBytes, dataKeys, ID, 'phone', PHONE),
    phoneTag: await makePhoneTag(dataKeys, PHONE),
    ...(locale && { locale }),
  }
  await saveAccountStatement(db, ID, change, Date.now())
  if (familiar) {
    const before: Promise<unknown>[] = []
    const origin = { webhookId: 'msg_before' }
    await acceptEvent(young(), aLogin(familiar, 'own'), origin, (work) => before.push(work))
    await Promise.all(before)
    await db.run("UPDATE logins SET is_familiar = 1, state = 'delivered'")
  }
  storing.length = 0
  isCold = true
  return { context: young(), asked: asked.promise, storing, thaw: thawed.resolve }
}

it.each([
  ['a login', LOGIN, {}, /Nicht Sie/],
  ['a login of an owner who has a language', LOGIN, { locale: 'fr' }, /Pas vous/],
  ['an unfamiliar login of one who has none', LOGIN, { familiar: 'ja' }, /[ぁ-ん]/],
  ['a login with cooling-off on', LOGIN, { settings: { COOLING_OFF_HOURS: '12' } }, /Nicht Sie/],
  ['an activity', ACTIVITY, {}, /Nicht Sie/],
  ['an activity after a login', ACTIVITY, { familiar: 'ja' }, /[ぁ-ん]/],
] as const)('%s is told after one call of D1', async (_what, event, given: Given, words) => {
  const { context, asked, storing, thaw } = await coldStage(given)
  const beside: Promise<unknown>[] = []
  // What holds is told to the exchange before the 202, which is not waited for here.
  beside.push(acceptEvent(context, event, { webhookId: 'msg_1' }, (work) => beside.push(work)))
  expect(await asked).toMatch(words)
  expect(storing).toHaveLength(1)
  thaw()
  await Promise.all(beside)
})

it('a login costs four statements: is its slot here, store it, its marks, read its owner', async () => {
  const { context, storing, thaw } = await coldStage({})
  thaw()
  await acceptEvent(context, LOGIN, { webhookId: 'msg_1' }, () => {})
  const begins = storing.flat().map((text) =>
    text
      .split(/[\s(]+/)
      .slice(0, 3)
      .join(' '),
  )
  expect(begins).toEqual([
    'SELECT json state)',
    'INSERT INTO logins',
    'INSERT INTO known_marks',
    'SELECT accounts.*, EXISTS',
  ])
})

it('an isolate that has stored a login imports and derives no key for the next', async () => {
  const { context, thaw } = await coldStage({ locale: 'de' })
  thaw()
  const accept = async (webhookId: string) => {
    const beside: Promise<unknown>[] = []
    await acceptEvent(context, LOGIN, { webhookId }, (work) => beside.push(work))
    await Promise.all(beside)
  }
  await accept('msg_1')
  const imported = vi.spyOn(crypto.subtle, 'importKey')
  const derived = vi.spyOn(crypto.subtle, 'deriveBits')
  await accept('msg_2')
  expect(imported).not.toHaveBeenCalled()
  expect(derived).not.toHaveBeenCalled()
})
