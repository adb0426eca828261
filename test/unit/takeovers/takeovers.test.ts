// A small run of the drills: within the hours nothing leaves for a thief of the first four kinds, one tap takes all from him,
// and the owner is through in two. Ten thousand of them are `npm run takeovers`'s.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { countFigures, countLost } from '../../takeovers/figures.ts'
import { readChoice } from '../../takeovers/options.ts'
import { POLICIES } from '../../takeovers/policies.ts'
import { duration, falseHoldShare, percent } from '../../takeovers/render.ts'
import type { Takeover } from '../../takeovers/takeover.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PATIENCE_MS = 120_000
const HOUR_MS = 3_600_000

/** The cells of the rows that begin with `first`, after it. */
function cells(text: string, first: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => line.startsWith(`| ${first} |`))
  return rows.map((row) =>
    row
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()),
  )
}

describe('the drills', () => {
  it('lose nothing within the hours, and all without them', { timeout: PATIENCE_MS }, () => {
    const policies = ['--policy', 'off, api', '--policy', '12 h, owner']
    const command = ['--import', './tools/require-node.mjs', 'test/takeovers/main.ts']
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...command, '--runs', '48', ...policies],
      { cwd: ROOT, encoding: 'utf8' },
    )
    expect(stderr).toMatch(/^12 h, owner: 24 of 24, /m)
    const bold = (count: number) => `**${count}**`
    for (const kind of ['1 password', '3 and reads the SMS', '4 has the number (SIM swap)']) {
      const [[thefts = '', off = '', held = ''] = []] = cells(stdout, kind)
      expect(Number(thefts)).toBeGreaterThan(1)
      expect(off).toMatch(/^([6-9]\d|100) %$/)
      expect(held).toMatch(/^\*\*0 %\*\* · /)
    }
    // What is planted is worth nothing within the hours; undiscovered for three days it is.
    const planted = 'adds a passkey of his own, and says “it was me” by it'
    expect(cells(stdout, planted)[0]).toEqual(['1', '100 %', '**0 %** · 100 %'])
    const waited = 'adds a passkey, is not found out, and takes the money 73 hours later'
    expect(cells(stdout, waited)[0]).toEqual(['1', '100 %', '**100 %** · 0 %'])
    // Beside a passkey nothing is planted by SMS; whoever removes that first has planted, and has been told of twice.
    const beside =
      'of an owner with a passkey: adds none of his own, whatever code he types, and takes the money 73 hours later'
    expect(cells(stdout, beside)[0]).toEqual(['1', '100 %', '**0 %** · 100 %'])
    const removed =
      'removes that passkey by a code, adds one of his own, and says “it was me” by it'
    expect(cells(stdout, removed)[0]).toEqual(['1', '100 %', '**0 %** · 100 %'])
    const both = 'the same, is not found out, and takes the money 73 hours later'
    expect(cells(stdout, both)[0]).toEqual(['1', '100 %', '**100 %** · 0 %'])
    const [silent, locks, insider, ...own] = cells(stdout, '12 h, owner')
    expect(silent?.[1]).toBe(bold(0))
    expect(Number(silent?.[0])).toBeGreaterThan(10)
    // All five of the thief's footholds, of every lock that came in time.
    expect(locks?.[1]).toBe(locks?.[0])
    expect(Number(locks?.[0])).toBeGreaterThan(0)
    expect(insider?.[0]).toMatch(/^\*\*0\*\* of [1-9]/)
    const onNewPhone = own.find(([how]) => how === 'on a new phone, at home')
    expect(onNewPhone?.[1]).toBe('1 of 1')
    expect(onNewPhone?.[2]).toMatch(/; 2 taps$/)
    expect(status).toBe(0)
  })

  it('count what was lost before the hours were over, and what after', () => {
    const theft: Takeover = {
      ...{ thief: 'password', guise: 'worst', owner: 'slow', isActing: false, hasPasskey: false },
      ...{ lostAfterMs: null, lock: null, texts: 1 },
    }
    const lostAfter = (...hours: readonly (number | null)[]) =>
      hours.map((one) => ({ ...theft, lostAfterMs: one === null ? null : one * HOUR_MS }))
    expect(countLost(lostAfter(null, 11.9, 12, 30), 12)).toEqual({ thefts: 4, within: 1, later: 2 })
    expect(countLost(lostAfter(null, 0.1, 30), 0)).toEqual({ thefts: 3, within: 2, later: 0 })
  })

  it('weigh false holds by how often an owner logs in how', () => {
    const [off] = POLICIES
    if (!off) throw new Error('no policy')
    const outAfterMs = 1_000
    const own = (['usual', 'network', 'abroad', 'phone'] as const).map((occasion) => ({
      ...{ occasion, outAfterMs, hasPasskey: false, taps: 0 },
      isHeld: occasion === 'abroad',
    }))
    const figures = countFigures(off, [], own, [])
    expect(falseHoldShare(figures, 'travelling')).toBeCloseTo(0.5)
    expect(falseHoldShare(figures, 'quick')).toBeCloseTo(0.02)
  })

  it('say no nothing of a little', () => {
    expect([percent(0, 9), percent(1, 900), percent(899, 900), percent(9, 9)]).toEqual([
      ...['0 %', '<1 %', '>99 %', '100 %'],
    ])
    expect([duration(1_234), duration(90_000), duration(12 * HOUR_MS)]).toEqual([
      ...['1.2 s', '2 min', '12.0 h'],
    ])
  })

  it.each([
    [['--help'], 0],
    [['--runs', '0'], 2],
    [['--policy', 'none'], 2],
    [['--docs', '--silent'], 2],
    [['--nonsense'], 2],
  ] as const)('answer %j by their usage', (args, exitCode) => {
    const choice = readChoice(args)
    expect(choice).toMatchObject({ kind: 'say', exitCode })
  })

  it('leave out what holds nothing where no owner acts', () => {
    const choice = readChoice(['--silent', '--runs', '100'])
    if (choice.kind !== 'run') throw new Error(choice.text)
    expect(choice.options.policies.map(({ coolingOffHours }) => coolingOffHours)).not.toContain(0)
  })
})
