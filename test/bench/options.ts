// The command line of `npm run bench`. Total: anything it does not know is answered with what it knows.

import { parseArgs } from 'node:util'

export const PARTS = [
  'cost',
  'refusals',
  'bare',
  'faults',
  'distance',
  'peers',
  'moves',
  'walk',
  'kills',
] as const
export type Part = (typeof PARTS)[number]

export type BenchOptions = {
  readonly parts: readonly Part[]
  readonly isQuick: boolean
  readonly kills: number
  readonly writesDocs: boolean
}

export type BenchChoice =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly message: string }

export const BENCH_HELP = `Usage: npm run bench -- [options]

Measures what is promised. Loopback only, bounded in rate and time.

  --quick        fewer scenarios, shorter rounds (about five minutes)
  --peers        the usual stack beside Lockline, in the same run: node:http, BullMQ
                 on Redis, notifme-sdk. Installs them into .wrangler/bench-peers
  --kills N      kill -9 the local runtime N times under load
  --only A,B     these parts only: ${PARTS.join(', ')}
  --docs         write docs/measured.md and docs/charts/ from what has been measured
  --render       the same without measuring anything: from dist/bench/
  --help         show this text

Parts: cost (D1 rows, queue messages), refusals (what a stranger's request
costs), bare (against a bare Worker), faults (webhook to provider, by fault),
distance (1 and 40 isolates, D1 far away, queue late), peers, moves (slots to
another database and back while keys are rotated; only when named, under four
minutes), walk (a million accounts forgotten and sealed anew; only when named,
eight minutes), kills.
Each part leaves its figures in dist/bench/. All of it takes about 45 minutes on
two quiet cores. Ctrl-C ends everything that was started.`

const KILLS_MAX = 1_000

export function readBenchOptions(args: readonly string[]): BenchChoice {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        peers: { type: 'boolean', default: false },
        kills: { type: 'string', default: '0' },
        only: { type: 'string' },
        docs: { type: 'boolean', default: false },
        render: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'help' }
    const kills = Number(values.kills)
    if (!/^\d+$/.test(values.kills) || kills > KILLS_MAX) {
      return refused(`--kills must be from 0 to ${KILLS_MAX}, not ${values.kills}`)
    }
    const names = values.only?.split(',') ?? []
    const unknown = names.find((name) => !isPart(name))
    if (unknown !== undefined) return refused(`no part is called ${unknown}`)
    if (args.includes('--kills') && kills === 0)
      return refused('--kills 0 kills nothing: leave it out')
    if (names.includes('kills') && kills === 0) return refused('say how often: --kills 50')
    const asked = (part: Part) => {
      if (values.render) return false
      if (names.length > 0) return names.includes(part)
      if (part === 'peers') return values.peers
      if (part === 'walk' || part === 'moves') return false
      return part !== 'kills' || kills > 0
    }
    return {
      kind: 'run',
      options: {
        parts: PARTS.filter(asked),
        isQuick: values.quick,
        kills,
        writesDocs: values.docs || values.render,
      },
    }
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

function isPart(name: string): name is Part {
  return PARTS.some((part) => part === name)
}

function refused(message: string): BenchChoice {
  return { kind: 'refused', message }
}
