// The order of a route for one text: points at rest and live, the draw, slowness, the pin.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveId } from '../../../src/lib/ids.ts'
import { drawOf, type OrderFacts, orderRoute } from '../../../src/routing/order-route.ts'
import {
  createRouteMemory,
  keptPercent,
  refreshWeights,
} from '../../../src/routing/route-memory.ts'
import { livePoints, restingPoints } from '../../../src/routing/route-points.ts'
import { parsePins, parseWeights } from '../../../src/routing/route-settings.ts'
import type { ProviderName } from '../../../src/sms/registry.ts'
import { ROUTE } from '../deliver/fixtures.ts'

const NAMES = ['twilio', 'infobip', 'vonage', 'telnyx'] as const
const AT_REST: OrderFacts = {
  points: [100, 0, 0, 0],
  keptPercents: [100, 100, 100, 100],
  slow: new Set(),
  distrusted: new Map(),
  probe: null,
  pin: null,
  draw: 0,
  resting: new Set(),
}

function order(facts: Partial<OrderFacts>): readonly string[] {
  return orderRoute(ROUTE, { ...AT_REST, ...facts }).map(({ provider }) => provider.name)
}

const anyKept = fc.array(fc.constantFrom(100, 50, 25, 10, 2), { minLength: 4, maxLength: 4 })
const anyPoints = fc
  .array(fc.nat(100), { minLength: 4, maxLength: 4 })
  .filter((points) => points.some((point) => point > 0))
  .map((points) => {
    const settings = new Map([['*', new Map(NAMES.map((name, i) => [name, points[i] ?? 0]))]])
    return restingPoints(NAMES, settings, 'DE')
  })
const anyDraw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const sum = (points: readonly number[]) => points.reduce((total, point) => total + point, 0)

describe('points at rest', () => {
  const settings = new Map<string, ReadonlyMap<ProviderName, number>>([
    [
      '*',
      new Map([
        ['twilio', 60],
        ['infobip', 40],
      ]),
    ],
    ['TH', new Map([['vonage', 100]])],
  ])

  it('all go to the first of the route, if nothing is set', () => {
    expect(restingPoints(NAMES, new Map(), 'DE')).toEqual([100, 0, 0, 0])
  })

  it('are those of the country, else those for all', () => {
    expect(restingPoints(NAMES, settings, 'DE')).toEqual([60, 40, 0, 0])
    expect(restingPoints(NAMES, settings, 'TH')).toEqual([0, 0, 100, 0])
  })

  it('are shared out among those of the route', () => {
    expect(restingPoints(['infobip', 'vonage'], settings, 'DE')).toEqual([100, 0])
    expect(restingPoints(['telnyx', 'vonage'], settings, 'DE')).toEqual([100, 0])
  })
})

describe('points live', () => {
  it.each([
    ['nobody lowered', [60, 40, 0, 0], [100, 100, 100, 100], [60, 40, 0, 0]],
    [
      'the loss goes to who has points and is trusted',
      [60, 40, 0, 0],
      [50, 100, 100, 100],
      [30, 70, 0, 0],
    ],
    ['else to the next of the route', [100, 0, 0, 0], [2, 100, 100, 100], [2, 98, 0, 0]],
    ['passing over one that is lowered too', [100, 0, 0, 0], [2, 25, 100, 100], [2, 0, 98, 0]],
    ['all as bad: as at rest', [60, 40, 0, 0], [25, 25, 25, 25], [60, 40, 0, 0]],
    ['all bad, one less so', [100, 0, 0, 0], [2, 25, 10, 2], [2, 98, 0, 0]],
  ])('%s', (_what, resting, kept, expected) => {
    expect(livePoints(resting, kept).map((point) => Math.round(point))).toEqual(expected)
  })

  it('are 100 in all, none below zero', () => {
    fc.assert(
      fc.property(anyPoints, anyKept, (resting, kept) => {
        const live = livePoints(resting, kept)
        expect(sum(live)).toBeCloseTo(100, 6)
        expect(live.every((point) => point >= 0)).toBe(true)
      }),
    )
  })

  it('rise above rest only for those that kept most', () => {
    fc.assert(
      fc.property(anyPoints, anyKept, (resting, kept) => {
        const most = Math.max(...kept)
        for (const [index, point] of livePoints(resting, kept).entries()) {
          if (kept[index] !== most) expect(point).toBeLessThanOrEqual((resting[index] ?? 0) + 1e-9)
        }
      }),
    )
  })
})

