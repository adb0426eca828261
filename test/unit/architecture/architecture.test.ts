// The shape of the source, held: who may import whom, what every file looks like, which words are
// used where. A new arrow between rooms is a decision: it is added here, or the code is moved.

import { describe, expect, it } from 'vitest'
import { findCycles, readSources, roomOf, type SourceFile } from './source-files.ts'

const LINES_MAX = 350
const sources = readSources()

/** Rooms, and which other rooms each may know. `deliver/providers` is a room of its own. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  account: ['guard'],
  alert: ['deliver/providers', 'words'],
  api: [
    'account',
    'alert',
    'country',
    'deliver',
    'deliver/providers',
    'exchange',
    'lock',
    'notice',
    'place',
    'portal',
  ],
  country: ['deliver/providers'],
  deliver: [
    'account',
    'alert',
    'country',
    'deliver/providers',
    'exchange',
    'lock',
    'notice',
    'ops',
    'push',
    'words',
  ],
  'deliver/providers': [],
  exchange: ['ops'],
  guard: [],
  inbound: ['account', 'deliver/providers', 'exchange', 'guard', 'lock', 'notice'],
  ingest: ['alert', 'place'],
  lib: [],
  lock: ['account', 'alert', 'exchange', 'guard', 'words'],
  notice: ['alert', 'deliver/providers', 'words'],
  ops: ['guard'],
  place: [],
  portal: ['account', 'alert', 'deliver', 'exchange', 'guard', 'lock', 'notice', 'push', 'words'],
  push: ['alert'],
  receipt: ['alert', 'deliver', 'deliver/providers', 'notice'],
  words: [],
}

/** Files beside the rooms, and the rooms that may import them. */
const ROOT_FILES: Readonly<Record<string, readonly string[]>> = {
  'app-env.ts': ['api', 'inbound', 'ingest', 'lock', 'portal', 'receipt'],
  'context.ts': [
    'api',
    'deliver',
    'exchange',
    'inbound',
    'ingest',
    'lock',
    'notice',
    'ops',
    'portal',
    'push',
    'receipt',
  ],
  'db.ts': [
    'account',
    'alert',
    'deliver',
    'exchange',
    'guard',
    'lock',
    'notice',
    'ops',
    'portal',
    'push',
    'receipt',
  ],
  'jobs.ts': ['alert', 'deliver', 'exchange', 'ingest', 'lock', 'ops'],
  'paths.ts': ['api', 'deliver', 'inbound', 'ingest', 'lock', 'portal', 'receipt'],
  'schema.ts': [
    'account',
    'alert',
    'deliver',
    'exchange',
    'guard',
    'lock',
    'notice',
    'ops',
    'portal',
    'push',
    'receipt',
  ],
  'settings.ts': ['deliver/providers', 'push'],
}

/** Casts outside parsers, each with its reason. */
const CASTS: Readonly<Record<string, string>> = {
  'api/openapi/document.ts': 'Object.keys widens the names of a literal',
  'deliver/group-writer.ts': 'drizzle types the results of a batch of unknown length as unknown',
}

