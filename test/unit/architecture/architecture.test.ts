// The shape of the source, held: what every file looks like, what it may use, which words stand where. Who
// may import whom is the plan in house.ts.

import { describe, expect, it } from 'vitest'
import { readSources, roomOf, type SourceFile } from './source-files.ts'

const LINES_MAX = 300
/** One language is one list of texts. */
const LANGUAGE_LINES_MAX = 600
const ENTRY_LINES_MAX = 40
const sources = readSources()

/** Casts outside parsers, each with its reason. */
const CASTS: Readonly<Record<string, string>> = {
  'lib/batch-database.ts':
    'rows are of the type that whoever asks says, as D1 itself has it, and a statement has only what drizzle uses',
  'lib/settings.ts': 'what a table of settings has been read to is of its entries’ types',
  'lib/stored-row.ts': 'a row that D1 gave to SQL of our own is what its table says',
  'login/attempt-codec.ts':
    'reads what it has itself written, and fills all fields of the type from it',
  'lib/table.ts': 'Object.keys and Object.fromEntries widen the names of a literal',
}

/** `path: offending line` for every line of code that `pattern` finds. */
function linesWith(pattern: RegExp, files: readonly SourceFile[] = sources): readonly string[] {
  return files.flatMap(({ path, code }) =>
    code
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
}

describe('imports', () => {
  it('were found: this test reads the tree it is about', () => {
    expect(sources.length).toBeGreaterThan(90)
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(300)
    const paths = new Set(sources.map((source) => source.path))
    const missing = sources.flatMap(({ path, imports }) =>
      imports
        .filter(
          ({ isPackage, target }) => !isPackage && target.endsWith('.ts') && !paths.has(target),
        )
        .map(({ target }) => `${path} → ${target}`),
    )
    expect(missing).toEqual([])
  })

  it('let delivery see of the lock room the links, the code, how far one has come, and what a login or an activity holds', () => {
    const seen = sources
      .filter(({ path }) => roomOf(path) === 'deliver')
      .flatMap(({ imports }) => imports.map(({ target }) => target))
      .filter((target) => roomOf(target) === 'lock')
    expect([...new Set(seen)].toSorted()).toEqual([
      'lock/activity-hold.ts',
      'lock/code.ts',
      'lock/hold-terms.ts',
      'lock/holds.ts',
      'lock/latest-end.ts',
      'lock/lift/stop-token.ts',
      'lock/link.ts',
      'lock/lock-progress.ts',
      'lock/login-hold.ts',
    ])
  })

  it('of a routes file come from app.ts, or from the one door of the pages behind a visit', () => {
    const importers = sources
      .filter(({ imports }) => imports.some(({ target }) => /(^|[/-])routes\.ts$/.test(target)))
      .map(({ path }) => path)
    expect(importers).toEqual(['app.ts', 'portal/routes.ts'])
  })

  it('of what a route declares are types for all that the Worker runs', () => {
    const isSpec = (path: string) => /(^|[/-])specs?\.ts$/.test(path)
    const values = sources
      .filter(({ path }) => !isSpec(path))
      .filter(({ imports }) =>
        imports.some(({ target, isTypeOnly }) => !isTypeOnly && isSpec(target)),
      )
    expect(values.map(({ path }) => path)).toEqual([])
  })
})

describe('every file', () => {
  it(`has at most ${LINES_MAX} lines, the entry at most ${ENTRY_LINES_MAX}`, () => {
    const mostOf = (path: string) => {
      if (path === 'index.ts') return ENTRY_LINES_MAX
      return path.startsWith('words/languages/') ? LANGUAGE_LINES_MAX : LINES_MAX
    }
    const tooLong = sources
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > mostOf(path))
    expect(tooLong).toEqual([])
  })

  it('opens with what it is for', () => {
    const silent = sources.filter(({ text }) => !/^\/\/ \S.{20,}/.test(text))
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('has a kebab-case name that says something', () => {
    const badNames = sources
      .map(({ path }) => path)
      .filter((path) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path))
    expect(badNames).toEqual([])
    const vague = sources.filter(({ path }) =>
      /\b(utils?|helpers?|common|misc|shared)\b/.test(path),
    )
    expect(vague.map(({ path }) => path)).toEqual([])
  })
})

describe('no file', () => {
  it('silences the compiler', () => {
    expect(linesWith(/\bany\b/)).toEqual([])
    expect(linesWith(/[\w)\]]!([.,;)\]]|$)/)).toEqual([])
    const comments = sources.filter(({ text }) => /@ts-(ignore|expect-error|nocheck)/.test(text))
    expect(comments.map(({ path }) => path)).toEqual([])
  })

  it('casts, but for the exceptions above, which are all needed', () => {
    const casts = linesWith(/(?<!^\s*(?:import|export)\b.*)\bas\s+(?!const\b)[A-Za-z({[]/)
    const files = [...new Set(casts.map((cast) => cast.split(':')[0] ?? ''))]
    expect(files.sort()).toEqual(Object.keys(CASTS).sort())
  })

  it('has a class, and none but the entry a default export', () => {
    expect(linesWith(/^\s*(export\s+)?(default\s+)?(abstract\s+)?class\s+[A-Z]/)).toEqual([])
    expect(linesWith(/\bexport default\b/)).toEqual([
      'index.ts: export default createWorker(realPorts)',
    ])
  })

  it('but the rim names Env', () => {
    const users = linesWith(/\bEnv\b/).map((line) => line.split(':')[0])
    expect([...new Set(users)].sort()).toEqual(['context.ts', 'worker.ts'])
  })
})
