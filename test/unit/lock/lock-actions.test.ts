// What a lock asks for, each action by itself: what the exchange's answer means, and that done is final whoever says what in which
// order.

import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Context } from '../../../src/context.ts'
import { finishAttemptStatement } from '../../../src/exchange/outbox.ts'
import { sendCallback } from '../../../src/exchange/send.ts'
import type { Db } from '../../../src/lib/db.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { ACTION_ANSWER_MAX_BYTES, readActionAnswer } from '../../../src/lock/action-answer.ts'
import { confirmActions, LOCK_CONFIRMATION } from '../../../src/lock/confirm-actions.ts'
import { liftHold } from '../../../src/lock/hold-state.ts'
import { lockAccount, lockCallbackId } from '../../../src/lock/lock-account.ts'
import {
  ALWAYS_ASKED,
  actionStatuses,
  allDoneAt,
  LOCK_ACTION_NAMES,
  type LockAction,
  parseLockActions,
} from '../../../src/lock/lock-actions.ts'
import { findActionsOfCallback } from '../../../src/lock/lock-progress.ts'
import { receiptJwks, signLockReceipt } from '../../../src/lock/lock-receipt.ts'
import { findLockState, findSessionsEndedAt } from '../../../src/lock/lock-state.ts'
import { readPartlyConfirmedStatement, undoneOf } from '../../../src/lock/partly-confirmed.ts'
import { storeAnswersStatement } from '../../../src/lock/store-actions.ts'
import { callbacks, locks } from '../../../src/schema.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const ID = '1001'
const LOCK = { accountId: ID, lockId: 'lck_1' } as const
const FIVE: readonly LockAction[] = [
  'sessions.revoke',
  'withdrawals.hold',
  'api_keys.revoke',
  'withdrawals.cancel',
  'orders.cancel',
]

let lines: string[] = []

beforeEach(() => {
  lines = []
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)))
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('LOCK_ACTIONS', () => {
  it('adds to the two that every lock asks for, in one order', () => {
    expect(parseLockActions(['orders.cancel', 'api_keys.revoke'])).toEqual({
      ok: true,
      value: ['sessions.revoke', 'withdrawals.hold', 'api_keys.revoke', 'orders.cancel'],
    })
    expect(parseLockActions(['withdrawals.hold'])).toEqual({ ok: true, value: ALWAYS_ASKED })
  })

  it.each([
    [['orders.cancel', 'orders.cancel']],
    [['sessions.revoke', 'sessions.revoke']],
    [['withdrawal.hold']],
    [['constructor']],
  ])('refuses %j and names what there is', (names) => {
    const parsed = parseLockActions(names)
    expect(parsed.ok ? '' : parsed.error).toContain('credentials.freeze')
  })
})

describe('the exchange’s answer', () => {
  const read = (body: string) => readActionAnswer(body, 'lck_1')

  it.each(['', ' ', 'OK', '{"ok":true}', '[]', 'null', '<html>done</html>', '{"status":"done"}'])(
    'that names no action confirms all: %j',
    (body) => {
      expect(read(body)).toEqual({ kind: 'all' })
    },
  )

  it('confirms what it names, done before failed, and tells unknown names apart', () => {
    const body = {
      done: ['orders.cancel', 'sessions.revoke', 'sessions.revoke'],
      failed: ['orders.cancel', 'withdrawals.hold', 'wallet.burn', 'Card 4111 1111'],
      request_id: 7,
    }
    expect(read(JSON.stringify(body))).toEqual({
      kind: 'some',
      done: ['sessions.revoke', 'orders.cancel'],
      failed: ['withdrawals.hold'],
      unknown: ['wallet.burn', '?'],
    })
    expect(read('{"failed":[]}')).toMatchObject({ kind: 'some', done: [], failed: [] })
    expect(read('{"done":["sessions.revoke"],"lock_id":"lck_1"}')).toMatchObject({ kind: 'some' })
  })

  it.each([
    '{"done":"all"}',
    '{"done":[1]}',
    '{"done":null}',
    '{"done":["sessions.revoke"],"failed":{}}',
    '{"done":["sessions.revoke"]',
    '{"data":{"done":["sessions.revoke"],"failed":["withdrawals.hold"]}}',
    '[{"done":["sessions.revoke"]}]',
    '{"Done":["sessions.revoke"],"Failed":["withdrawals.hold"]}',
    '{"DONE":["sessions.revoke"]',
    '{"status":"failed"}',
    // Written as JSON twice.
    '"{\\"done\\":[\\"sessions.revoke\\"]}"',
    '{"result":"{\\"failed\\":[\\"orders.cancel\\"]}"}',
    '{"done":["sessions.revoke"],"lock_id":"lck_2"}',
    `{"done":["sessions.revoke"],"pad":"${'x'.repeat(ACTION_ANSWER_MAX_BYTES)}`,
  ])('that speaks of actions and cannot be taken at its word confirms none: %.60j', (body) => {
    expect(read(body)).toEqual({ kind: 'unreadable' })
  })

  it('is one of three, whatever it is', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `{"done":${json}}`),
    )
    fc.assert(
      fc.property(text, (body) => {
        const answer = read(body)
        if (answer.kind === 'some') {
          expect(answer.done.every((action) => LOCK_ACTION_NAMES.includes(action))).toBe(true)
        }
      }),
    )
  })
})