function isRoom(path: string): boolean {
  return path.includes('/')
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

function edgesOf(pick: (isTypeOnly: boolean) => boolean) {
  const edges = sources.map(({ path, imports }): [string, readonly string[]] => [
    path,
    imports
      .filter(({ isPackage, isTypeOnly }) => !isPackage && pick(isTypeOnly))
      .map(({ target }) => target),
  ])
  return new Map(edges)
}

function roomArrows(): readonly (readonly [from: string, to: string, file: string])[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ isPackage }) => !isPackage)
      .map(({ target }) => [roomOf(path), roomOf(target), path] as const)
      .filter(([from, to]) => from !== to),
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

  it('make no cycle that exists at run time', () => {
    expect(findCycles(edgesOf((isTypeOnly) => !isTypeOnly))).toEqual([])
  })

  it('make no cycle of types between files either', () => {
    expect(findCycles(edgesOf(() => true))).toEqual([])
  })

  it('follow the arrows between rooms, and every arrow is needed', () => {
    const used = roomArrows().filter(([from, to]) => from in ARROWS && to in ARROWS && to !== 'lib')
    const allowed = Object.entries(ARROWS).flatMap(([from, tos]) =>
      tos.map((to) => `${from} → ${to}`),
    )
    const isAllowed = (arrow: string) => allowed.includes(arrow)
    const forbidden = used.filter(([from, to]) => !isAllowed(`${from} → ${to}`))
    expect(forbidden.map(([from, to, file]) => `${from} → ${to} in ${file}`)).toEqual([])
    const found = new Set(used.map(([from, to]) => `${from} → ${to}`))
    expect(allowed.filter((arrow) => !found.has(arrow))).toEqual([])
  })

  it('make no cycle between rooms', () => {
    const rooms = Object.keys(ARROWS).map((room): [string, readonly string[]] => [
      room,
      ARROWS[room] ?? [],
    ])
    expect(findCycles(new Map(rooms)).map((cycle) => cycle.join(' → '))).toEqual([])
  })

  it('know of the files beside the rooms only what each room needs', () => {
    const used = roomArrows().filter(([from, to]) => from in ARROWS && !(to in ARROWS))
    const forbidden = used.filter(([from, to]) => !ROOT_FILES[to]?.includes(from))
    expect(forbidden.map(([, to, file]) => `${file} → ${to}`)).toEqual([])
    const found = new Set(used.map(([from, to]) => `${from} → ${to}`))
    const allowed = Object.entries(ROOT_FILES).flatMap(([to, froms]) =>
      froms.map((from) => `${from} → ${to}`),
    )
    expect(allowed.filter((arrow) => !found.has(arrow))).toEqual([])
  })

  it('leave every room in this list, and no other folder', () => {
    const rooms = new Set(
      sources.filter(({ path }) => isRoom(path)).map(({ path }) => roomOf(path)),
    )
    expect([...rooms].sort()).toEqual(Object.keys(ARROWS).sort())
  })

  it('let delivery see of the lock room the link and the code only', () => {
    const seen = sources
      .filter(({ path }) => roomOf(path) === 'deliver')
      .flatMap(({ imports }) => imports.map(({ target }) => target))
      .filter((target) => roomOf(target) === 'lock')
    expect([...new Set(seen)]).toEqual(['lock/code.ts', 'lock/link.ts'])
  })

  it('of a routes file come from app.ts, or from the one door of the pages behind a visit', () => {
    const importers = sources
      .filter(({ imports }) => imports.some(({ target }) => /(^|[/-])routes\.ts$/.test(target)))
      .map(({ path }) => path)
    expect(importers).toEqual(['app.ts', 'portal/routes.ts'])
  })

  it('of the context and of Hono’s environment are types for every room', () => {
    const values = sources
      .filter(({ path }) => isRoom(path))
      .filter(({ imports }) =>
        imports.some(
          ({ target, isTypeOnly }) =>
            !isTypeOnly && ['context.ts', 'app-env.ts', 'db.ts', 'config.ts'].includes(target),
        ),
      )
    expect(values.map(({ path }) => path)).toEqual([])
  })

  it('of Node are none: the Worker has no Node', () => {
    const node = sources.flatMap(({ path, imports }) =>
      imports.filter(({ target }) => target.startsWith('node:')).map(() => path),
    )
    expect(node).toEqual([])
  })

  it('of packages are those the Worker is meant to ship', () => {
    const packages = sources.flatMap(({ imports }) =>
      imports.filter(({ isPackage }) => isPackage).map(({ target }) => target.split('/')[0]),
    )
    expect([...new Set(packages)].sort()).toEqual([
      '@block65',
      '@oslojs',
      '@simplewebauthn',
      'aws4fetch',
      'bowser',
      'drizzle-orm',
      'hono',
      'jose',
      'libphonenumber-js',
      'qr',
      'valibot',
    ])
  })
})

describe('every file', () => {
  it(`has at most ${LINES_MAX} lines, the entry at most 40`, () => {
    const tooLong = sources
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > (path === 'index.ts' ? 40 : LINES_MAX))
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

  it('but lib/log.ts writes to the console', () => {
    const writers = linesWith(/\bconsole\./).map((line) => line.split(':')[0])
    expect([...new Set(writers)]).toEqual(['lib/log.ts'])
  })

  it('but the rim names Env', () => {
    const users = linesWith(/\bEnv\b/).map((line) => line.split(':')[0])
    expect([...new Set(users)].sort()).toEqual(['context.ts', 'worker.ts'])
  })

  it('but context.ts names the clock, timers, chance or the network: they are ports', () => {
    // `crypto.subtle` is arithmetic; the network's port is called as a member of the ports.
    const globals = [
      /\bDate\.now\b/,
      /\bnew Date\(\s*\)/,
      /\bperformance\b/,
      /\b(?:set|clear)(?:Timeout|Interval)\b/,
      /\bAbortSignal\.timeout\b/,
      /\bscheduler\b/,
      /\bMath\.random\b/,
      /\bgetRandomValues\b/,
      /\brandomUUID\b/,
      /\bglobalThis\b/,
    ]
    const users = globals.flatMap((name) => linesWith(name))
    expect(users.filter((line) => !line.startsWith('context.ts: '))).toEqual([])
    expect(linesWith(/(?<![.\w$-])fetch\b(?!\s*:)/)).toEqual([
      'context.ts: fetch: (url, init) => fetch(url, init),',
      'worker.ts: fetch(request, env, executionContext) {',
    ])
  })
})
