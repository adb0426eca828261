// What counting needs of the context, and what an isolate remembers of it. Losing it costs a little evidence.

import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import { createMeasureBuffer, type MeasureBuffer } from './measure-cells.ts'

export type WatchMemory = {
  readonly measures: MeasureBuffer
  /** When the minute's work ran last, as last read; null before it was, or where it never ran. */
  cronAt: number | null
}

export type WatchContext = Pick<Ports, 'now' | 'randomBytes'> & {
  readonly db: Db
  readonly watch: WatchMemory
}

export function createWatchMemory(): WatchMemory {
  return { measures: createMeasureBuffer(), cronAt: null }
}
