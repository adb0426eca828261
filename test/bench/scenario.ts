// What is tried: how logins come, how far D1 is, how late the queue, what is wrong with the providers.
// Plain data; test/bench/measure-delays.ts runs it.

export const FAULTS = [
  'none',
  'hang',
  'hang-after-accept',
  'slow',
  '500',
  '429',
  'refuse',
  'reset',
  'garbage',
  'rejected',
  'flapping',
  'stray',
] as const
export type Fault = (typeof FAULTS)[number]

export const FAULT_LABELS: Readonly<Record<Fault, string>> = {
  none: 'healthy',
  hang: 'hangs',
  'hang-after-accept': 'accepts, never answers',
  slow: 'answers after 1.2 s',
  '500': '500',
  '429': '429',
  refuse: 'nothing listens',
  reset: 'resets',
  garbage: 'HTML in a 200',
  rejected: 'refuses the message',
  flapping: '10 s good, 10 s hanging',
  stray: '1 % of all calls hang',
}

/** `front`: through the local runtime's own proxy, as `wrangler dev` runs a Worker; `direct`: without it. */
export type Door = 'front' | 'direct'

export type Scenario = {
  /** What is wrong with the first provider; `stray` is wrong with every provider. */
  readonly fault: Fault
  readonly providers: 1 | 2
  /** How long a healthy provider takes to answer. */
  readonly answerMs: number
  readonly isolates: number
  readonly door: Door
  readonly d1Ms: number
  readonly queueMs: number
  readonly perSecond: number
  readonly seconds: number
}

const NEAR: Scenario = {
  fault: 'none',
  providers: 2,
  answerMs: 20,
  isolates: 1,
  door: 'front',
  d1Ms: 0,
  queueMs: 0,
  perSecond: 100,
  seconds: 10,
}
const CALM = { perSecond: 20, seconds: 20 }
/** Two periods, good and bad, of ten seconds each. */
const FLAPPING = { fault: 'flapping', perSecond: 20, seconds: 40 } as const
const STRAY = { fault: 'stray', ...CALM } as const
const MANY = { isolates: 40, door: 'direct', ...CALM } as const
const ISOLATES = [1, 40] as const

const at = (changes: Partial<Scenario>): Scenario => ({ ...NEAR, ...changes })

export function faultScenarios(isQuick: boolean): readonly Scenario[] {
  if (isQuick) {
    const faults = ['none', 'hang', '500'] as const
    return faults.map((fault) => at({ fault, seconds: 5 }))
  }
  return [
    ...FAULTS.map((fault) => (fault === 'flapping' ? at(FLAPPING) : at({ fault }))),
    at({ door: 'direct' }),
    at({ door: 'direct', fault: 'hang' }),
    at({ ...CALM }),
    at({ ...CALM, fault: 'hang' }),
    at({ answerMs: 150 }),
    at({ answerMs: 150, fault: 'hang' }),
    at({ providers: 1, ...CALM, fault: 'slow' }),
    at({ providers: 1, ...FLAPPING }),
    at({ providers: 1, ...STRAY }),
  ]
}

export function distanceScenarios(isQuick: boolean): readonly Scenario[] {
  if (isQuick) {
    return [at({ ...MANY, seconds: 5 }), at({ ...MANY, seconds: 5, fault: 'hang', d1Ms: 150 })]
  }
  const distances = [
    { d1Ms: 0, queueMs: 0 },
    { d1Ms: 80, queueMs: 100 },
    { d1Ms: 150, queueMs: 100 },
    { d1Ms: 250, queueMs: 1_000 },
  ]
  const far = ISOLATES.flatMap((isolates) =>
    distances.flatMap((distance) =>
      (['none', 'hang'] as const).map((fault) => at({ ...MANY, isolates, ...distance, fault })),
    ),
  )
  const long = { ...MANY, fault: 'stray', seconds: 100 } as const
  return [
    ...far,
    at(long),
    at({ ...long, providers: 1 }),
    at({ ...long, d1Ms: 250, queueMs: 1_000 }),
  ]
}

/** What the usual stack is tried in, and Lockline beside it. */
export function peerScenarios(isQuick: boolean): readonly Scenario[] {
  const faults = isQuick
    ? (['none', 'hang'] as const)
    : FAULTS.filter((fault) => fault !== 'flapping')
  const near = faults.map((fault) => at({ fault, seconds: 5 }))
  return isQuick ? near : [...near, at({ ...CALM, fault: 'none' }), at(FLAPPING)]
}

/** In a few words, for a line of progress. */
export function scenarioName(scenario: Scenario): string {
  const { fault, providers, answerMs, isolates, door, d1Ms, queueMs, perSecond, seconds } = scenario
  const first = fault === 'none' || fault === 'stray' ? '' : 'first '
  return [
    `${first}${FAULT_LABELS[fault]}`,
    `${perSecond}/s for ${seconds} s`,
    `${providers} × ${answerMs} ms`,
    `${isolates} isolate${isolates === 1 ? '' : 's'}`,
    door,
    ...(d1Ms > 0 ? [`D1 ${d1Ms} ms`] : []),
    ...(queueMs > 0 ? [`queue ${queueMs} ms`] : []),
  ].join(', ')
}
