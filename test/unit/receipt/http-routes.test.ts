// Receipts and replies of an API behind a template, from the request to the row: under a provider's own name.

import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendText } from '../../../src/deliver/send-text.ts'
import { makeAlertTag } from '../../../src/login/alert-tag.ts'
import { findLogin } from '../../../src/login/logins.ts'
import { deleteExpired } from '../../../src/ops/retention.ts'
import { receiptPath } from '../../../src/paths.ts'
import type { ReceiptContext } from '../../../src/receipt/receipt-context.ts'
import { createReceiptMemory } from '../../../src/receipt/receipt-memory.ts'
import { receiptRoutes } from '../../../src/receipt/routes.ts'
import { createBreakerBoard } from '../../../src/routing/breaker-board.ts'
import {
  findReceiptRef,
  insertReceiptIdStatement,
  RECEIPT_IDS_KEPT_MS,
} from '../../../src/routing/receipt-ids.ts'
import { createRouteMemory } from '../../../src/routing/route-memory.ts'
import { routeStatements } from '../../../src/routing/route-notes.ts'
import { logins, receiptIds } from '../../../src/schema.ts'
import { makeReceiptRef } from '../../../src/sms/receipt-ref.ts'
import type { ProviderName } from '../../../src/sms/registry.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { httpProviderOf, RECEIPT_SECRET } from '../../support/http-templates.ts'
import { ports, randomBytes } from '../../support/ports.ts'
import { HTTP_TEMPLATES } from '../../world/http-templates.ts'
import { aLogin, anAttempt, NOW, routeOf } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const KEYS = [new Uint8Array(32).fill(1)] as const
const ORIGIN = 'https://lock.example.com'

async function stageOf(template: unknown, name: ProviderName) {
  const db = openMemoryDb()
  const attempts = [anAttempt({ provider: name, providerMessageId: 'm-1' })]
  const login = aLogin({ state: 'accepted', leaseUntil: null, attempts })
  await db.insert(logins).values(login)
  const provider = { ...httpProviderOf(template, { now: NOW }), name }
  const context: Partial<ReceiptContext> = {
    ...ports,
    now: () => NOW + 1_000,
    ...storesOf(db),
    routing: createRouteMemory(),
    receipts: createReceiptMemory(),
    watch: createWatchMemory(),
    config: Object.assign(Object.create(null), {
      providers: [provider],
      publicOrigin: ORIGIN,
      dataKeys: KEYS,
    }),
  }
  const ref = await makeReceiptRef(randomBytes, KEYS, {
    ...{ accountId: login.accountId, seq: login.seq, attempt: 1, provider: name },
    ...{ country: 'DE', startedAt: NOW, alertTag: makeAlertTag(login.alertId) },
  })
  const stored = async () => (await findLogin(db, login))?.attempts[0]?.state
  const ask = async (path: string, init: RequestInit) =>
    (await receiptRoutes.request(ORIGIN + path, init, { context })).status
  return { ref, stored, ask, db, login, context }
}

function signed(body: string): RequestInit {
  const signature = createHmac('sha256', RECEIPT_SECRET).update(body).digest('hex')
  return { method: 'POST', headers: { 'x-signature': `sha256=${signature}` }, body }
}

describe('a receipt of http:zenvia', () => {
  const reportOf = (ref: string) =>
    signed(JSON.stringify({ reports: [{ client_ref: ref, id: 'm-1', status: 'delivered' }] }))

  it('moves the attempt of that name', async () => {
    const { ref, stored, ask } = await stageOf(HTTP_TEMPLATES.json, 'http:zenvia')
    expect(await ask(receiptPath('http:zenvia', ref), reportOf(ref))).toBe(204)
    expect(await stored()).toBe('delivered')
  })

  it.each(['http', 'http:zenvia', 'http%3Azenvia', 'http-other', 'http-'])(
    'is not taken under the name %s',
    async (name) => {
      const { ref, stored, ask } = await stageOf(HTTP_TEMPLATES.json, 'http:zenvia')
      expect(await ask(`/v1/receipts/${name}/${ref}`, reportOf(ref))).toBe(404)
      expect(await stored()).toBe('accepted')
    },
  )
})

describe('a receipt by GET', () => {
  const TEMPLATE = {
    request: {
      url: 'https://sms.example/send',
      form: { to: '{to}', text: '{text}', dlr: '{receipt_url}' },
    },
    message_id: '/id',
    receipts: {
      body: 'query',
      id: '/msgid',
      status: '/stat',
      statuses: { DELIVRD: 'delivered' },
    },
  }
  const keyOf = (part: string) =>
    createHmac('sha256', RECEIPT_SECRET).update(`lockline-receipt.${part}`).digest('base64url')
  const query = '&msgid=m-1&stat=DELIVRD'

  it('is taken with the key of its URL', async () => {
    const { ref, stored, ask } = await stageOf(TEMPLATE, 'http:eight')
    const path = `${receiptPath('http:eight', ref)}?k=${keyOf(ref)}${query}`
    expect(await ask(path, { method: 'GET' })).toBe(204)
    expect(await stored()).toBe('delivered')
  })

  it.each([
    ['without a key', () => `?${query}`],
    ['with the key of another', () => `?k=${keyOf('r8')}${query}`],
  ])('is refused %s', async (_what, search) => {
    const { ref, stored, ask } = await stageOf(TEMPLATE, 'http:eight')
    expect(await ask(receiptPath('http:eight', ref) + search(), { method: 'GET' })).toBe(401)
    expect(await stored()).toBe('accepted')
  })

  it('is not what a HEAD is', async () => {
    const { ref, stored, ask } = await stageOf(TEMPLATE, 'http:eight')
    const path = `${receiptPath('http:eight', ref)}?k=${keyOf(ref)}${query}`
    expect(await ask(path, { method: 'HEAD' })).toBe(405)
    expect(await stored()).toBe('accepted')
  })

  it('is not taken of a provider that posts', async () => {
    const { ref, ask } = await stageOf(HTTP_TEMPLATES.form, 'http')
    const path = `${receiptPath('http', ref)}?k=${keyOf(ref)}${query}`
    expect(await ask(path, { method: 'GET' })).toBe(405)
  })
})

