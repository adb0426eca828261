// What a file of the Worker may have from outside: names of the runtime that are arithmetic, and packages that it
// is meant to ship. Clock, timers, chance and network are ports, which context.ts alone takes from the runtime.

import { describe, expect, it } from 'vitest'
import { type FromOutside, readFromOutside } from './free-names.ts'
import { readSources } from './source-files.ts'

/** Whole: none of their members is a port, so that it does not matter how they are used. */
const ARITHMETIC = [
  'Array',
  'BigInt',
  'Boolean',
  'Error',
  'JSON',
  'Map',
  'Number',
  'Object',
  'Promise',
  'Set',
  'String',
  'URL',
  'URLSearchParams',
  'Uint8Array',
  'WeakMap',
  'DataView',
  'TextDecoder',
  'TextEncoder',
  'AbortController',
  'ReadableStream',
  'Response',
  'Intl',
  'atob',
  'btoa',
  'encodeURIComponent',
  'undefined',
]

/** Exactly so: their other members, or the name by itself, are the clock and chance. */
const MEMBERS: readonly RegExp[] = [
  // Of an instant that is given; without an argument it is the clock.
  /^new Date\([1-7]\)$/,
  /^Date\.(parse|UTC)$/,
  /^Math\.(?!random\b)\w+$/,
  // `generateKey` is chance.
  /^crypto\.subtle\.(decrypt|deriveBits|deriveKey|digest|encrypt|exportKey|importKey|sign|verify)$/,
]

/** The rim, by file. */
const RIM: Readonly<Record<string, readonly string[]>> = {
  'context.ts': ['Date.now', 'setTimeout', 'clearTimeout', 'crypto.getRandomValues', 'fetch'],
  'lib/log.ts': ['console.error', 'console.log'],
}

const PACKAGES = [
  '@block65',
  '@noble',
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
]

function isAllowed(use: string): boolean {
  const name = /^(?:new )?(\w+)/.exec(use)?.[1] ?? ''
  return ARITHMETIC.includes(name) || MEMBERS.some((member) => member.test(use))
}

function packageOf(specifier: string): string {
  return specifier.split('/')[0] ?? ''
}

/** What is neither arithmetic, nor of the Worker, nor of a package above. */
function faultsOf({ uses, specifiers }: FromOutside, path = ''): readonly string[] {
  const names = uses.filter((use) => !isAllowed(use) && !(RIM[path] ?? []).includes(use))
  const imports = specifiers
    .map((specifier) => specifier ?? 'a computed import')
    .filter((specifier) => !specifier.startsWith('.') && !PACKAGES.includes(packageOf(specifier)))
  return [...names, ...imports]
}

const read = readSources().map(({ path, text }) => ({ path, found: readFromOutside(path, text) }))

