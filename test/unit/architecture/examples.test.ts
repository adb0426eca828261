// The example exchange is read and copied by others: its files are small, say what they are for, take everything from outside as
// ports, and need two packages beside Node. The client stands by itself.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readFromOutside } from './free-names.ts'
import { ROOT } from './source-files.ts'

const FOLDER = join(ROOT, 'examples/exchange')
const LINES_MAX = 300
const CLIENT_LINES_MAX = 200

/** Where Node is taken in; all else runs in any time and anywhere. */
const RIM = ['main.ts', 'node-server.ts']
/** Of `systemPorts`, which a copied client needs. */
const CLIENT_TAKES = ['Date.now', 'clearTimeout.bind', 'fetch', 'setTimeout']
const PORTS =
  /^(new )?(Date\.now|new Date\(0\)|Date|setTimeout|setInterval|setImmediate|queueMicrotask|clearTimeout.*|fetch|process.*|Buffer.*|globalThis.*|console.*|performance.*|Math\.random|crypto\.(?!subtle\.(digest|importKey|verify)$).*|AbortSignal.*)$/

const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8')
    return { name, text, ...readFromOutside(name, text) }
  })
const lines = (text: string) => text.trimEnd().split('\n').length

it('is there', () => {
  expect(files.length).toBeGreaterThan(12)
})

it('has small files that open with what they are for', () => {
  expect(files.filter(({ text }) => lines(text) > LINES_MAX).map(({ name }) => name)).toEqual([])
  expect(files.filter(({ text }) => !/^\/\/ \S.{20,}/.test(text)).map(({ name }) => name)).toEqual(
    [],
  )
})

it('has a client of one file, at most 200 lines, that needs one package', () => {
  const client = files.find(({ name }) => name === 'lockline-client.ts')
  expect(lines(client?.text ?? '')).toBeLessThanOrEqual(CLIENT_LINES_MAX)
  expect(client?.specifiers).toEqual(['standardwebhooks'])
})

it('takes clock, timers, network and chance as ports', () => {
  const taken = files
    .filter(({ name }) => !RIM.includes(name))
    .map(({ name, uses }) => [name, [...new Set(uses.filter((use) => PORTS.test(use)))]] as const)
    .filter(([, uses]) => uses.length > 0)
  expect(taken.map(([name, uses]) => [name, [...uses].sort()])).toEqual([
    ['lockline-client.ts', CLIENT_TAKES],
  ])
})

it('needs nothing of Lockline’s source, of the tests, or of further packages', () => {
  const foreign = files.flatMap(({ name, specifiers }) =>
    specifiers
      .filter((from) => {
        if (from === null) return true
        if (from.startsWith('./')) return false
        if (from.startsWith('node:')) return !RIM.includes(name)
        return !['hono', 'hono/body-limit', 'standardwebhooks'].includes(from)
      })
      .map((from) => `${name}: ${from}`),
  )
  expect(foreign).toEqual([])
})

it('silences no compiler and casts nothing', () => {
  const faults = files.filter(({ text }) => {
    const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '').replace(/^import .*$/gm, '')
    return (
      /@ts-(ignore|expect-error|nocheck)/.test(text) || /: any\b|\bas (?!const\b)[A-Z{[]/.test(code)
    )
  })
  expect(faults.map(({ name }) => name)).toEqual([])
})
