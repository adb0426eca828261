// Days of fake time: what an attack gets out of it, and what honest people notice of the guard. The world
// is code-world.ts; the figures here are the ones docs/decisions/019-pumping-guard.md speaks of.

import { describe, expect, it } from 'vitest'
import { type Crowd, crowd, GUARDED, runCodes } from './code-world.ts'

const DAY = 24
const ATTACK = { who: 'attack', country: 'LK', types: 0, fromHour: 0 }

/** 480 a day, four of five typed: a country the exchange has had for a while. */
const HONEST: Crowd = {
  who: 'honest',
  country: 'DE',
  blocks: 200,
  perHour: 20,
  fromHour: 0,
  untilHour: 12 * DAY,
  types: 0.8,
}

describe('an attack on a new country', () => {
  it('with the numbers of one block gets ten texts on its first day and 40 in a fortnight', () => {
    const story = runCodes(crowd({ ...ATTACK, blocks: 1, perHour: 100, untilHour: 14 * DAY }))
    expect(story.count('attack', 'send', 0)).toBe(10)
    expect(story.count('attack', 'send')).toBeLessThanOrEqual(40)
    expect(story.count('attack', 'send', 13)).toBe(1)
  })

  it('over thousands of blocks gets 30 on its first day and seven on every later one', () => {
    const story = runCodes(crowd({ ...ATTACK, blocks: 3_000, perHour: 60, untilHour: 14 * DAY }))
    expect(story.count('attack', 'send', 0)).toBeLessThanOrEqual(30)
    expect(story.count('attack', 'send', 13)).toBeLessThanOrEqual(7)
    expect(story.count('attack', 'send')).toBeLessThanOrEqual(125)
  })

  it('as slow as one an hour, over thousands of blocks, is slowed down further', () => {
    const story = runCodes(crowd({ ...ATTACK, blocks: 3_000, perHour: 1, untilHour: 28 * DAY }))
    expect(story.count('attack', 'send')).toBeLessThanOrEqual(215)
    expect(story.count('attack', 'send', 27)).toBeLessThanOrEqual(7)
  })

  it('in twenty countries at once is stopped in each', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRST']
    const story = runCodes(
      letters.flatMap((letter) =>
        crowd({ ...ATTACK, country: `${letter}X`, blocks: 500, perHour: 20, untilHour: 2 * DAY }),
      ),
    )
    expect(story.count('attack', 'send', 0)).toBeLessThanOrEqual(20 * 30)
    expect(story.count('attack', 'send', 1)).toBeLessThanOrEqual(20 * 7)
  })
})

describe('an attack on a country that is in use', () => {
  const attack = { ...ATTACK, country: 'DE', fromHour: 7 * DAY, untilHour: 12 * DAY, perHour: 500 }

  it('from one block is felt by nobody else', () => {
    const story = runCodes([...crowd(HONEST), ...crowd({ ...attack, blocks: 1 })])
    expect(story.count('attack', 'send')).toBeLessThanOrEqual(30)
    expect(story.refusedShare('honest')).toBe(0)
  })

  it('from twenty blocks is felt by nobody else either', () => {
    const story = runCodes([...crowd(HONEST), ...crowd({ ...attack, blocks: 20 })])
    expect(story.count('attack', 'send', 7)).toBeLessThanOrEqual(200)
    expect(story.count('attack', 'send', 11)).toBeLessThanOrEqual(20)
    expect(story.refusedShare('honest')).toBe(0)
  })

  it('from thousands of blocks gets no more than are typed, and most people their code', () => {
    const story = runCodes([...crowd(HONEST), ...crowd({ ...attack, blocks: 2_000 })])
    const typed = story.outcomes.filter(
      ({ kind, typesAfterMs }) => kind === 'send' && typesAfterMs !== null,
    ).length
    expect(story.count('attack', 'send')).toBeLessThan(typed / 2)
    expect(story.count('attack', 'send', 11)).toBeLessThan(300)
    expect(story.refusedShare('honest')).toBeLessThan(0.25)
  })

  it('elsewhere in the world is not felt at all', () => {
    const story = runCodes([
      ...crowd(HONEST),
      ...crowd({ ...attack, country: 'LK', blocks: 2_000 }),
    ])
    expect(story.refusedShare('honest')).toBe(0)
  })
})