describe('receipts as a list at the top', () => {
  const list = JSON.parse(HTTP_TEMPLATES.json)
  list.receipts.list = ''

  it('are each taken', async () => {
    const { ref, stored, ask } = await stageOf(list, 'http')
    const reports = ['sent', 'delivered'].map((status) => ({ client_ref: ref, id: 'm-1', status }))
    expect(await ask(receiptPath('http', ref), signed(JSON.stringify(reports)))).toBe(204)
    expect(await stored()).toBe('delivered')
    expect(await ask(receiptPath('http', ref), signed(JSON.stringify(reports[0])))).toBe(422)
  })
})

describe("receipts by the API's own id", () => {
  const BY_ID = {
    request: { url: 'https://sms.example/send', json: { to: '{to}', text: '{text}' } },
    message_id: '/id',
    receipts: { by_id: true, id: '/id', status: '/status', statuses: { done: 'delivered' } },
    inbound: { id: '/id', from: '/from', to: '/to', text: '/text' },
  }
  const key = createHmac('sha256', RECEIPT_SECRET)
    .update('lockline-receipt.http-zenvia')
    .digest('base64url')
  const url = `/v1/receipts/http-zenvia?k=${key}`
  const post = (id: string) => ({
    method: 'POST',
    body: JSON.stringify({ id, status: 'done' }),
  })

  /** The text is sent, and what the round leaves is stored, with an answer that has this id. */
  async function sent(id: string) {
    const stage = await stageOf(BY_ID, 'http:zenvia')
    const { context, login } = stage
    const [provider] = context.config?.providers ?? []
    if (!provider) throw new Error('no provider')
    const deliver = Object.assign(Object.create(null), context, {
      breakers: createBreakerBoard(),
      fetch: async () => Response.json({ id }),
    })
    Object.assign(deliver.config, { attemptTimeoutMs: 1_500 })
    const { notes, round } = await sendText(deliver, routeOf([provider]), {
      to: { e164: '+4915112345678', country: 'DE' },
      ...{ accountId: login.accountId, seq: login.seq, id: login.alertId },
      ...{ receivedAt: NOW, firstAttempt: 1 },
      textFor: () => ({ text: 'Hello', segments: 1 }),
    })
    expect(round.conclusion).toBe('accepted')
    const rows = async () => stage.db.select().from(receiptIds)
    return { ...stage, notes, rows }
  }

  it('are found, at one row for each text', async () => {
    const { db, notes, rows, ask, stored } = await sent('m-1')
    expect(await ask(url, post('m-1'))).toBe(404)
    const statements = routeStatements(db, notes, NOW)
    expect(statements).toHaveLength(1)
    for (const statement of statements) await statement
    expect(await rows()).toMatchObject([{ providerMessage: 'http:zenvia m-1' }])
    expect(JSON.stringify(await rows())).not.toContain(aLogin().accountId)
    expect(await ask(url, post('m-2'))).toBe(404)
    expect(await stored()).toBe('accepted')
    expect(await ask(url, post('m-1'))).toBe(204)
    expect(await stored()).toBe('delivered')
  })

  it('are not believed without the key', async () => {
    const { ask, stored } = await sent('m-1')
    expect(await ask('/v1/receipts/http-zenvia', post('m-1'))).toBe(401)
    expect(await ask(url.replace('zenvia', 'other'), post('m-1'))).toBe(404)
    expect(await stored()).toBe('accepted')
  })

  it('mean the later of two texts with one id, and are forgotten after a week', async () => {
    const db = openMemoryDb()
    const note = { kind: 'receipt_id', provider: 'http:a', providerMessageId: '7' } as const
    await insertReceiptIdStatement(db, { ...note, ref: 'first', notedAt: NOW })
    await insertReceiptIdStatement(db, { ...note, ref: 'second', notedAt: NOW + 1 })
    await insertReceiptIdStatement(db, { ...note, provider: 'http', ref: 'other', notedAt: NOW })
    expect(await findReceiptRef(db, 'http:a', '7')).toBe('second')
    expect(await findReceiptRef(db, 'http', '7')).toBe('other')
    expect(await findReceiptRef(db, 'http:b', '7')).toBeNull()
    await deleteExpired(db, NOW + RECEIPT_IDS_KEPT_MS + 1)
    expect(await findReceiptRef(db, 'http', '7')).toBeNull()
    expect(await findReceiptRef(db, 'http:a', '7')).toBe('second')
  })
})