describe('from outside', () => {
  it('a file takes arithmetic and the packages we ship; context.ts the ports, lib/log.ts the console', () => {
    const faults = read.flatMap(({ path, found }) =>
      faultsOf(found, path).map((fault) => `${path}: ${fault}`),
    )
    expect(faults).toEqual([])
  })

  it('nothing is allowed that no file takes', () => {
    const uses = read.flatMap(({ found }) => found.uses)
    const names = new Set(uses.map((use) => /^(?:new )?(\w+)/.exec(use)?.[1]))
    expect(ARITHMETIC.filter((name) => !names.has(name))).toEqual([])
    const packages = new Set(
      read.flatMap(({ found }) => found.specifiers).map((s) => packageOf(s ?? '')),
    )
    expect(PACKAGES.filter((name) => !packages.has(name))).toEqual([])
    const unused = Object.entries(RIM).flatMap(([path, own]) => {
      const taken = read.find((one) => one.path === path)?.found.uses ?? []
      return own.filter((use) => !taken.includes(use))
    })
    expect(unused).toEqual([])
  })

  it('no library is left to look at the clock: it is given the instant', () => {
    const silent = /\.(format|formatToParts|setIssuedAt)\(\s*\)/
    const faults = readSources().filter(
      ({ code }) =>
        silent.test(code) || (/\bjwtVerify\(/.test(code) && !/\bcurrentDate:/.test(code)),
    )
    expect(faults.map(({ path }) => path)).toEqual([])
  })
})

describe('a port that is taken past the context is found', () => {
  it.each([
    ['fetch(url)', 'fetch'],
    ['const ask = fetch', 'fetch'],
    ['const ports = { fetch }', 'fetch'],
    ['self.fetch(url)', 'self.fetch'],
    ['globalThis.fetch(url)', 'globalThis.fetch'],
    ["globalThis['fetch'](url)", 'globalThis'],
    ['const { setTimeout } = globalThis', 'globalThis'],
    ["Reflect.get(globalThis, 'fetch')", 'globalThis'],
    ['window.setTimeout(run, 1)', 'window.setTimeout'],
    ['new WebSocket(url)', 'new WebSocket(1)'],
    ['new EventSource(url)', 'new EventSource(1)'],
    ['caches.default.match(url)', 'caches.default.match'],
    ['navigator.sendBeacon(url)', 'navigator.sendBeacon'],
    ['Date()', 'Date'],
    ['new Date()', 'new Date(0)'],
    ['new Date', 'new Date(0)'],
    ['new Date(...[])', 'new Date(...)'],
    ['const now = Date.now', 'Date.now'],
    ["Date['now']()", 'Date'],
    ['const { now } = Date', 'Date'],
    ['const Clock = Date', 'Date'],
    ['function f(clock = Date.now) { return clock() }', 'Date.now'],
    ['Temporal.Now.instant()', 'Temporal.Now.instant'],
    ['performance.now()', 'performance.now'],
    ['performance.timeOrigin', 'performance.timeOrigin'],
    ['Math.random()', 'Math.random'],
    ['const { random } = Math', 'Math'],
    ["Math['random']()", 'Math'],
    ["crypto.subtle.generateKey('Ed25519', false, [])", 'crypto.subtle.generateKey'],
    ['const { subtle } = crypto', 'crypto'],
    ['const { generateKey } = crypto.subtle', 'crypto.subtle'],
    ['crypto.randomUUID()', 'crypto.randomUUID'],
    ['crypto.getRandomValues(bytes)', 'crypto.getRandomValues'],
    ['setTimeout(run, 1)', 'setTimeout'],
    ['setInterval(run, 1)', 'setInterval'],
    ['setImmediate(run)', 'setImmediate'],
    ['queueMicrotask(run)', 'queueMicrotask'],
    ['await scheduler.wait(1)', 'scheduler.wait'],
    ['AbortSignal.timeout(1)', 'AbortSignal.timeout'],
    ['`$' + '{Date.now()}`', 'Date.now'],
    ['const at = { at: Date.now() } satisfies object', 'Date.now'],
    ['{ const fetch = 1 } fetch(url)', 'fetch'],
    ['type Date = string; Date.now()', 'Date.now'],
    ["eval('fetch')", 'eval'],
    ["new Function('return fetch')", 'new Function(1)'],
    ['import.meta.url', 'import.meta'],
    ["import { randomBytes } from 'node:crypto'", 'node:crypto'],
    ['import { randomBytes } from "crypto"', 'crypto'],
    ["import 'node:timers'", 'node:timers'],
    ["import { connect } from 'cloudflare:sockets'", 'cloudflare:sockets'],
    ["export { setTimeout } from 'node:timers/promises'", 'node:timers/promises'],
    ["export * from 'node:crypto'", 'node:crypto'],
    ["await import('node:crypto')", 'node:crypto'],
    ['await import(`node:crypto`)', 'a computed import'],
    ["await import('node:' + name)", 'a computed import'],
    ["import ulid from 'ulid'", 'ulid'],
  ])('%s', (code, fault) => {
    const isAtTheTop = /^(import|export)\b(?!\.)/.test(code)
    const text = isAtTheTop ? code : `export async function f(url, run, bytes, name) { ${code} }`
    expect(faultsOf(readFromOutside('planted.ts', text))).toContain(fault)
  })
})

describe('a name of one’s own is none of the runtime’s', () => {
  it.each([
    'function f({ fetch, now: Date }) { return fetch(Date.now()) }',
    'const f = ({ after: setTimeout = 1, ...performance }, [crypto]) => [setTimeout, performance, crypto]',
    'try { throw 1 } catch (self) { self.fetch() }',
    'for (const scheduler of [1]) scheduler.wait(1)',
    'export const f = (ports) => ports.fetch(ports.Date.now())',
    'export const settings = { fetch: 1, setTimeout: 2 }',
    "import { fetch } from './ports.ts'\nfetch()",
    'type Fetch = typeof fetch; let at: Date; const f = (now: Date): Date => now',
    'use(1)\nfunction use(self) { return self.fetch }',
  ])('%s', (text) => {
    expect(faultsOf(readFromOutside('own.ts', text))).toEqual([])
  })
})
