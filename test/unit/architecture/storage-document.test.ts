// docs/storage.md against the database that the migrations make, both ways: no table, key, column or index is
// missing there, and none is invented.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type StoredIndex,
  type StoredTable,
  storedTables,
} from '../../../tools/docs/stored-tables.ts'
import { migratedDatabase } from '../../support/migrated-database.ts'
import { ROOT } from './source-files.ts'

const document = readFileSync(join(ROOT, 'docs/storage.md'), 'utf8')
const tables = storedTables(migratedDatabase())

type Section = { readonly name: string; readonly key: readonly string[]; readonly text: string }

/** `## logins — key `(account_id, seq)`, no index`: a heading that names a table, and what follows. */
function sectionsOf(text: string): readonly Section[] {
  return text.split(/^## /m).flatMap((section) => {
    const [, name, key] = /^(\w+) — key `\(?([\w, ]+)\)?`/.exec(section) ?? []
    if (name === undefined || key === undefined) return []
    return [{ name, key: key.split(', '), text: section }]
  })
}

function spelledIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, spelled = '']) => spelled)
}

/** Values of a column that a section spells like a name, and other words. Each is needed. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  accounts: ['ok', 'invalid', 'opted_out', 'all', 'unusual', 'off'],
  logins: ['ended', 'revoked'],
  holds: ['planned', 'activity', 'cooling_off'],
  hold_lifts: ['stopped', 'done'],
  locks: ['link', 'reply', 'code', 'portal', 'api', 'card', 'passkey', 'contact'],
  callbacks: ['open', 'confirmed', 'stopped', 'dead'],
  breakers: ['twilio'],
  slots: ['here', 'frozen', 'moved'],
  route_changes: ['opened', 'closed', 'weight'],
  route_orders: ['first', 'last'],
  route_weights: ['twilio'],
  heartbeats: ['cron', 'retention'],
}

const NAME = /^[a-z]+(_[a-z]+)*$/
const FLAT_KEY = /, no index$/

/** What `text` says wrongly of the tables. */
function faultsOf(text: string): readonly string[] {
  const sections = sectionsOf(text)
  const invented = sections
    .filter(({ name }) => !tables.some((table) => table.name === name))
    .map(({ name }) => `there is no table ${name}`)
  const wrong = tables.flatMap((table) => {
    const own = sections.filter(({ name }) => name === table.name)
    const [section] = own
    if (!section || own.length > 1) return [`${table.name}: ${own.length} sections`]
    return faultsOfTable(table, section).map((fault) => `${table.name}: ${fault}`)
  })
  return [...invented, ...wrong]
}

function faultsOfTable(table: StoredTable, { key, text }: Section): readonly string[] {
  const { name, columns, indexes } = table
  const [heading = ''] = text.split('\n')
  const spelled = new Set([...spelledIn(text), ...key])
  const indexNames = indexes.map((index) => index.name)
  const tableNames = tables.map((one) => one.name)
  const known = [...columns, ...indexNames, ...tableNames, ...(VALUES[name] ?? [])]
  return [
    ...(key.join() === table.key.join() ? [] : [`the key is ${table.key.join(', ')}`]),
    ...columns.filter((column) => !spelled.has(column)).map((column) => `no word of ${column}`),
    ...[...spelled]
      .filter((word) => NAME.test(word) && !known.includes(word))
      .map((word) => `there is no ${word}`),
    ...indexNames.filter((index) => !spelled.has(index)).map((index) => `no word of ${index}`),
    ...indexes.filter((index) => !tellsIndex(text, index)).map((index) => `not so: ${index.name}`),
    ...(FLAT_KEY.test(heading) && indexes.length > 0 ? ['it has an index'] : []),
  ]
}

/** In one line: its name, whether it is unique, its columns, and of which rows. */
function tellsIndex(text: string, { name, columns, isUnique, where }: StoredIndex): boolean {
  return text.split('\n').some((line) => {
    const has = (words: string) => line.includes(words)
    return (
      has(`\`${name}\``) &&
      has(`on \`${columns.join(', ')}\``) &&
      (!isUnique || has('unique')) &&
      (where === '' || has(`where \`${where}\``))
    )
  })
}

describe('docs/storage.md', () => {
  it('was read, and so was the database', () => {
    expect(tables.length).toBeGreaterThan(15)
    expect(tables.flatMap(({ indexes }) => indexes).length).toBeGreaterThan(5)
    expect(sectionsOf(document)).toHaveLength(tables.length)
  })

  it('tells of each table its key, columns and indexes, and of no other', () => {
    expect(faultsOf(document)).toEqual([])
  })

  it('spells each word that is listed above as no name', () => {
    const unused = sectionsOf(document).flatMap(({ name, text }) =>
      (VALUES[name] ?? []).filter((word) => !spelledIn(text).includes(word)),
    )
    expect(unused).toEqual([])
    expect(Object.keys(VALUES).filter((name) => !tables.some((one) => one.name === name))).toEqual(
      [],
    )
  })
})

describe('a document that is wrong is found out', () => {
  const planted: readonly (readonly [string, RegExp, string, string])[] = [
    ['a table is missing', /^## locks — /m, '## Locks: ', 'locks: 0 sections'],
    [
      'a table is invented',
      /^## locks — /m,
      '## x_rays — key `x`\n\n## locks — ',
      'there is no table x_rays',
    ],
    [
      'a key is another',
      /key `\(slot, account_id, seq\)`/,
      'key `(slot, seq, account_id)`',
      'logins: the key is slot, account_id, seq',
    ],
    [
      'a column of a hand-written table is missing',
      /`device_name`/g,
      'its name',
      'logins: no word of device_name',
    ],
    ['a column of a made line is missing', /, `tries`/, '', 'phone_bindings: no word of tries'],
    [
      'a column is invented',
      /`hold_until`, /,
      '`hold_until`, `hold_since`, ',
      'accounts: there is no hold_since',
    ],
    ['an index is missing', /`logins_open`/g, 'one', 'logins: no word of logins_open'],
    [
      'an index is of another column',
      /`logins_open` on `received_at, account_id, seq`/,
      '`logins_open` on `seq`',
      'logins: not so: logins_open',
    ],
    ['an index is of all rows', / where `is_open = 1`/, '', 'logins: not so: logins_open'],
    [
      'an index is not unique',
      /, unique on `alert_id`/,
      ' on `alert_id`',
      'logins: not so: logins_by_alert',
    ],
    [
      'an index is denied',
      /^## callbacks .*$/m,
      '## callbacks — key `(slot, account_id, callback_id)`, no index',
      'callbacks: it has an index',
    ],
  ]

  it.each(planted)('%s', (_what, words, instead, fault) => {
    expect(document).toMatch(words)
    expect(faultsOf(document.replace(words, instead))).toContain(fault)
  })
})
