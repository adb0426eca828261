// Requests per second and CPU of our routes against those of a bare Worker in the same isolate, turn by
// turn, so that what else the machine does falls on both; and the time to 202 of both at a fixed rate.

import type { Bundle } from '../support/bundle.ts'
import { type BareStage, startBareStage } from './bare-stage.ts'
import { median, type Percentiles, percentiles, rounded } from './figures.ts'
import { createLoginSigner } from './logins.ts'
import { loadAverage } from './machine.ts'
import { createClient, shootOpenLoop } from './open-loop.ts'
import type { Door } from './scenario.ts'
import { failuresOf, type Make, type Shots, shoot } from './shoot.ts'

export type Comparison = {
  readonly door: Door
  readonly what: string
  readonly bare: string
  readonly ourPerSecond: number
  readonly barePerSecond: number
  /** Median of the rounds: our requests per second over the bare one's. */
  readonly ratio: number
  /** CPU of a request of the bare Worker over ours: the same, but untroubled by others. */
  readonly cpuRatio: number | null
  readonly failures: number
  readonly loadAverage: number
}

export type TimeTo202 = {
  readonly door: Door
  readonly what: string
  readonly perSecond: number
  readonly answeredMs: Percentiles
  readonly failures: number
  readonly loadAverage: number
}

export type BareFigures = {
  readonly comparisons: readonly Comparison[]
  readonly timesTo202: readonly TimeTo202[]
}

export type BareRun = { readonly rounds: number; readonly seconds: number; readonly links: number }

const CONNECTIONS = 16
const RATE = { perSecond: 100, seconds: 10 }

export async function compareWithBare(
  bundle: Bundle,
  door: Door,
  run: BareRun,
): Promise<BareFigures> {
  const bareStage = await startBareStage(bundle, door, run.links)
  try {
    const comparisons: Comparison[] = []
    for (const pair of pairsOf(bareStage)) {
      comparisons.push({ door, ...(await compare(bareStage, pair, run)) })
    }
    return { comparisons, timesTo202: await timeTo202(bareStage, door) }
  } finally {
    await bareStage.close()
  }
}

type Pair = {
  readonly what: string
  readonly bare: string
  readonly our: Make
  readonly other: Make
}

function pairsOf({ stage, lockPaths }: BareStage): readonly Pair[] {
  const sign = createLoginSigner(stage.world.secrets.webhookSecrets[0] ?? '')
  let count = 0
  const nextLink = () => lockPaths[count++ % lockPaths.length] ?? ''
  const event = (path: string) => () => ({
    method: 'POST' as const,
    path,
    ...sign(`unbound${count++ % 1_000}`),
  })
  const on = (method: 'GET' | 'POST', path: () => string) => () => ({ method, path: path() })
  return [
    {
      what: 'POST /v1/events',
      bare: 'the same D1 insert, one queue message',
      our: event('/v1/events'),
      other: event('/bare/accept'),
    },
    {
      what: 'POST /v1/events',
      bare: 'reads the body, stores nothing',
      our: event('/v1/events'),
      other: event('/bare/empty'),
    },
    {
      what: 'GET /l/…',
      bare: 'checks an HMAC, sends a page as long',
      our: on('GET', nextLink),
      other: on('GET', () => '/bare/page'),
    },
    {
      what: 'GET /l/…',
      bare: 'sends a page as long, checks nothing',
      our: on('GET', nextLink),
      other: on('GET', () => '/bare/static'),
    },
    {
      what: 'POST /l/…',
      bare: 'one D1 batch of five, one queue message, a page',
      our: on('POST', nextLink),
      other: on('POST', () => '/bare/lock'),
    },
  ]
}

async function compare({ stage }: BareStage, pair: Pair, { rounds, seconds }: BareRun) {
  const { origin } = stage.runtime
  const ours: Shots[] = []
  const bares: Shots[] = []
  // The first round warms both up and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const bareShots = await shoot(origin, pair.other, { seconds, connections: CONNECTIONS })
    const ourShots = await shoot(origin, pair.our, { seconds, connections: CONNECTIONS })
    if (round === 0) continue
    bares.push(bareShots)
    ours.push(ourShots)
  }
  const perSecond = (shots: readonly Shots[]) => shots.map((shot) => shot.perSecond)
  const ratios = ours.map((shot, index) => shot.perSecond / (bares[index]?.perSecond ?? 1))
  const cpuRatios = ours.flatMap(({ cpuMs }, index) => {
    const bareMs = bares[index]?.cpuMs
    return cpuMs && bareMs ? [bareMs / cpuMs] : []
  })
  return {
    what: pair.what,
    bare: pair.bare,
    ourPerSecond: Math.round(median(perSecond(ours))),
    barePerSecond: Math.round(median(perSecond(bares))),
    ratio: rounded(median(ratios)),
    cpuRatio: cpuRatios.length > 0 ? rounded(median(cpuRatios)) : null,
    failures: [...ours, ...bares].reduce((sum, shots) => sum + failuresOf(shots), 0),
    loadAverage: loadAverage(),
  }
}

async function timeTo202({ stage }: BareStage, door: Door): Promise<readonly TimeTo202[]> {
  const { perSecond, seconds } = RATE
  const sign = createLoginSigner(stage.world.secrets.webhookSecrets[0] ?? '')
  const figures: TimeTo202[] = []
  for (const [what, path] of [
    ['a bare Worker: the same D1 insert, one queue message', '/bare/accept'],
    ['Lockline, account without a number', '/v1/events'],
  ] as const) {
    const client = createClient()
    const shots = await shootOpenLoop({ perSecond, count: perSecond * seconds }, (index) => {
      const { headers, body } = sign(`timed${index}`)
      return client.send('POST', stage.runtime.origin + path, headers, body)
    })
    client.close()
    figures.push({
      door,
      what,
      perSecond,
      answeredMs: percentiles(
        shots.map(({ answeredAt, dueAt }) => Math.max(0, Math.round(answeredAt - dueAt))),
      ),
      failures: shots.filter(({ status }) => status !== 202).length,
      loadAverage: loadAverage(),
    })
  }
  return figures
}
