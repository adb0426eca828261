// What each part has measured, with the machine it was measured on, as one JSON file a part. The page is
// made from these files alone.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../support/bundle.ts'
import type { BareFigures } from './against-bare.ts'
import type { CostFigures } from './cost.ts'
import type { KillFigures } from './kills.ts'
import { loadAverage, type Machine, readMachine } from './machine.ts'
import type { DelayFigures } from './measure-delays.ts'
import type { MoveFigures } from './moves/measure-moves.ts'
import type { Part } from './options.ts'
import type { RefusalFigures } from './refusals.ts'
import type { WalkFigures } from './walk.ts'

export type Figures = {
  readonly cost: readonly CostFigures[]
  readonly refusals: readonly RefusalFigures[]
  readonly bare: readonly BareFigures[]
  readonly faults: readonly DelayFigures[]
  readonly distance: readonly DelayFigures[]
  readonly peers: readonly DelayFigures[]
  readonly moves: MoveFigures
  readonly walk: readonly WalkFigures[]
  readonly kills: KillFigures
}

export type Result<P extends Part> = {
  readonly part: P
  readonly isQuick: boolean
  readonly machine: Machine
  /** Before and after: above the number of cores, somebody else was working too. */
  readonly loadAverages: readonly [number, number]
  readonly figures: Figures[P]
}

export type Results = { readonly [P in Part]?: Result<P> }

const FOLDER = join(PROJECT_ROOT, 'dist/bench')

const fileOf = (part: Part) => join(FOLDER, `${part}.json`)

/** Runs a part and keeps what it gives. */
export async function keepResult<P extends Part>(
  part: P,
  isQuick: boolean,
  measure: () => Promise<Figures[P]>,
): Promise<void> {
  const before = loadAverage()
  const machine = readMachine()
  const figures = await measure()
  const result: Result<P> = {
    part,
    isQuick,
    machine,
    loadAverages: [before, loadAverage()],
    figures,
  }
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(fileOf(part), `${JSON.stringify(result, null, 2)}\n`)
}

/** Null where the part was never measured here. */
export function readResult<P extends Part>(part: P): Result<P> | null {
  const file = fileOf(part)
  // Nobody but `keepResult` writes there.
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
