// Slots that are in no database as far as one can see, and since when: what all of them say of a slot, taken together. Pure.
// A slot that is being moved is among them, for seconds; whether that is too long is judge.ts's.

import { HOME, type SlotState } from '../../lib/slot-guard.ts'

/** Of one database's table `slots`. */
export type SlotRow = {
  readonly slot: number
  readonly state: SlotState
  readonly movedTo: string | null
  readonly changedAt: number
}

/** `rows`: null where the database did not answer. */
export type SlotRows = { readonly name: string; readonly rows: readonly SlotRow[] | null }

export type AwaySlot = {
  readonly slot: number
  /** The database that it is on its way to. */
  readonly to: string
  /** When somebody was at it last. */
  readonly changedAt: number
}

/** A slot that a silent database may have is not away. `all`: every database that is bound. */
export function findAwaySlots(all: readonly SlotRows[]): readonly AwaySlot[] {
  const isAnyoneSilent = all.some(({ rows }) => rows === null)
  const said = new Map<number, (SlotRow & { readonly name: string })[]>()
  for (const { name, rows } of all) {
    for (const row of rows ?? []) {
      const others = said.get(row.slot)
      if (others) others.push({ ...row, name })
      else said.set(row.slot, [{ ...row, name }])
    }
  }
  return [...said].flatMap(([slot, rows]) => {
    // `DB` has what no row of its own denies.
    const isHome = !rows.some(({ name }) => name === HOME)
    if (isHome || rows.some(({ state }) => state === 'here')) return []
    const source = rows.find((row) => row.state === 'frozen' && isElsewhere(row))
    if (!source && isAnyoneSilent) return []
    const ready = rows.find(({ state, movedTo }) => state === 'frozen' && movedTo !== null)
    const to = (source ?? ready ?? rows.find(({ state }) => state === 'moved'))?.movedTo
    if (!to) return []
    return [{ slot, to, changedAt: Math.max(...rows.map(({ changedAt }) => changedAt)) }]
  })
}

function isElsewhere({ name, movedTo }: SlotRow & { readonly name: string }): boolean {
  return movedTo !== null && movedTo !== name
}
