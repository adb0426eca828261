// Which database an account's slot is in is a row of that database, so that whoever asks the wrong one, or asks while the
// slot is on its way, learns it before anything is read or written: every batch of an account begins with a statement that
// fails unless its slot is here. It writes nothing, and where no slot was ever moved it reads nothing either.
//
// The rows stand in `slots` (ops/tables.ts). The database `DB` has every slot that no row of its own denies: it is where a
// deployment begins. Any other has only those that a row names.

import { slotOf } from './slot.ts'

/** The database of control data; the home of every slot that was never moved. */
export const HOME = 'DB'

/** `frozen`: on its way, from here or to here · `moved`: it is in another database now. */
export const SLOT_STATES = ['here', 'frozen', 'moved'] as const
export type SlotState = (typeof SLOT_STATES)[number]

/** 0 to 255. */
export const ALL_SLOTS: readonly number[] = Array.from({ length: 256 }, (_, slot) => slot)

/** For the beginning of a batch: fails unless all of `slots` are here. `database`: the name of the binding that is asked. */
export function guardText(database: string, slots: readonly number[]): string {
  const list = slots.join(', ')
  // A state is no JSON. What is constant SQLite works out beforehand, whether it is needed or not: neither of these is.
  return database === HOME
    ? `SELECT json(state) FROM slots WHERE slot IN (${list}) AND state <> 'here'`
    : `SELECT json('away' || n) FROM (SELECT count(*) AS n FROM slots WHERE slot IN (${list}) AND state = 'here') WHERE n < ${slots.length}`
}

/** A slot is on its way from a database, or to it: what is in it must stay as it is there. */
export const IS_ON_ITS_WAY = `state = 'frozen' AND moved_to IS NOT NULL`

/** For the beginning of a batch that changes rows of accounts whatever their slots: fails while any is on its way. */
export const NONE_ON_ITS_WAY = `SELECT json(state) FROM slots WHERE ${IS_ON_ITS_WAY}`

/** Where a slot is, as the database that was asked has it: `state`, `movedTo`, `changedAt`. No row where it says nothing. */
export const SLOT_ROW =
  'SELECT state, moved_to AS movedTo, changed_at AS changedAt FROM slots WHERE slot = ?1'

/** The same of several at once, with `slot`. */
export function slotRowsText(slots: readonly number[]): string {
  return `SELECT slot, state, moved_to AS movedTo FROM slots WHERE slot IN (${slots.join(', ')})`
}

/** Whether a guard may have failed: only SQLite's own words reach us. */
export function mayBeGuard(error: unknown): boolean {
  return messageOf(error).includes('malformed JSON')
}

const AWAY = 'is not here now'

/** Begins as D1's own errors do: for whoever asks, D1 is away. */
export function slotAway(slots: readonly number[], cause?: unknown): Error {
  return new Error(`D1_ERROR: slot ${slots.join(', ')} ${AWAY}`, { cause })
}

/** That a slot is elsewhere or on its way says nothing of the database. */
export function isSlotAway(error: unknown): boolean {
  return messageOf(error).includes(AWAY)
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return error.message.startsWith('Failed query') ? messageOf(error.cause) : error.message
}

/** The slots of these accounts, each once. */
export function slotsOf(accountIds: readonly string[]): readonly number[] {
  return [...new Set(accountIds.map(slotOf))]
}
