// A bulk import: whatever is in it, in the end all is as if each line had been a PUT of its own. What it costs has a bound, and
// where it stops, it says so.

import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Account, openField } from '../../../src/account/accounts.ts'
import type { ApiContext } from '../../../src/api/api-context.ts'
import { importAccount } from '../../../src/api/import-account.ts'
import { importLines } from '../../../src/api/import-lines.ts'
import type { ImportedAnswer } from '../../../src/api/import-spec.ts'
import { type ReadLine, readImportLine } from '../../../src/api/read-import-line.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import type { Db } from '../../../src/lib/db.ts'
import { createShards } from '../../../src/lib/shards.ts'
import { slotOf } from '../../../src/lib/slot.ts'
import { ALL_SLOTS, HOME } from '../../../src/lib/slot-guard.ts'
import { accounts, callbacks, notices, phoneBindings } from '../../../src/schema.ts'
import { randomBytes } from '../../support/ports.ts'
import { aProvider } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const NOW = Date.UTC(2026, 10, 28)
const KEYS = [new Uint8Array(32).fill(1)] as const

let logged: Record<string, unknown>[]

beforeEach(() => {
  logged = []
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(console, 'log').mockImplementation((line: string) => logged.push(JSON.parse(line)))
})
afterEach(() => vi.restoreAllMocks())

/** `storesFor`: of which databases it is made, with that one as the home; if not of it alone. */
function aWorld(
  onStatement?: (text: string) => void,
  storesFor: (home: Db) => ReturnType<typeof storesOf> = storesOf,
) {
  const db = openMemoryDb(onStatement)
  let now = NOW
  const nudged: unknown[] = []
  const keep = async (body: unknown) => {
    nudged.push(body)
  }
  const parts: Partial<Omit<ApiContext, 'config'>> & { readonly config: unknown } = {
    ...storesFor(db),
    randomBytes,
    now: () => now,
    config: {
      dataKeys: KEYS,
      profile: NO_PROFILE,
      // In Australia a name that is not registered is marked as a likely fraud: no text is sent, and the exchange is told.
      providers: [{ ...aProvider('vonage'), defaultSender: 'Lockline' }],
      routes: new Map(),
      senders: new Map(),
    },
    alerts: Object.assign(Object.create(null), {
      send: keep,
      sendBatch: async (messages: readonly { readonly body: unknown }[]) => {
        for (const { body } of messages) await keep(body)
      },
    }),
  }
  const context: ApiContext = Object.assign(Object.create(null), parts)
  async function bulk(lines: readonly object[], fromLine = 1) {
    const answers: ImportedAnswer[] = []
    const text = lines.map((line) => JSON.stringify(line)).join('\n')
    const end = await importLines(
      context,
      streamOf(text),
      { firstLine: 1, fromLine, key: 'k' },
      (some) => answers.push(...some),
    )
    return { answers, end }
  }
  async function single(line: object): Promise<ReadLine> {
    const read = await readImportLine(context, { number: 1, text: JSON.stringify(line) })
    const { one } = read
    if (one) await importAccount(context, one.accountId, one.change, one.terms)
    return read
  }
  return {
    context,
    db,
    nudged,
    bulk,
    single,
    at: (instant: number) => {
      now = instant
    },
  }
}
type World = ReturnType<typeof aWorld>

/** In pieces of seven bytes, as a network might. */
function streamOf(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      const size = bytes.length > 10_000 ? 4_000 : 7
      if (at >= bytes.length) controller.close()
      else controller.enqueue(bytes.subarray(at, at + size))
      at += size
    },
  })
}

