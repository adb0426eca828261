// The whole picture, root files included: it is the plan in house.ts, and it only leads down. That
// docs/architecture.md draws it is held with the other made tables; here its walks are.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Arrow, findFaults, mutualPairs } from './check-house.ts'
import { HOUSE } from './house.ts'
import { findCycles, ROOT, readSources, roomOf } from './source-files.ts'
import { readWalks } from './walks.ts'

const sources = readSources()
const document = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')

function arrowsOf(files: typeof sources): readonly Arrow[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .filter(({ isPackage }) => !isPackage)
      .map(({ target }) => ({ from: roomOf(path), to: roomOf(target), file: path }))
      .filter(({ from, to }) => from !== to),
  )
}

const arrows = arrowsOf(sources)

describe('the house', () => {
  it('was read: this test is about the tree', () => {
    expect(sources.length).toBeGreaterThan(250)
    expect(arrows.length).toBeGreaterThan(600)
  })

  it('is built as planned, each arrow leads down, and each is needed', () => {
    expect(findFaults(HOUSE, arrows)).toEqual([])
  })

  it('has no two rooms that import each other', () => {
    expect(mutualPairs(arrows)).toEqual([])
  })

  it('has a place for every folder and every file beside the rooms, and no place is empty', () => {
    const places = new Set(sources.map(({ path }) => roomOf(path)))
    expect(HOUSE.map(([place]) => place).sort()).toEqual([...places].sort())
  })

  it('has no circle between files, of types neither', () => {
    const edges = sources.map(({ path, imports }): [string, readonly string[]] => [
      path,
      imports.filter(({ isPackage }) => !isPackage).map(({ target }) => target),
    ])
    expect(findCycles(new Map(edges))).toEqual([])
  })
})

describe('a planted fault', () => {
  const [low, high] = [HOUSE[5]?.[0] ?? '', HOUSE.at(-4)?.[0] ?? '']

  it('of an upward import is found', () => {
    const planted = [...arrows, { from: low, to: high, file: `${low}/planted.ts` }]
    expect(findFaults(HOUSE, planted)).toEqual([
      `${low}/planted.ts imports upward: ${low} → ${high}`,
    ])
  })

  it('of a mutual pair is found', () => {
    const [arrow] = arrows.filter(({ to }) => to !== 'lib')
    const back = { from: arrow?.to ?? '', to: arrow?.from ?? '', file: 'planted.ts' }
    expect(mutualPairs([...arrows, back])).toHaveLength(1)
  })

  it('of a new arrow downwards is found', () => {
    const planted = [...arrows, { from: 'index.ts', to: 'words', file: 'index.ts' }]
    expect(findFaults(HOUSE, planted)).toEqual(['index.ts makes a new arrow: index.ts → words'])
  })
})

describe('a walk in docs/architecture.md', () => {
  const walks = readWalks(document)

  it('is told for a login, a lock and a receipt', () => {
    expect(walks.map(({ title }) => title)).toEqual([
      'The way of a login',
      'The way of a lock',
      'The way of a receipt',
    ])
    for (const { steps } of walks) expect(steps.length).toBeGreaterThan(4)
  })

  it.each(walks)('names files and functions that exist: $title', ({ steps }) => {
    const byPath = new Map(sources.map((source) => [source.path, source.code]))
    const missing = steps.filter(
      ({ file, name }) => !new RegExp(`\\b${name}\\b`).test(byPath.get(file) ?? ''),
    )
    expect(missing).toEqual([])
  })

  it.each(walks)(
    'goes from step to step by imports, or says that something travels: $title',
    ({ steps }) => {
      const imports = new Map(
        sources.map(({ path, imports }) => [path, imports.map(({ target }) => target)]),
      )
      const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
        if (from === to) return true
        if (seen.has(from)) return false
        seen.add(from)
        return (imports.get(from) ?? []).some((next) => reaches(next, to, seen))
      }
      const broken = steps.filter((step, index) => {
        const before = steps[index - 1]
        return (
          before &&
          !step.travels &&
          !reaches(before.file, step.file) &&
          !calledFromAbove(steps, index, reaches)
        )
      })
      expect(broken).toEqual([])
    },
  )
})

type Steps = ReturnType<typeof readWalks>[number]['steps']

/** A step back up to the caller, which then goes on. */
function calledFromAbove(
  steps: Steps,
  index: number,
  reaches: (from: string, to: string) => boolean,
): boolean {
  const step = steps[index]
  return steps.slice(0, index).some(({ file }) => step !== undefined && reaches(file, step.file))
}