describe('the order of a route', () => {
  it('at rest is the route', () => {
    fc.assert(
      fc.property(anyDraw, (draw) => {
        expect(order({ draw })).toEqual(NAMES)
      }),
    )
  })

  it('begins with who is drawn, then goes by points, then by preference', () => {
    const points = [20, 50, 0, 30]
    const drawn = [0.1, 0.3, 0.9].map((draw) => order({ points, draw }))
    expect(drawn).toEqual([
      ['twilio', 'infobip', 'telnyx', 'vonage'],
      ['infobip', 'telnyx', 'twilio', 'vonage'],
      ['telnyx', 'infobip', 'twilio', 'vonage'],
    ])
  })

  it('puts lowered ones behind the trusted, the probe by draw aside', () => {
    const facts = { points: [2, 98, 0, 0], keptPercents: [2, 100, 100, 100] }
    expect(order({ ...facts, draw: 0.5 })).toEqual(['infobip', 'vonage', 'telnyx', 'twilio'])
    expect(order({ ...facts, draw: 0.01 })).toEqual(['twilio', 'infobip', 'vonage', 'telnyx'])
  })

  it('puts the slow ones last, in their order', () => {
    const slow = new Set(['twilio', 'vonage'] as const)
    expect(order({ slow })).toEqual(['infobip', 'telnyx', 'twilio', 'vonage'])
  })

  it('stays as it is when all are slow', () => {
    expect(order({ slow: new Set(NAMES) })).toEqual(NAMES)
  })

  it('begins with a slow one that is due for its probe', () => {
    const facts = { slow: new Set(['infobip'] as const), probe: 'infobip' as const }
    expect(order(facts)).toEqual(['infobip', 'twilio', 'vonage', 'telnyx'])
  })

  it('asks the trusted first, then the demoted, then the convicted, each in their order', () => {
    const distrusted = new Map([
      ['twilio', 2],
      ['infobip', 1],
    ] as const)
    expect(order({ distrusted })).toEqual(['vonage', 'telnyx', 'infobip', 'twilio'])
    expect(order({ distrusted, pin: 'twilio' })).toEqual(['vonage', 'telnyx', 'infobip', 'twilio'])
    const slow = new Set(['vonage'] as const)
    expect(order({ distrusted, slow })).toEqual(['telnyx', 'vonage', 'infobip', 'twilio'])
  })

  it('begins with a convicted one that is due for its probe', () => {
    const distrusted = new Map([['infobip', 2]] as const)
    expect(order({ distrusted, probe: 'infobip' })[0]).toBe('infobip')
  })

  it('is that of the route where all are distrusted alike', () => {
    expect(order({ distrusted: new Map(NAMES.map((name) => [name, 2])) })).toEqual(NAMES)
  })

  it('begins with the pin, as long as it is trusted', () => {
    const facts = { points: [98, 2, 0, 0], slow: new Set(['infobip'] as const), draw: 0.5 }
    expect(order({ ...facts, pin: 'infobip' })).toEqual(['infobip', 'twilio', 'vonage', 'telnyx'])
  })

  it('neither adds nor drops anybody', () => {
    const anyName = fc.constantFrom(...NAMES)
    fc.assert(
      fc.property(
        fc.record({
          points: anyPoints,
          keptPercents: anyKept,
          slow: fc.subarray([...NAMES]).map((names) => new Set(names)),
          distrusted: fc
            .array(
              fc.tuple(anyName, fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const)),
            )
            .map((pairs) => new Map(pairs)),
          probe: fc.option(anyName),
          pin: fc.option(anyName),
          draw: anyDraw,
        }),
        (facts) => {
          expect([...order(facts)].sort()).toEqual([...NAMES].sort())
        },
      ),
    )
  })

  it('of a route of none or one is that route', () => {
    expect(orderRoute([], { ...AT_REST, points: [], keptPercents: [] })).toEqual([])
    const facts = {
      ...AT_REST,
      points: [100],
      keptPercents: [2],
      slow: new Set(['twilio'] as const),
    }
    expect(orderRoute(ROUTE.slice(0, 1), facts)).toEqual(ROUTE.slice(0, 1))
  })
})

