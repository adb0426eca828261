// Holds are counted as the exchange confirms to know of them, by reason, beside alerts and in no country.

import { describe, expect, it } from 'vitest'
import { countHold } from '../../../src/ops/count-hold.ts'
import { latencyRows } from '../../../src/ops/latency.ts'
import { pointsOf } from '../../../src/ops/points.ts'
import { createWatchMemory } from '../../../src/watch/watch-context.ts'
import { NOW } from './facts-world.ts'

const started = (reason: string) => ({ type: 'hold.started', body: bodyOf({ reason }) }) as const
const lifted = (reason: string) =>
  ({ type: 'hold.lifted', body: bodyOf({ hold_reason: reason }) }) as const
const bodyOf = (data: Readonly<Record<string, string>>) => JSON.stringify({ data })

function counted(callbacks: readonly Parameters<typeof countHold>[1][]) {
  const context = { watch: createWatchMemory(), now: () => NOW }
  for (const callback of callbacks) countHold(context, callback)
  return [...context.watch.measures.cells.values()]
}

describe('countHold', () => {
  it('counts by reason what began, and what was ended early', () => {
    const cells = counted([
      ...[started('cooling_off'), started('cooling_off'), started('activity'), started('planned')],
      lifted('cooling_off'),
    ])
    expect(cells.map(({ country, counts }) => [country, counts])).toEqual([
      ['', { holds_cooling_off: 2, holds_activity: 1, holds_planned: 1, holds_ended: 1 }],
    ])
    // It is no alert of any country.
    expect(latencyRows(cells, () => 'handset')).toEqual([])
    expect(pointsOf(cells)).toEqual([])
  })

  it('counts nothing of a lock’s own hold, of other callbacks, or of what it does not understand', () => {
    const others = [
      ...[lifted('lock'), started('lock'), { type: 'account.locked', body: '{}' } as const],
      { type: 'hold.started', body: 'not JSON' } as const,
    ]
    expect(counted(others)).toEqual([])
  })
})
