// A login under a profile that tells every one, of an owner who had chosen none: it is told by both roads on which a login
// comes to be stored, at once and by the queue.

import { describe, expect, it } from 'vitest'
import { findAccount, saveAccountStatement, sealField } from '../../../src/account/accounts.ts'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import { createContexts } from '../../../src/context.ts'
import { storeDeferred } from '../../../src/deliver/store-deferred.ts'
import { acceptEvent } from '../../../src/ingest/accept.ts'
import { listLogins } from '../../../src/login/logins.ts'
import { ports, randomBytes } from '../../support/ports.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { aLoginToInsert } from '../login/login-to-insert.ts'
import { SETTINGS } from '../portal/owner-pages.ts'

const ID = '1001'

async function stage(PROFILE: string) {
  const db = openMemoryDb()
  const queue = { send: async () => {}, sendBatch: async () => {} }
  const queues = { ALERTS: queue, NET: queue, CALLBACKS: queue, SWEEP: queue }
  const env = { ...SETTINGS, PROFILE, ...queues, DB: db.$client } as unknown as Env
  const context = createContexts(ports)(env)
  if (!context.ok) throw new Error(JSON.stringify(context.error))
  const { dataKeys } = context.value.config
  const phone = '+12025550123'
  const change = {
    phoneSealed: await sealField(randomBytes, dataKeys, ID, 'phone', phone),
    phoneTag: await makePhoneTag(dataKeys, phone),
    alerts: 'off',
  } as const
  await saveAccountStatement(db, ID, change, Date.now())
  const reason = async () => {
    const [login] = await listLogins(db, ID, { before: null, limit: 1 })
    return login?.suppressionReason
  }
  return { context: context.value, reason, account: () => findAccount(db, ID) }
}

describe('a login of an owner who had chosen no alerts', () => {
  it.each([
    ['', 'alerts_off'],
    ['hk', null],
  ] as const)('under %j, stored where it came, is silenced by %j', async (PROFILE, silenced) => {
    const { context, reason, account } = await stage(PROFILE)
    const beside: Promise<unknown>[] = []
    const data = { account_id: ID, session_id: 's_1' }
    const event = { type: 'login.succeeded', timestamp: Date.now(), data } as const
    const accepted = await acceptEvent(context, event, { webhookId: 'msg_1' }, (work) =>
      beside.push(work),
    )
    expect(accepted.ok).toBe(true)
    await Promise.all(beside)
    expect(await reason()).toBe(silenced)
    // What was chosen stays as it is: without the profile it counts again.
    expect((await account())?.alerts).toBe('off')
  })

  it.each([
    ['', 'alerts_off'],
    ['hk', null],
  ] as const)('under %j, stored by the queue, is silenced by %j', async (PROFILE, silenced) => {
    const { context, reason } = await stage(PROFILE)
    const now = Date.now()
    const login = aLoginToInsert({ accountId: ID, occurredAt: now, receivedAt: now })
    await storeDeferred(context, { kind: 'login', login })
    expect(await reason()).toBe(silenced)
  })
})