/** All that can be told apart of what is stored, without the ids that are drawn and with what is sealed opened. */
async function stateOf({ db, nudged }: World) {
  const opened = (id: string, field: 'phone' | 'phrase' | 'totp', sealed: string | null) =>
    openField(KEYS, id, field, sealed)
  const shown = async ({
    phoneSealed,
    phraseSealed,
    totpSealed,
    formerPhones,
    ...rest
  }: Account) => ({
    ...rest,
    phone: await opened(rest.accountId, 'phone', phoneSealed),
    phrase: await opened(rest.accountId, 'phrase', phraseSealed),
    totp: await opened(rest.accountId, 'totp', totpSealed),
    former: await Promise.all(
      (formerPhones ?? []).map(async ({ sealed, ...one }) => ({
        ...one,
        phone: await opened(rest.accountId, 'phone', sealed),
      })),
    ),
  })
  const told = (await db.select().from(notices)).map(async (notice) => ({
    ...{ id: notice.accountId, kind: notice.kind, subject: notice.subject },
    to: await opened(notice.accountId, 'phone', notice.phoneSealed),
  }))
  const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).toSorted()
  return {
    accounts: sorted(await Promise.all((await db.select().from(accounts)).map(shown))),
    notices: sorted(await Promise.all(told)),
    callbacks: sorted(await db.select().from(callbacks)),
    bindings: sorted(await db.select().from(phoneBindings)),
    nudged: nudged.length,
  }
}

const PHONES = ['+4915123456789', '+4915123456780', '+61412345678', '+12025550123', '+1202', null]
const anyLine = fc.record(
  {
    account_id: fc.constantFrom('1', '2', '3', 'import'),
    phone: fc.constantFrom(...PHONES),
    locale: fc.constantFrom('de', 'en', 'zh-TW', null),
    alerts: fc.constantFrom('all', 'unusual', 'off', null),
    phrase: fc.constantFrom('blue heron', 'red kite', null),
    totp_secret: fc.constantFrom('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', null),
    opted_in: fc.constant(true as const),
    former_phone_told: fc.boolean(),
    owner_told: fc.boolean(),
    misspelt: fc.constant(1),
  },
  { requiredKeys: ['account_id'] },
)
/** Mostly without a mistake. */
const likelyLine = fc
  .tuple(anyLine, fc.nat(9))
  .map(([{ misspelt, ...line }, chance]) =>
    chance === 0 && misspelt !== undefined ? { ...line, misspelt } : line,
  )

