// Counts holds that began or were ended early, as the exchange confirms to have heard of them: in memory, so that no hold costs
// a row for it. How many run at the moment is asked of the databases: running-holds.ts.

import * as v from 'valibot'
import type { Callback } from '../exchange/outbox.ts'
import { parseJson } from '../lib/json.ts'
import type { StoredReason } from '../lock/hold-reason.ts'
import { countMeasure, type Measure, NO_COUNTRY } from '../watch/measure-cells.ts'
import type { WatchContext } from '../watch/watch-context.ts'

const BEGAN: Readonly<Record<StoredReason, Measure>> = {
  cooling_off: 'holds_cooling_off',
  activity: 'holds_activity',
  planned: 'holds_planned',
}

const REASONS = ['planned', 'activity', 'cooling_off'] as const satisfies readonly StoredReason[]
const StartedSchema = v.object({ data: v.object({ reason: v.picklist(REASONS) }) })
const LiftedSchema = v.object({ data: v.object({ hold_reason: v.picklist(REASONS) }) })

/** What is of no hold but a lock's own, or of none, counts nothing. */
export function countHold(
  { watch, now }: Pick<WatchContext, 'watch' | 'now'>,
  { type, body }: Pick<Callback, 'type' | 'body'>,
): void {
  const measure = measureOf(type, body)
  if (measure === null) return
  const of = { country: NO_COUNTRY, provider: null }
  countMeasure(watch.measures, { ...of, counts: { [measure]: 1 } }, now())
}

function measureOf(type: Callback['type'], body: string): Measure | null {
  if (type === 'hold.started') {
    const started = v.safeParse(StartedSchema, parseJson(body))
    return started.success ? BEGAN[started.output.data.reason] : null
  }
  if (type !== 'hold.lifted') return null
  return v.is(LiftedSchema, parseJson(body)) ? 'holds_ended' : null
}
