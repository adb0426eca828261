// What a refused request costs, path by path: CPU and time of ours against those of a bare Worker that
// reads a body as long and refuses. A stranger pays nothing; this is what he can make us pay.

import { paths } from '../../src/paths.ts'
import type { Bundle } from '../support/bundle.ts'
import { startStage } from '../support/stage.ts'
import type { AnyCarrierName } from '../world/carrier-protocol.ts'
import { closeAtEnd, closeOnSignal } from './closing.ts'
import { childrenCpuMs } from './cpu.ts'
import { median, rounded } from './figures.ts'
import { loadAverage } from './machine.ts'
import { createClient, type Posted } from './open-loop.ts'
import { COVERED, type RefusalRequest, refusalRequests } from './refusal-requests.ts'

export type RefusalFigures = {
  readonly what: string
  readonly method: string
  readonly path: string
  readonly bodyBytes: number
  /** Each status answered. */
  readonly statuses: string
  readonly cpuMs: number | null
  /** Our CPU over that of a bare Worker that reads a body as long. */
  readonly timesBareCpu: number | null
  /** Our CPU over that of a bare Worker that is asked for nothing. */
  readonly timesEmptyCpu: number | null
  /** Our time over that of a bare Worker that reads a body as long. */
  readonly timesBareTime: number
  readonly loadAverage: number
}

export type RefusalRun = { readonly rounds: number; readonly seconds: number }

const PROVIDERS: readonly AnyCarrierName[] = [
  'twilio',
  'infobip',
  'vonage',
  'telnyx',
  'sinch',
  'aws',
  'http',
]
const NOTHING = { what: '', method: 'GET', path: '', headers: {}, body: '' } as const
/** The worst row shall be measured, not cut off. */
const PATIENCE_MS = 180_000
const SLOW_MS = 2_000

/** Public paths without a row. */
export function uncoveredPaths(): readonly string[] {
  return Object.values(paths).filter((path) => !COVERED.some((prefix) => path.startsWith(prefix)))
}

export async function measureRefusals(
  bundle: Bundle,
  run: RefusalRun,
  onRow: (figures: RefusalFigures) => void,
): Promise<readonly RefusalFigures[]> {
  const stage = await startStage(bundle, { world: { carriers: PROVIDERS } })
  const close = closeAtEnd(stage.close)
  closeOnSignal()
  const client = createClient(PATIENCE_MS)
  const ask = (path: string, { method, headers, body }: RefusalRequest) =>
    client.send(method, stage.runtime.origin + path, headers, body)
  try {
    const empty = await turns(() => ask('/bare/refuse', NOTHING), run)
    const figures: RefusalFigures[] = []
    for (const index of refusalRequests(PROVIDERS).keys()) {
      // Made anew for each row: a timestamp in it must not be too old.
      const request = refusalRequests(PROVIDERS)[index]
      if (!request) continue
      const bare = await turns(() => ask('/bare/refuse', request), run)
      const our = await turns(() => ask(request.path, request), run)
      const row = rowOf(request, our, bare, empty)
      figures.push(row)
      onRow(row)
    }
    return figures
  } finally {
    client.close()
    await close()
  }
}

type Turns = {
  /** Of one request, in milliseconds. */
  readonly cpuMs: number | null
  readonly timeMs: number
  readonly statuses: readonly number[]
}

/** One request after the other; median of the rounds. A request that takes seconds is asked once. */
async function turns(ask: () => Promise<Posted>, run: RefusalRun): Promise<Turns> {
  // It compiles what this path needs, and is not counted unless it tells enough.
  const first = await turn(ask, 0)
  if (first.timeMs > SLOW_MS) return first
  const rounds: Turns[] = []
  for (let round = 0; round < run.rounds; round += 1) rounds.push(await turn(ask, run.seconds))
  const cpus = rounds.flatMap(({ cpuMs }) => cpuMs ?? [])
  return {
    cpuMs: cpus.length > 0 ? median(cpus) : null,
    timeMs: median(rounds.map(({ timeMs }) => timeMs)),
    statuses: rounds.flatMap(({ statuses }) => statuses),
  }
}

async function turn(ask: () => Promise<Posted>, seconds: number): Promise<Turns> {
  const cpuBeforeMs = childrenCpuMs()
  const startedAt = performance.now()
  const statuses: number[] = []
  do statuses.push((await ask()).status)
  while (performance.now() - startedAt < seconds * 1_000)
  const elapsedMs = performance.now() - startedAt
  const cpuAfterMs = childrenCpuMs()
  const count = statuses.length
  const isKnown = cpuBeforeMs !== null && cpuAfterMs !== null
  return {
    cpuMs: isKnown ? (cpuAfterMs - cpuBeforeMs) / count : null,
    timeMs: elapsedMs / count,
    statuses,
  }
}

function rowOf(
  { what, method, path, body }: RefusalRequest,
  our: Turns,
  bare: Turns,
  empty: Turns,
): RefusalFigures {
  const times = (other: number | null) => (our.cpuMs && other ? rounded(our.cpuMs / other) : null)
  return {
    what,
    method,
    path: shownPath(path),
    bodyBytes: Buffer.byteLength(body),
    statuses: [...new Set(our.statuses)].map((status) => status || 'no answer').join(' '),
    cpuMs: our.cpuMs && rounded(our.cpuMs),
    timesBareCpu: times(bare.cpuMs),
    timesEmptyCpu: times(empty.cpuMs),
    timesBareTime: rounded(our.timeMs / bare.timeMs),
    loadAverage: loadAverage(),
  }
}

/** Without the random parts. */
function shownPath(path: string): string {
  return path.replace(/^\/(l|c|enter)\/[^/]+/, '/$1/…').replace(/\?.*$/, '?…')
}
