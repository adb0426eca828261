// Who may touch which table. A room owns its tables: others get prepared statements from it, and batch them.

import { getTableColumns, getTableName, isTable } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { ACCOUNT_TABLES, CONTROL_TABLES, OWN_TABLES } from '../../../src/ops/table-owners.ts'
import * as schema from '../../../src/schema.ts'
import { readSources, roomOf } from './source-files.ts'

const sources = readSources()

/** Where one statement has to decide by rows of several rooms. Reading alone, with the reason. */
const READERS: Readonly<
  Record<string, { readonly tables: readonly string[]; readonly why: string }>
> = {
  'lib/slot.ts': {
    tables: ['slotless_accounts', 'slots'],
    why: 'every statement on an account looks where its rows lie now; a walk leaves out what is elsewhere',
  },
  'lib/slot-guard.ts': {
    tables: ['slots'],
    why: 'every batch of an account begins by asking whether its slot is here',
  },
  'lib/shards.ts': {
    tables: ['slots'],
    why: 'what is found without an account counts only where its slot is here, as of the same batch',
  },
  'login/insert-login.ts': {
    tables: ['accounts', 'locks', 'holds', 'hold_lifts', 'attempt_limits'],
    why: 'number, suppression, revocation and the hold are decided where the login is stored, or two at once get one number',
  },
  'login/insert-activity.ts': {
    tables: ['accounts', 'locks'],
    why: 'number, suppression and what waits for nothing after a lock are decided where the activity is stored, as with a login',
  },
  'lock/login-hold.ts': {
    tables: ['logins', 'known_marks'],
    why: 'that a login holds was decided with its row, what of it is new by the marks of before: in one batch',
  },
  'login/release-marks.ts': {
    tables: ['locks', 'holds'],
    why: 'marks that wait with a hold become known in one statement, but for those that a lock came after',
  },
  'login/known-marks.ts': {
    tables: ['locks'],
    why: 'after a lock nothing is known: decided where marks are written, by the text the insert decides by',
  },
}

/** Table → the room whose tables.ts defines it. */
const OWNERS = new Map(
  sources
    .filter(({ path }) => path.endsWith('/tables.ts'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/sqliteTable\(\s*'(\w+)'/g)].map(([, table = '']): [string, string] => [
        table,
        roomOf(path),
      ]),
    ),
)

const SQL_NAME = /\b(FROM|JOIN|INTO|UPDATE(?:\s+OR\s+\w+)?)\s+["`[]?([a-z_]+)\b/gi

/** Tables named in SQL texts of files of other rooms. */
function strangers() {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(SQL_NAME)]
      .map(([, verb = '', table = '']) => ({ path, verb, table, owner: OWNERS.get(table) }))
      .filter(({ owner }) => owner !== undefined && owner !== roomOf(path)),
  )
}

describe('every table', () => {
  it('has one owner', () => {
    const tables = Object.values(schema).filter((value) => isTable(value))
    expect(tables.map(getTableName).sort()).toEqual([...OWNERS.keys()].sort())
  })

  it('is imported by its own room alone; schema.ts gathers them', () => {
    const importers = sources.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target.endsWith('/tables.ts') && roomOf(target) !== roomOf(path))
        .map(({ target }) => `${path} → ${target}`),
    )
    expect(importers.filter((arrow) => !arrow.startsWith('schema.ts → '))).toEqual([])
  })

  it('is handed on by nobody: who imports it uses it', () => {
    const exported = sources.filter(
      ({ path, text }) =>
        path !== 'schema.ts' && /^export\s+(?!type\b)[^;\n]*from\s+'[^']*tables\.ts'/m.test(text),
    )
    expect(exported.map(({ path }) => path)).toEqual([])
  })

  it('is named in SQL of other rooms only to be read, where one statement has to decide', () => {
    const found = strangers()
    expect(found.filter(({ verb }) => /^(into|update)/i.test(verb))).toEqual([])
    const unlisted = found.filter(({ path, table }) => !READERS[path]?.tables.includes(table))
    expect(unlisted).toEqual([])
  })

  it('is read by no listed exception that is not needed any more', () => {
    const used = new Set(strangers().map(({ path, table }) => `${path} ${table}`))
    const listed = Object.entries(READERS).flatMap(([path, { tables }]) =>
      tables.map((table) => `${path} ${table}`),
    )
    expect(listed.filter((entry) => !used.has(entry))).toEqual([])
  })
})

describe('the division into databases', () => {
  it('knows of every table whose it is', () => {
    const tables = Object.values(schema).filter((value) => isTable(value))
    const listed = [...ACCOUNT_TABLES, ...CONTROL_TABLES, ...OWN_TABLES]
    expect([...listed].sort()).toEqual(tables.map(getTableName).sort())
    const withSlots = tables.filter(
      (table) => 'slot' in getTableColumns(table) && 'accountId' in getTableColumns(table),
    )
    // What a move notes of an account stays in the database that the slot leaves, and goes with the move.
    const moving = [...ACCOUNT_TABLES, 'changed_accounts']
    expect(withSlots.map(getTableName).sort()).toEqual(moving.sort())
  })
})
