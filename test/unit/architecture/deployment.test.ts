// What is deployed agrees with what is written: queues set everything the platform would else guess,
// and the migrations make exactly the tables of schema.ts.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { OVERDUE_MS } from '../../../src/deliver/revisit.ts'
import { retryDelaySeconds } from '../../../src/deliver/round.ts'
import { ALERT_MAX_AGE_MS } from '../../../src/login/login.ts'
import * as schema from '../../../src/schema.ts'
import { migratedDatabase, migrationFiles } from '../../support/migrated-database.ts'
import { ROOT } from './source-files.ts'

const wrangler = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')

/** Every `[[name]]` block as its plain `key = value` lines. */
function blocksOf(name: string): readonly Readonly<Record<string, string>>[] {
  return wrangler
    .split(/^(?=\[)/m)
    .filter((block) => block.startsWith(`[[${name}]]`))
    .map((block) =>
      Object.fromEntries(
        [...block.matchAll(/^(\w+) = "?([^"\n]*)"?$/gm)].map(([, key = '', value = '']) => [
          key,
          value,
        ]),
      ),
    )
}

const consumers = blocksOf('queues.consumers')
const producers = blocksOf('queues.producers')

function consumerOf(queue: string) {
  return consumers.find((consumer) => consumer.queue === queue) ?? {}
}

describe('the queues', () => {
  it.each(consumers)('$queue: nothing is left to a default', (consumer) => {
    for (const setting of ['max_batch_size', 'max_batch_timeout', 'max_retries', 'retry_delay']) {
      expect(consumer[setting]).toMatch(/^\d+$/)
    }
    expect(Number(consumer.max_retries)).toBeLessThanOrEqual(100)
    expect(Number(consumer.max_batch_size)).toBeLessThanOrEqual(100)
  })

  it('of alerts are taken six at a time at most, without waiting', () => {
    expect(Number(consumerOf('alerts').max_batch_size)).toBeLessThanOrEqual(6)
    expect(consumerOf('alerts').max_batch_timeout).toBe('0')
    expect(consumerOf('callbacks').max_batch_timeout).toBe('0')
  })

  it('of delayed nudges come again often enough for the longest life of an alert', () => {
    // In the worst case each look finds it with somebody whose retry comes too late.
    let ageMs = 0
    let looks = 0
    for (; ageMs <= ALERT_MAX_AGE_MS; looks += 1) {
      ageMs += Math.min(retryDelaySeconds(ageMs) * 1_000 + OVERDUE_MS, OVERDUE_MS)
    }
    expect(Number(consumerOf('net').max_retries)).toBeGreaterThan(looks)
    expect(Number(consumerOf('net').max_batch_size)).toBe(100)
  })

  it('that are written to are consumed, and so is every dead letter', () => {
    const consumed = consumers.map((consumer) => consumer.queue)
    const written = producers.map((producer) => producer.queue)
    const dead = consumers.flatMap((consumer) => consumer.dead_letter_queue ?? [])
    expect(written).toEqual(['alerts', 'net', 'callbacks', 'sweep'])
    expect(dead).toEqual(['alerts-dead', 'net-dead', 'callbacks-dead', 'sweep-dead'])
    expect([...consumed].sort()).toEqual([...written, ...dead].sort())
  })
})

/** As SQLite keeps it: flags are numbers, JSON is text. */
function storedDefault(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'object' ? JSON.stringify(value) : value
}

/** No code names them any more; see account/tables.ts for why they are still there. */
const LEFT_BEHIND: Readonly<Record<string, readonly string[]>> = {
  accounts: ['former_phone_sealed', 'former_phone_until', 'former_phone_tag'],
}

describe('the tables', () => {
  const database = migratedDatabase()
  const files = migrationFiles()

  const tables = Object.values(schema).filter((value) => is(value, SQLiteTable))
  const stored = database
    .prepare(
      "SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
    )
    .all()

  it('are numbered, each with a number of its own', () => {
    const numbers = files.map((name) => name.slice(0, 4))
    expect(numbers.filter((number) => !/^\d{4}$/.test(number))).toEqual([])
    expect(new Set(numbers).size).toBe(files.length)
  })

  it('are the same ones, strict and without rowid', () => {
    const expected = tables.map((table) => ({ name: getTableConfig(table).name, wr: 1, strict: 1 }))
    const byName = (a: { name?: unknown }, b: { name?: unknown }) =>
      String(a.name).localeCompare(String(b.name))
    expect(stored.map((row) => ({ ...row })).sort(byName)).toEqual(expected.sort(byName))
  })

  it.each(tables.map((table) => getTableConfig(table)))('$name has the same columns', (table) => {
    const all = database.prepare(`SELECT * FROM pragma_table_info('${table.name}')`).all()
    const left = LEFT_BEHIND[table.name] ?? []
    const found = all.filter(({ name }) => !left.includes(String(name)))
    expect(all).toHaveLength(found.length + left.length)
    const composite = table.primaryKeys.flatMap((key) => key.columns.map((column) => column.name))
    const expected = table.columns.map((column) => ({
      name: column.name,
      type: column.getSQLType().toUpperCase(),
      notNull: column.notNull,
      isKey: column.primary || composite.includes(column.name),
      default: storedDefault(column.default),
    }))
    expect(
      found.map((column) => ({
        name: column.name,
        type: column.type,
        notNull: column.notnull === 1,
        isKey: column.pk !== 0,
        default:
          column.dflt_value === null
            ? null
            : JSON.parse(String(column.dflt_value).replaceAll("'", '"')),
      })),
    ).toEqual(expected)
  })

  it('have few indexes beside their keys, since each costs a row written', () => {
    const indexes = database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
      )
      .all()
    expect(indexes.map((row) => row.name)).toEqual([
      'accounts_by_former_phone_1',
      'accounts_by_former_phone_2',
      'accounts_by_former_phone_3',
      'accounts_by_phone',
      'callbacks_given_up',
      'callbacks_open',
      'callbacks_open_locks',
      'dead_letters_by_account',
      'dead_letters_by_time',
      'hold_lifts_due',
      'holds_running',
      'incidents_by_time',
      'incidents_open',
      'incidents_untold',
      'lock_contacts_by_tag',
      'locks_partly',
      'logins_by_alert',
      'logins_by_session',
      'logins_open',
      'notices_open',
      'passkeys_by_credential',
      'push_subscriptions_by_device',
    ])
  })
})
