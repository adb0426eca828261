// Whoever is in the registry has all that hangs on it. What the compiler can name (the simulated carrier)
// it names; the rest is named here.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PROVIDER_NAMES, PROVIDERS } from '../../../src/sms/registry.ts'

const ROOT = new URL('../../../', import.meta.url)

function foldersOf(path: string): readonly string[] {
  return readdirSync(new URL(path, ROOT), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

describe('the registry', () => {
  it('has an entry for each folder of src/sms, and a folder for each entry', () => {
    expect([...PROVIDER_NAMES].sort()).toEqual([...foldersOf('src/sms')].sort())
  })

  it('calls no two providers the same', () => {
    const labels = Object.values(PROVIDERS).map(({ label }) => label)
    expect(new Set(labels).size).toBe(labels.length)
  })
})

describe('the contract', () => {
  const callOf = (name: string) =>
    new RegExp(`^describeProviderContract\\(\\{\\n  name: '${name}',$`, 'm')

  // The sandbox speaks to nobody, so there is no protocol to hold it to.
  it.each(PROVIDER_NAMES.filter((name) => name !== 'sandbox'))('is kept by %s', (name) => {
    const test = new URL(`test/contract/${name}.test.ts`, ROOT)
    expect(existsSync(test), `there is no ${test.pathname}`).toBe(true)
    const isRun = callOf(name).test(readFileSync(test, 'utf8'))
    expect(isRun, `${test.pathname} does not call describeProviderContract`).toBe(true)
  })
})
