// A slot that is in no database is seen from what all of them say together, at any point at which whoever moved it may die.

import { describe, expect, it } from 'vitest'
import { findAwaySlots, type SlotRow } from '../../../src/ops/slots/slots-away.ts'

const SLOT = 17

function row(state: SlotRow['state'], movedTo: string | null, changedAt = 5): SlotRow {
  return { slot: SLOT, state, movedTo, changedAt }
}

/** What each says of the slot: null where it has no row, left out where it does not answer. */
function seen(...said: readonly (SlotRow | null | undefined)[]) {
  return findAwaySlots(
    said.map((one, index) => ({
      name: index === 0 ? 'DB' : `DB_${index}`,
      rows: one === undefined ? null : one === null ? [] : [one],
    })),
  )
}

type Case = readonly [string, SlotRow | null, SlotRow | null]

const away = [{ slot: SLOT, to: 'DB_1', changedAt: 9 }]

describe('findAwaySlots', () => {
  it.each<Case>([
    ['nobody ever moved it', null, null],
    ['its place is being emptied', null, row('frozen', null)],
    ['its place is ready', row('here', null), row('frozen', 'DB_1')],
    ['it has moved', row('moved', 'DB_1'), row('here', null)],
    ['it has moved, and is being deleted', row('frozen', null), row('here', null)],
    ['it has come back', row('here', null), row('moved', 'DB')],
  ])('does not name a slot that is somewhere: %s', (_what, ...said) => {
    expect(seen(...said)).toEqual([])
  })

  it.each<Case>([
    ['is being copied', row('frozen', 'DB_1', 9), row('frozen', 'DB_1', 8)],
    ['has to be copied anew', row('frozen', 'DB_1', 9), row('frozen', null, 8)],
    ['was left and not taken', row('moved', 'DB_1', 9), row('frozen', 'DB_1', 8)],
    ['was left and given up', row('moved', 'DB_1', 8), row('frozen', null, 9)],
    ['was left to nobody', row('moved', 'DB_1', 9), null],
  ])('names one that %s, and when somebody was at it last', (_what, ...said) => {
    expect(seen(...said)).toEqual(away)
    expect(seen(...said, null)).toEqual(away)
  })

  it('leaves open what a silent database may have, but for a slot that another one has to send away', () => {
    expect(seen(row('moved', 'DB_1', 9), undefined)).toEqual([])
    expect(seen(row('moved', 'DB_2', 9), row('frozen', null), undefined)).toEqual([])
    expect(seen(row('frozen', 'DB_1', 9), undefined)).toEqual(away)
    expect(seen(row('here', null), undefined)).toEqual([])
  })
})