/** A lock of five actions, an exchange whose answer the test gives, and a clock that it moves. */
async function locked(actions: readonly LockAction[] = FIVE) {
  const db = openMemoryDb()
  const clock = { now: NOW }
  const answer = { status: 200, body: '' as string | ReadableStream<Uint8Array> | null }
  const asked: string[] = []
  const parts = {
    ...storesOf(db),
    now: () => clock.now,
    after: () => () => {},
    randomBytes: (length: number) => new Uint8Array(length),
    callbacks: { send: async () => {} },
    alerts: { send: async () => {} },
    fetch: async (_url: unknown, init?: RequestInit) => {
      asked.push(String(init?.body))
      return new Response(answer.status === 204 ? null : answer.body, { status: answer.status })
    },
    config: {
      lockActions: actions,
      callbackUrl: 'https://exchange.example/',
      callbackSecrets: [{ kind: 'hmac', key: new Uint8Array(32) }],
    },
  }
  const context: Context = Object.assign(Object.create(null), parts)
  await lockAccount(context, { ...LOCK, via: 'api', alertNumber: null, lockedAt: NOW })
  const callbackId = await lockCallbackId(LOCK)
  const confirmed: string[] = []
  const send = () =>
    sendCallback(context, ID, callbackId, {
      ...LOCK_CONFIRMATION,
      onConfirmed: async ({ callbackId: id }) => void confirmed.push(id),
    })
  const post = (done: readonly LockAction[], failed: readonly LockAction[] = []) =>
    confirmActions(context, { ...LOCK, key: 'k' }, { done, failed })
  const states = async () => {
    const state = await findLockState(db, ID, LOCK.lockId)
    return Object.fromEntries(state?.actions.map(({ action, state }) => [action, state]) ?? [])
  }
  return { db, clock, answer, asked, context, callbackId, confirmed, send, post, states }
}

const partly = async (db: Db, at = NOW) =>
  (await readPartlyConfirmedStatement(db, at)).map((lock) =>
    undoneOf(lock).map(({ action, state }) => `${action} ${state}`),
  )

const all = (state: string, actions: readonly LockAction[] = FIVE) =>
  Object.fromEntries(actions.map((action) => [action, state]))