describe('the draw of an id', () => {
  it('is the same every time, and spread evenly', async () => {
    const ids = await Promise.all(
      Array.from({ length: 4_000 }, (_, index) => deriveId('alr', String(index))),
    )
    const tenths = Array.from({ length: 10 }, () => 0)
    for (const id of ids) {
      const draw = drawOf(id)
      expect(drawOf(id)).toBe(draw)
      const tenth = Math.floor(draw * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    const furthest = Math.max(...tenths.map((count) => Math.abs(count - 400)))
    expect(furthest).toBeLessThan(100)
  })

  it('is from 0 up to 1 for any text', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(drawOf(id) >= 0 && drawOf(id) < 1).toBe(true)
      }),
    )
  })
})

describe('what an isolate knows of a provider', () => {
  it('is the least of everywhere and of the country, and is replaced by the next claim', () => {
    const memory = createRouteMemory()
    refreshWeights(memory, [
      { scope: 'twilio', keptPercent: 50 },
      { scope: 'twilio/TH', keptPercent: 2 },
      { scope: 'infobip/TH', keptPercent: 25 },
    ])
    const kept = () =>
      (['twilio', 'infobip'] as const).map((name) =>
        ['TH', 'DE'].map((country) => keptPercent(memory, name, country)),
      )
    expect(kept()).toEqual([
      [2, 50],
      [25, 100],
    ])
    refreshWeights(memory, [])
    expect(kept()).toEqual([
      [100, 100],
      [100, 100],
    ])
  })
})

describe('SMS_WEIGHTS and SMS_PINS', () => {
  const configured = ['twilio', 'infobip'] as const

  it('may be absent', () => {
    for (const absent of [undefined, '']) {
      expect(parseWeights(absent, configured)).toEqual({ ok: true, value: new Map() })
      expect(parsePins(absent, configured)).toEqual({ ok: true, value: new Map() })
    }
  })

  it('are read per country', () => {
    const weights = parseWeights(
      '{"*":{"twilio":60,"infobip":40},"TH":{"infobip":100}}',
      configured,
    )
    const pins = parsePins('{"TH":"infobip","*":"twilio"}', configured)
    expect(weights.ok && weights.value).toEqual(
      new Map([
        [
          '*',
          new Map([
            ['twilio', 60],
            ['infobip', 40],
          ]),
        ],
        ['TH', new Map([['infobip', 100]])],
      ]),
    )
    expect(pins.ok && pins.value).toEqual(
      new Map([
        ['TH', 'infobip'],
        ['*', 'twilio'],
      ]),
    )
  })

  it.each([
    '{',
    '["twilio"]',
    '{"th":{"twilio":100}}',
    '{"*":{"twilio":60}}',
    '{"*":{"twilio":60,"infobip":50}}',
    '{"*":{"twilio":-1,"infobip":101}}',
    '{"*":{"twilio":99.5,"infobip":0.5}}',
    '{"*":{"vonage":100}}',
    '{"*":{}}',
  ])('refuses the weights %s', (setting) => {
    expect(parseWeights(setting, configured).ok).toBe(false)
  })

  it.each(['{', '"twilio"', '{"TH":["twilio"]}', '{"Thailand":"twilio"}', '{"TH":"vonage"}'])(
    'refuses the pins %s',
    (setting) => expect(parsePins(setting, configured).ok).toBe(false),
  )
})
