// A login that is not recognised holds by both roads on which a login comes to be stored, at once and by the queue; the
// exchange is told once; and without the setting nothing more is asked of the database.

import { expect, it, vi } from 'vitest'
import { createContexts } from '../../../src/context.ts'
import { storeDeferred } from '../../../src/deliver/store-deferred.ts'
import { acceptEvent } from '../../../src/ingest/accept.ts'
import { findHoldState } from '../../../src/lock/hold-state.ts'
import { callbacks } from '../../../src/schema.ts'
import { ports } from '../../support/ports.ts'
import { openMemoryDb } from '../lib/memory-d1.ts'
import { aLoginToInsert } from '../login/login-to-insert.ts'
import { SETTINGS } from '../portal/owner-pages.ts'

vi.spyOn(console, 'log').mockImplementation(() => {})

const ID = '1001'
const HOURS = 12 * 3_600_000

function stage(settings: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const db = openMemoryDb((text) => asked.push(text))
  const nudged: unknown[] = []
  const queue = { send: async () => {}, sendBatch: async () => {} }
  const told = { ...queue, send: async (job: unknown) => void nudged.push(job) }
  const queues = { ALERTS: queue, NET: queue, CALLBACKS: told, SWEEP: queue }
  const env = { ...SETTINGS, ...settings, ...queues, DB: db.$client } as unknown as Env
  const context = createContexts(ports)(env)
  if (!context.ok) throw new Error(JSON.stringify(context.error))
  const beside: Promise<unknown>[] = []
  const accept = async (webhookId: string, timestamp: number) => {
    const data = { account_id: ID, session_id: 's_1' }
    const event = { type: 'login.succeeded', timestamp, data } as const
    const answer = await acceptEvent(context.value, event, { webhookId }, (work) => {
      beside.push(work)
    })
    await Promise.all(beside)
    return answer
  }
  const started = async () =>
    (await db.select().from(callbacks)).filter(({ type }) => type === 'hold.started')
  const holdAt = async (now: number) => (await findHoldState(db, ID, now)).hold
  return { context: context.value, accept, started, holdAt, nudged, asked }
}

it.each([
  ['by the setting', { COOLING_OFF_HOURS: '12' }, 12],
  ['by a profile', { PROFILE: 'sg' }, 12],
  ['by the longer of both', { COOLING_OFF_HOURS: '13', PROFILE: 'sg' }, 13],
] as const)('holds where it came, %s, and tells so once', async (_by, settings, hours) => {
  const { accept, started, holdAt, nudged } = stage(settings)
  const at = Date.now()
  for (const _time of [1, 2]) expect((await accept('msg_1', at)).ok).toBe(true)
  const hold = await holdAt(at + 60_000)
  expect(hold?.reason).toBe('cooling_off')
  expect(Math.round(((hold?.until ?? 0) - at) / 3_600_000)).toBe(hours)
  expect(await started()).toHaveLength(1)
  expect(nudged).toHaveLength(1)
})

it('holds though it is told a day late', async () => {
  const { accept, holdAt } = stage({ COOLING_OFF_HOURS: '12' })
  const at = Date.now()
  await accept('msg_1', at - 25 * 3_600_000)
  expect((await holdAt(at + 60_000))?.until).toBeGreaterThanOrEqual(at + HOURS)
})

it('holds where the queue brings it, from when it was received', async () => {
  const { context, started, holdAt } = stage({ COOLING_OFF_HOURS: '12' })
  const receivedAt = Date.now() - 3_600_000
  const login = aLoginToInsert({ accountId: ID, occurredAt: receivedAt, receivedAt })
  for (const _time of [1, 2]) await storeDeferred(context, { kind: 'login', login })
  expect(await holdAt(Date.now())).toMatchObject({
    reason: 'cooling_off',
    until: receivedAt + HOURS,
  })
  expect(await started()).toHaveLength(1)
})

it('asks one statement more of the database, and none where nothing holds', async () => {
  const counts = await Promise.all(
    ['12', '0'].map(async (COOLING_OFF_HOURS) => {
      const { context, asked, holdAt } = stage({ COOLING_OFF_HOURS })
      await storeDeferred(context, { kind: 'login', login: aLoginToInsert({ accountId: ID }) })
      const holding = asked.filter((text) => /INSERT INTO holds/.test(text)).length
      expect(await holdAt(aLoginToInsert().receivedAt)).toEqual(
        COOLING_OFF_HOURS === '0' ? null : expect.objectContaining({ reason: 'cooling_off' }),
      )
      return holding
    }),
  )
  expect(counts).toEqual([1, 0])
})
