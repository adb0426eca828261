// Which accounts change while their slot is copied: that takes minutes, and nobody shall wait for it. Triggers note them, in
// the transaction of the change itself, whoever makes it: a login, a walk, an isolate of a former version. They stand only
// while a slot of the database is being copied, since each write would be compiled with them; and what was copied while one
// of them was gone, since a migration has made its table anew, is copied from the beginning.
//
// A slot that is being copied is `here`, and its `moved_to` the database that it shall come to.

import type { Shard } from '../../lib/shards.ts'
import { ACCOUNT_TABLES } from '../table-owners.ts'
import { expectStatement, type Place, placeOf, placeStatement } from './slot-places.ts'

/** An account, and how often it had changed when that was read. */
export type Change = { readonly accountId: string; readonly changes: number }

/** With another text it has to have another name: one that stands is kept. */
const PREFIX = 'slot_change_'

const EVENTS = [
  ['insert', 'NEW'],
  ['update', 'NEW'],
  ['delete', 'OLD'],
] as const

const TRIGGERS = ACCOUNT_TABLES.flatMap((table) =>
  EVENTS.map(([event, row]) => ({
    name: `${PREFIX}${event}_${table}`,
    text: `AFTER ${event} ON ${table}
      WHEN EXISTS (SELECT 1 FROM slots WHERE slot = ${row}.slot AND state = 'here' AND moved_to IS NOT NULL)
      BEGIN
        INSERT INTO changed_accounts (slot, account_id, changes) VALUES (${row}.slot, ${row}.account_id, 1)
          ON CONFLICT (slot, account_id) DO UPDATE SET changes = changes + 1;
      END`,
  })),
)

/** All of them. */
export const IS_NOTED = `(SELECT count(*) FROM sqlite_master
  WHERE type = 'trigger' AND substr(name, 1, ${PREFIX.length}) = '${PREFIX}') = ${TRIGGERS.length}`

/** Whether every change has been noted since the slot was first copied, as far as triggers go. */
export async function isNoted({ database }: Shard): Promise<boolean> {
  const found = await database.prepare(`SELECT 1 WHERE ${IS_NOTED}`).all()
  return found.results.length > 0
}

/** From now on, in the transaction in which it is said that the slot is being copied. */
export async function noteChanges(
  from: Place,
  slot: number,
  to: string,
  now: number,
): Promise<Place> {
  const { database } = from.shard
  const next = { state: 'here', movedTo: to } as const
  const results = await database.batch<{ changedAt: number }>([
    expectStatement(from, slot),
    // Of another slot that is being copied, changes were not noted just now. It begins anew.
    database
      .prepare(
        `UPDATE slots SET moved_to = NULL, changed_at = changed_at + 1
          WHERE state = 'here' AND moved_to IS NOT NULL AND slot <> ?1 AND NOT ${IS_NOTED}`,
      )
      .bind(slot),
    ...TRIGGERS.map(({ name, text }) =>
      database.prepare(`CREATE TRIGGER IF NOT EXISTS ${name} ${text}`),
    ),
    database.prepare('DELETE FROM changed_accounts WHERE slot = ?1').bind(slot),
    placeStatement(from, slot, next, now),
  ])
  return placeOf(from, slot, next, results.at(-1))
}

/** The next accounts. Those that were copied, and have not changed since, are among them no more. */
export async function takeChanges(
  from: Place,
  slot: number,
  copied: readonly Change[],
  limit: number,
): Promise<readonly Change[]> {
  const { database } = from.shard
  const [, , found] = await database.batch<Change>([
    expectStatement(from, slot),
    database
      .prepare(
        `DELETE FROM changed_accounts WHERE slot = ?1 AND (account_id, changes) IN
          (SELECT value ->> 'accountId', value ->> 'changes' FROM json_each(?2))`,
      )
      .bind(slot, JSON.stringify(copied)),
    database
      .prepare(
        `SELECT account_id AS accountId, changes FROM changed_accounts
          WHERE slot = ?1 ORDER BY account_id LIMIT ?2`,
      )
      .bind(slot, limit),
  ])
  return found?.results ?? []
}

/** Where no slot is being copied from a database any more, nothing of it is left. */
export async function forgetChanges({ database }: Shard): Promise<void> {
  const [, triggers] = await database.batch<{ name: string }>([
    database.prepare(
      `DELETE FROM changed_accounts WHERE slot NOT IN
        (SELECT slot FROM slots WHERE state <> 'moved' AND moved_to IS NOT NULL)`,
    ),
    database
      .prepare(
        `SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, ?1) = ?2
          AND NOT EXISTS (SELECT 1 FROM slots WHERE state = 'here' AND moved_to IS NOT NULL)`,
      )
      .bind(PREFIX.length, PREFIX),
  ])
  const names = triggers?.results.map(({ name }) => name) ?? []
  // If somebody begins just now, his copying begins once more.
  if (names.length === 0) return
  await database.batch(names.map((name) => database.prepare(`DROP TRIGGER IF EXISTS ${name}`)))
}