describe('an attack from one block on a country that was just begun', () => {
  it('is felt by none of the few people there', () => {
    const few = crowd({ ...HONEST, country: 'LK', perHour: 1, untilHour: 7 * DAY })
    const attack = crowd({ ...ATTACK, blocks: 1, perHour: 200, untilHour: 7 * DAY })
    expect(runCodes([...few, ...attack]).refusedShare('honest')).toBe(0)
  })

  it('leaves a launch there all of its start', () => {
    const attack = crowd({ ...ATTACK, blocks: 1, perHour: 50, untilHour: 8 * DAY })
    const launch = { ...HONEST, country: 'LK', perHour: 60, fromHour: 7 * DAY, types: 0.6 }
    const people = crowd({ ...launch, untilHour: 7 * DAY + 6 })
    expect(runCodes([...attack, ...people]).refusedShare('honest')).toBe(0)
  })
})

describe('honest people', () => {
  const launch = { who: 'launch', country: 'BR', fromHour: 0, untilHour: 6, blocks: 300 }

  it.each([
    ['500 an hour, three of four typed', { ...launch, perHour: 500, types: 0.75 }, 0],
    ['500 an hour in 30 blocks', { ...launch, perHour: 500, types: 0.75, blocks: 30 }, 0.01],
    ['500 an hour, every second or so typed', { ...launch, perHour: 500, types: 0.55 }, 0.01],
    ['20 an hour', { ...launch, perHour: 20, types: 0.7 }, 0],
    [
      '600 in the first twelve minutes',
      { ...launch, perHour: 3_000, untilHour: 0.2, types: 0.75 },
      0.02,
    ],
    [
      '200 in the first two minutes',
      { ...launch, perHour: 6_000, untilHour: 1 / 30, types: 0.75 },
      0.4,
    ],
  ])('of a launch with %s', (_what, of, most) => {
    expect(runCodes(crowd(of)).refusedShare('launch')).toBeLessThanOrEqual(most)
  })

  it.each([
    [0.8, 0],
    [0.6, 0],
    [0.5, 0.05],
  ])('of whom %d type their code, day after day', (types, most) => {
    const story = runCodes(crowd({ ...HONEST, types }))
    expect(story.refusedShare('honest')).toBeLessThanOrEqual(most)
  })

  it('of a small country, even where texts arrive badly', () => {
    const story = runCodes(crowd({ ...HONEST, perHour: 0.5, untilHour: 28 * DAY, types: 0.4 }))
    expect(story.refusedShare('honest')).toBe(0)
  })

  it('get their codes again within days after texts did not arrive for a week', () => {
    const before = crowd({ ...HONEST, who: 'lost', perHour: 2, untilHour: 7 * DAY, types: 0 })
    const after = { ...HONEST, who: 'later', perHour: 2, fromHour: 7 * DAY, untilHour: 21 * DAY }
    const story = runCodes([...before, ...crowd(after)])
    expect(story.count('lost', 'refuse')).toBeGreaterThan(0)
    expect(story.count('later', 'refuse', 20)).toBe(0)
  })
})

describe('record-only mode', () => {
  const visits = crowd({ ...ATTACK, blocks: 1, perHour: 100, untilHour: DAY })

  it('sends everything, and says of all but the first what it would have done', () => {
    const story = runCodes(visits, { ...GUARDED, isEnforced: false })
    expect(story.count('attack', 'refuse')).toBe(0)
    expect(story.count('attack', 'send')).toBeLessThanOrEqual(10)
    expect(story.count('attack', 'would_refuse')).toBeGreaterThan(2_300)
  })
})

describe('numbers that were verified before', () => {
  it('are sent every code in the middle of an attack on their own block, beyond the cap', () => {
    const attack = crowd({ ...ATTACK, blocks: 1, perHour: 100, untilHour: DAY })
    const known = attack.map((visit) => ({ ...visit, who: 'known', isVerified: true }))
    const story = runCodes([...attack, ...known], { ...GUARDED, spendCapSegments: 50 })
    expect(story.count('known', 'send')).toBe(known.length)
    expect(story.count('attack', 'send')).toBeLessThanOrEqual(10)
  })
})

describe('the cap', () => {
  it('stops codes for the rest of the day, and no longer', () => {
    const people = crowd({ ...HONEST, untilHour: 3 * DAY })
    const story = runCodes(people, { ...GUARDED, spendCapSegments: 100 })
    expect([0, 1, 2].map((day) => story.count('honest', 'send', day))).toEqual([100, 100, 100])
  })
})