describe('lines', () => {
  it('leave all as a PUT for each would, and are answered so', async () => {
    const files = fc.array(fc.array(likelyLine, { maxLength: 8 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(files, async (all) => {
        const [one, many] = [aWorld(), aWorld()]
        for (const [nth, lines] of all.entries()) {
          for (const world of [one, many]) world.at(NOW + nth * 3_600_000)
          const singly: ReadLine[] = []
          for (const line of lines) singly.push(await one.single(line))
          const { answers, end } = await many.bulk(lines)
          const expected = singly.map(({ answer }, index) => ({ ...answer, line: index + 1 }))
          expect(answers).toEqual(expected)
          const stored = singly.filter((read) => read.one !== null).length
          expect(end).toEqual({
            ...{ end: true, stored, refused: lines.length - stored, next_line: null },
          })
          expect(await stateOf(many)).toEqual(await stateOf(one))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('repeated change nothing and tell nobody', async () => {
    const world = aWorld()
    const lines = [
      { account_id: '1', phone: PHONES[0], locale: 'de', alerts: 'off', phrase: 'blue heron' },
      { account_id: '2', phone: PHONES[2], totp_secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' },
    ]
    await world.bulk(lines)
    const before = await stateOf(world)
    await world.bulk(lines)
    expect(await stateOf(world)).toEqual(before)
    expect(world.nudged).toEqual([])
  })

  it('that change the protection of a known account are logged one by one, told or not', async () => {
    const world = aWorld()
    const known = ['1', '2', '3'].map((account_id) => ({ account_id, phone: PHONES[0] }))
    await world.bulk(known)
    expect(logged).toEqual([])
    await world.bulk([
      { account_id: '1', phone: PHONES[0], alerts: 'off', owner_told: true },
      { account_id: '2', phone: PHONES[1], former_phone_told: true },
      { account_id: '3', phone: PHONES[0], alerts: 'all' },
    ])
    const line = { event: 'account.imported', key: 'k' }
    expect(logged).toEqual([
      { ...line, account_id: '1', fields: 'phone alerts owner_told' },
      { ...line, account_id: '2', fields: 'phone former_phone_told' },
    ])
    expect(world.nudged).toEqual([])
  })

  it('that bring a first number are logged only where they change more than that', async () => {
    const world = aWorld()
    await world.bulk(['1', '2'].map((account_id) => ({ account_id, alerts: 'all' })))
    await world.bulk([
      { account_id: '1', phone: PHONES[0], alerts: 'off', owner_told: true },
      { account_id: '2', phone: PHONES[1] },
    ])
    expect(logged).toEqual([
      { event: 'account.imported', key: 'k', account_id: '1', fields: 'phone alerts owner_told' },
    ])
  })

  it('of a file larger than a request are all reached by sending the rest, each once', async () => {
    const { context } = aWorld()
    // 18 MB that no account comes of: what counts here is how far one gets.
    const file = Array.from({ length: 4_500 }, () => 'x'.repeat(4_000))
    const reached: number[] = []
    let next: number | null = 1
    let requests = 0
    while (next !== null && requests < 5) {
      const firstLine: number = next
      const rest = streamOf(file.slice(firstLine - 1).join('\n'))
      const where = { firstLine, fromLine: firstLine, key: 'k' }
      const end = await importLines(context, rest, where, (some) =>
        reached.push(...some.map(({ line }) => line)),
      )
      requests += 1
      if (requests === 1) expect(end.code).toBe('body_too_large')
      next = end.next_line
    }
    expect(requests).toBe(2)
    expect(reached).toEqual(file.map((_, index) => index + 1))
  })

  it('of which one cannot be read are answered, each for itself', async () => {
    const { context } = aWorld()
    const answers: ImportedAnswer[] = []
    const text = `{"account_id":"1"}\r\n\n{\n[]\n{"account_id":"a b"}\n{"account_id":"1","x":"${'y'.repeat(5_000)}"}\n{"account_id":"2","phone":"+1202"}\n{"phone":null}`
    const end = await importLines(
      context,
      streamOf(text),
      { firstLine: 1, fromLine: 1, key: 'k' },
      (some) => answers.push(...some),
    )
    expect(
      answers.map(({ line, status, code, errors }) => [line, status, code, errors?.[0]?.pointer]),
    ).toEqual([
      [1, 200, undefined, undefined],
      [3, 400, 'malformed_json', undefined],
      [4, 422, 'invalid_request', ''],
      [5, 422, 'invalid_request', '/account_id'],
      [6, 413, 'body_too_large', undefined],
      [7, 422, 'invalid_request', '/phone'],
      [8, 422, 'invalid_request', '/account_id'],
    ])
    expect(end).toEqual({ end: true, stored: 1, refused: 6, next_line: null })
  })
})

describe('what somebody else does meanwhile', () => {
  it('is not overwritten unheard: the line is imported again, as a PUT would', async () => {
    let isFirst = true
    const world = aWorld((text) => {
      if (!isFirst || !text.startsWith('insert into "accounts"')) return
      isFirst = false
      world.db.$client
        .prepare(
          `INSERT INTO accounts (slot, account_id, phone_sealed, phone_tag, phone_since, created_at, updated_at)
           VALUES (slot_of('1'), '1', '${sealedMeanwhile}', 'tag', ${NOW}, ${NOW}, ${NOW})`,
        )
        .run()
    })
    const sealedMeanwhile = await sealedPhone(world)
    await world.bulk([
      { account_id: '1', phone: PHONES[0] },
      { account_id: '2', phone: PHONES[0] },
    ])
    const state = await stateOf(world)
    expect(state.accounts).toHaveLength(2)
    // The number that was bound in between is the former one, and is told.
    expect(state.notices).toEqual([
      JSON.stringify({ id: '1', kind: 'phone_changed', subject: null, to: PHONES[1] }),
    ])
    expect(state.nudged).toBe(1)
  })
})

it('what changed since it was read is not taken for what it was', async () => {
  let isArmed = false
  const world = aWorld((text) => {
    if (!isArmed || !text.startsWith('update "accounts"')) return
    isArmed = false
    // The owner chooses all alerts, and an import that had read fewer would change nothing: now it does, and is told.
    world.db.$client
      .prepare(`UPDATE accounts SET alerts = 'all', updated_at = ${NOW + 1} WHERE account_id = '1'`)
      .run()
  })
  const line = { account_id: '1', phone: PHONES[0], alerts: 'unusual' }
  await world.bulk([line])
  isArmed = true
  const { end } = await world.bulk([line, { account_id: '2', phone: PHONES[0] }])
  expect(end).toMatchObject({ stored: 2, next_line: null })
  const [first] = await world.db.select().from(accounts).where(eq(accounts.accountId, '1'))
  expect([isArmed, first?.alerts, world.nudged.length]).toEqual([false, 'unusual', 1])
  expect((await world.db.select().from(notices)).map(({ kind }) => kind)).toEqual([
    'alerts_unusual',
  ])
})

async function sealedPhone({ context }: World): Promise<string> {
  const text = JSON.stringify({ account_id: '1', phone: PHONES[1] })
  const { one } = await readImportLine(context, { number: 1, text })
  return one?.change.phoneSealed ?? ''
}

describe('the bounds', () => {
  const manyLines = (count: number, change: object = {}) =>
    Array.from({ length: count }, (_, index) => ({
      account_id: `a${index}`,
      phone: PHONES[0],
      ...change,
    }))

  it('ten thousand accounts fit into one request and its statements, and again; what is more is gone on with', async () => {
    let statements = 0
    const world = aWorld(() => {
      statements += 1
    })
    const lines = manyLines(10_003, { phone: undefined, alerts: 'all' })
    const { end } = await world.bulk(lines)
    expect(end).toEqual({ end: true, stored: 10_000, refused: 0, next_line: 10_001 })
    expect(statements).toBeLessThan(300)
    statements = 0
    expect((await world.bulk(lines)).end).toEqual(end)
    expect(statements).toBeLessThan(300)
    const rest = await world.bulk(lines, 10_001)
    expect(rest.answers.map(({ line }) => line)).toEqual([10_001, 10_002, 10_003])
    expect(rest.end.next_line).toBe(null)
  })

  it('numbers first imported without one need no more', async () => {
    let statements = 0
    const world = aWorld(() => {
      statements += 1
    })
    await world.bulk(manyLines(1_000, { phone: null }))
    statements = 0
    const { end } = await world.bulk(manyLines(1_000))
    expect([end.stored, statements < 60]).toEqual([1_000, true])
  })

  it('changes that are told stop it before the statements are used up, and go on where it stopped', async () => {
    let statements = 0
    const world = aWorld(() => {
      statements += 1
    })
    await world.bulk(manyLines(500))
    const changed = manyLines(500, { phone: PHONES[1] })
    let from: number | null = 1
    let stored = 0
    while (from !== null) {
      statements = 0
      const { end } = await world.bulk(changed, from)
      expect(statements).toBeLessThan(1_000)
      stored += end.stored
      from = end.next_line
    }
    expect([stored, world.nudged.length]).toEqual([500, 500])
  })

  it('while D1 is away it says where to go on, and nothing is half done', async () => {
    let isAway = false
    const world = aWorld((text) => {
      if (isAway && text.startsWith('insert into "accounts"')) throw new Error('D1_ERROR: away')
    })
    isAway = true
    const { answers, end } = await world.bulk(manyLines(3))
    expect([answers, end]).toEqual([
      [],
      { end: true, stored: 0, refused: 0, next_line: 1, code: 'unavailable' },
    ])
    isAway = false
    expect((await world.bulk(manyLines(3))).end.stored).toBe(3)
  })
})

describe('slots that have moved since SHARDS was written', () => {
  const MOVED = ALL_SLOTS.slice(0, 128)
  const manyLines = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ account_id: `a${index}` }))

  /** As a fresh isolate finds it: it takes all slots to be in the home. */
  function aMovedWorld(frozen: readonly number[] = []) {
    const heard = { statements: 0 }
    const count = () => {
      heard.statements += 1
    }
    const other = openMemoryDb(count)
    const world = aWorld(count, (db) => {
      const home = { name: HOME, database: db.$client, db }
      const shards = createShards([home, { name: 'DB_1', database: other.$client, db: other }], [])
      return { db, dbOf: shards.dbOf, shards }
    })
    const say = (db: Db, slots: readonly number[], state: string, movedTo: string | null) =>
      db.run(sql`INSERT OR REPLACE INTO slots SELECT value, ${state}, ${movedTo}, ${NOW}
        FROM json_each(${JSON.stringify(slots)})`)
    const begin = async () => {
      await say(world.db, MOVED, 'moved', 'DB_1')
      await say(other, MOVED, 'here', null)
      await say(world.db, frozen, 'frozen', 'DB_1')
      heard.statements = 0
    }
    return { world, other, heard, begin }
  }

  const idsOf = async (db: Db) =>
    (await db.select({ id: accounts.accountId }).from(accounts)).map(({ id }) => id).toSorted()

  it.each([300, 10_000])(
    'hold up none of %i lines, nor cost a statement for each',
    async (count) => {
      const { world, other, heard, begin } = aMovedWorld()
      await begin()
      const lines = manyLines(count)
      const { answers, end } = await world.bulk(lines)
      expect(end).toEqual({ end: true, stored: count, refused: 0, next_line: null })
      expect(answers.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1))
      // For each part and database no more than is reckoned with, and the places once.
      expect(heard.statements).toBeLessThan(Math.ceil(count / 250) * 2 * 9 + 20)
      const ids = lines.map(({ account_id }) => account_id)
      const among = (isMeant: (slot: number) => boolean) =>
        ids.filter((id) => isMeant(slotOf(id))).toSorted()
      expect(await idsOf(other)).toEqual(among((slot) => slot < 128))
      expect(await idsOf(world.db)).toEqual(among((slot) => slot > 127))
    },
  )

  it('stop it where one is on its way, with all lines before that, and say that it is to wait', async () => {
    const lines = manyLines(300)
    // Of one that stayed in the home.
    const first = lines.findIndex(({ account_id }, nth) => nth > 40 && slotOf(account_id) > 127)
    const frozen = slotOf(lines[first]?.account_id ?? '')
    const before = lines.slice(0, first).map(({ account_id }) => slotOf(account_id))
    expect(before).not.toContain(frozen)
    const { world, heard, begin } = aMovedWorld([frozen])
    await begin()
    const { answers, end } = await world.bulk(lines)
    const wait = { refused: 0, code: 'unavailable' } as const
    expect(end).toEqual({ end: true, stored: first, next_line: first + 1, ...wait })
    expect(answers).toHaveLength(first)
    // At its very beginning it stores nothing that is answered, and says why all the same.
    const again = await world.bulk(lines, first + 1)
    expect(again.end).toEqual({ end: true, stored: 0, next_line: first + 1, ...wait })
    expect(heard.statements).toBeLessThan(100)
    await world.db.run(sql`UPDATE slots SET state = 'here' WHERE slot = ${frozen}`)
    const last = await world.bulk(lines, first + 1)
    expect(last.end).toMatchObject({ stored: 300 - first, next_line: null })
  })
})