describe('a lock of five actions', () => {
  it('names them in its callback, and a setting that changes later changes none of it', async () => {
    const { db, context, asked, send, states } = await locked()
    Object.assign(context.config, { lockActions: ALWAYS_ASKED })
    await send()
    expect(JSON.parse(asked[0] ?? '').data.actions).toEqual(FIVE)
    expect(await states()).toEqual(all('done'))
    // All together: no row of the lock was written for it.
    expect(await db.select().from(locks)).toMatchObject([{ answers: null, partlySince: null }])
  })

  it('is done action by action, each by its own word, until nothing is loud any more', async () => {
    const { db, clock, answer, asked, confirmed, send, post, states } = await locked()
    expect(await states()).toEqual(all('asked'))
    answer.body = '{"done":["sessions.revoke"],"failed":["orders.cancel"]}'
    expect(await send()).toBe(null)
    // Delivered: it is not posted again.
    clock.now += 3_600_000
    expect(await send()).toBe(null)
    expect(asked).toHaveLength(1)
    expect(confirmed).toHaveLength(1)
    expect(await states()).toEqual({
      ...all('asked'),
      'sessions.revoke': 'done',
      'orders.cancel': 'failed',
    })
    expect(await partly(db)).toEqual([
      [
        'withdrawals.hold asked',
        'api_keys.revoke asked',
        'withdrawals.cancel asked',
        'orders.cancel failed',
      ],
    ])
    for (const action of FIVE.slice(1)) {
      expect((await findLockState(db, ID, LOCK.lockId))?.confirmedAt).toBe(null)
      clock.now += 1
      await post([action])
      expect(await states()).toMatchObject({ [action]: 'done' })
    }
    const state = await findLockState(db, ID, LOCK.lockId)
    expect(state?.confirmedAt).toBe(clock.now)
    expect(state?.actions.map(({ at }) => at)).toEqual([
      NOW,
      ...[1, 2, 3, 4].map((ms) => NOW + 3_600_000 + ms),
    ])
    expect(await partly(db)).toEqual([])
  })

  it('keeps what is done, and the instant of it, whatever is said later', async () => {
    const { db, clock, send, post, states } = await locked()
    await post(['sessions.revoke'])
    clock.now += 1_000
    await post(['sessions.revoke'], ['withdrawals.hold'])
    await post([], ['sessions.revoke', 'withdrawals.hold'])
    expect(await states()).toMatchObject({
      'sessions.revoke': 'done',
      'withdrawals.hold': 'failed',
    })
    const state = await findLockState(db, ID, LOCK.lockId)
    expect(state?.actions[0]?.at).toBe(NOW)
    // A 2xx without a body means all of them, also what failed before.
    await send()
    expect(await states()).toEqual(all('done'))
    expect((await findLockState(db, ID, LOCK.lockId))?.actions[0]?.at).toBe(NOW)
    expect(await post([], ['orders.cancel'])).toMatchObject({ isNews: false })
    expect(await states()).toEqual(all('done'))
  })

  it('is not taken apart by a late answer of a second isolate, once all was confirmed', async () => {
    const { db, callbackId, send, states } = await locked()
    await send()
    const late = { done: [], failed: FIVE }
    await storeAnswersStatement(db, { ...LOCK, callbackId }, late, NOW + 1)
    expect(await states()).toEqual(all('done'))
    expect(await partly(db, NOW + 1)).toEqual([])
  })

  it('comes to the same, in whatever order forty isolates store what they heard', async () => {
    const some = fc.subarray([...FIVE])
    const said = fc.array(fc.record({ done: some, failed: some }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(said, async (answers) => {
        const { db, callbackId, states } = await locked()
        const isDone = new Set<string>()
        for (const [index, answer] of answers.entries()) {
          await storeAnswersStatement(db, { ...LOCK, callbackId }, answer, NOW + index)
          for (const action of answer.done) isDone.add(action)
          const now = await states()
          for (const action of FIVE) expect(now[action] === 'done').toBe(isDone.has(action))
        }
        const isOpen = FIVE.some((action) => !isDone.has(action))
        expect(await partly(db)).toHaveLength(isOpen ? 1 : 0)
      }),
      { numRuns: 20 },
    )
  })

  it('is confirmed in nothing by an answer of 64 MB that begins like one, and reads 4 KiB of it', async () => {
    const { answer, send, states } = await locked()
    let pulled = 0
    answer.body = new ReadableStream({
      pull(controller) {
        pulled += 1
        if (pulled > 1_000) controller.close()
        else controller.enqueue(new TextEncoder().encode('{"done":['.padEnd(65_536, ' ')))
      },
    })
    expect(await send()).toBe(null)
    expect(pulled).toBeLessThan(10)
    expect(await states()).toEqual(all('asked'))
    expect(lines.join('\n')).toContain('lock.unreadable')
  })

  it('logs names that are none, and takes the others', async () => {
    const { answer, send, states } = await locked()
    answer.body = '{"done":["session.revoke","withdrawals.hold"]}'
    await send()
    expect(await states()).toEqual({ ...all('asked'), 'withdrawals.hold': 'done' })
    expect(lines.find((line) => line.includes('lock.answered'))).toContain('"session.revoke"')
  })

  it('is known of no other account and no other id', async () => {
    const { context, states } = await locked()
    const done = { done: FIVE, failed: [] }
    expect(await confirmActions(context, { ...LOCK, accountId: '1002', key: 'k' }, done)).toBe(null)
    expect(await confirmActions(context, { ...LOCK, lockId: 'lck_2', key: 'k' }, done)).toBe(null)
    expect(await states()).toEqual(all('asked'))
  })

  it('ignores what it did not ask for', async () => {
    const { post, states } = await locked(ALWAYS_ASKED)
    expect(await post(['orders.cancel'])).toMatchObject({ isNews: false })
    expect(await states()).toEqual(all('asked', ALWAYS_ASKED))
  })

  it('is loud no more once it was lifted, whatever is said then', async () => {
    const { db, clock, context, post } = await locked()
    await post(['sessions.revoke'])
    expect(await partly(db)).toHaveLength(1)
    clock.now += 1
    await liftHold(context, ID, { reason: 'a call', lockId: null })
    expect(await partly(db)).toEqual([])
    await post(['orders.cancel'])
    expect(await partly(db)).toEqual([])
  })

  it('ends sessions by its own word alone', async () => {
    const { db, answer, send, post } = await locked()
    answer.body = '{"done":["withdrawals.hold"]}'
    await send()
    expect(await findSessionsEndedAt(db, ID)).toBe(null)
    await post(['sessions.revoke'])
    expect(await findSessionsEndedAt(db, ID)).toBe(NOW)
  })
})

describe('the signed receipt', () => {
  it('lists each action with what is known of it, and a confirmation only of all', async () => {
    const { db, post } = await locked(FIVE.slice(0, 3))
    const claims = async () => {
      const state = await findLockState(db, ID, LOCK.lockId)
      if (!state) throw new Error('it was made')
      const keys: SealKeys = [new Uint8Array(32)]
      const issuer = 'https://lock.example.com'
      const receipt = await signLockReceipt(keys, issuer, state)
      const { payload } = await jwtVerify(receipt, createLocalJWKSet(await keySet(keys)), {
        issuer,
      })
      return payload
    }
    await post(['withdrawals.hold'], ['api_keys.revoke'])
    const at = new Date(NOW).toISOString()
    expect(await claims()).toMatchObject({
      jti: LOCK.lockId,
      actions: [
        { action: 'sessions.revoke', state: 'asked', at: null },
        { action: 'withdrawals.hold', state: 'done', at },
        { action: 'api_keys.revoke', state: 'failed', at },
      ],
      confirmed_at: null,
    })
    await post(FIVE)
    expect(await claims()).toMatchObject({ confirmed_at: at })
  })
})

const keySet = async (keys: SealKeys) => ({ keys: [...(await receiptJwks(keys)).keys] })

describe('a lock from before there was a choice', () => {
  it('asked for two, and its confirmation is that of both', async () => {
    const { db, callbackId, send } = await locked(ALWAYS_ASKED)
    await db.update(locks).set({ actions: null })
    await send()
    const state = await findLockState(db, ID, LOCK.lockId)
    expect(state?.actions).toEqual(
      ALWAYS_ASKED.map((action) => ({ action, state: 'done', at: NOW })),
    )
    expect(await findActionsOfCallback(db, ID, callbackId)).toEqual(state?.actions)
  })

  it('can be answered in part too', async () => {
    const { db, answer, send, states } = await locked(ALWAYS_ASKED)
    await db.update(locks).set({ actions: null })
    answer.body = '{"done":["sessions.revoke"]}'
    await send()
    expect(await states()).toEqual({ 'sessions.revoke': 'done', 'withdrawals.hold': 'asked' })
    expect(await partly(db)).toEqual([['withdrawals.hold asked']])
  })

  it('counts by its callback where the lock was erased', async () => {
    const { db, callbackId } = await locked()
    await db.delete(locks)
    const [callback] = await db.select().from(callbacks).where(eq(callbacks.callbackId, callbackId))
    if (!callback) throw new Error('it was stored')
    const note = { status: 200, error: null }
    await finishAttemptStatement(db, callback, { state: 'confirmed' }, note, NOW)
    expect(allDoneAt(await findActionsOfCallback(db, ID, callbackId))).toBe(NOW)
  })
})

describe('the state of actions', () => {
  it('says all only of all', () => {
    expect(allDoneAt([])).toBe(null)
    expect(allDoneAt(actionStatuses(FIVE, { done: { 'orders.cancel': 1 }, failed: {} }, 9))).toBe(
      null,
    )
    expect(allDoneAt(actionStatuses(null, null, 9))).toBe(9)
  })
})
