// The table of ASVS in docs/security.md: every requirement of the levels and chapters it speaks of stands there once, and what
// it leads to exists. Whether a file holds what is said of it, no test can tell.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './source-files.ts'

/** How many requirements of levels 1 and 2 each section begins with; those of level 3 come after them. OWASP ASVS 5.0. */
const SECTIONS: Readonly<Record<string, number>> = {
  '3.2': 2,
  '3.3': 4,
  '3.4': 6,
  '3.5': 5,
  '3.7': 2,
  '6.1': 3,
  '6.2': 12,
  '6.3': 4,
  '6.4': 4,
  '6.5': 5,
  '6.6': 3,
  '6.8': 4,
  '7.1': 3,
  '7.2': 4,
  '7.3': 2,
  '7.4': 5,
  '7.5': 2,
  '7.6': 2,
  '9.1': 3,
  '9.2': 4,
  '11.1': 2,
  '11.2': 3,
  '11.3': 3,
  '11.4': 4,
  '11.5': 1,
  '11.6': 1,
  '14.1': 2,
  '14.2': 4,
  '14.3': 3,
  '16.1': 1,
  '16.2': 5,
  '16.3': 4,
  '16.4': 3,
  '16.5': 3,
}

const REQUIREMENTS = Object.entries(SECTIONS).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
)

const document = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
const [, table = ''] = /\n\| ASVS \|[^\n]*\n\|[-|]*\n((?:\|.*\n)+)/.exec(document) ?? []
const rows = table
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [, requirement = '', state = '', where = '', test = ''] = line
      .split('|')
      .map((cell) => cell.trim())
    return { requirement, state, where, test }
  })

/** `6.2.1–6.2.12` is all of them. */
function numbersOf(requirement: string): readonly string[] {
  const [first = '', last = first] = requirement.split('–')
  const from = REQUIREMENTS.indexOf(first)
  return REQUIREMENTS.slice(from, REQUIREMENTS.indexOf(last) + 1)
}

const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words)

/** What a test of the file may be called: all that stands in quotation marks. */
function titlesOf(file: string): readonly string[] {
  const code = readFileSync(join(ROOT, 'test', file), 'utf8')
  return [...code.matchAll(/(['"`])((?:(?!\1)[^\n\\])+)\1/g)].map(([, , words = '']) => words)
}

describe('the table of ASVS', () => {
  it('has every requirement once, in order', () => {
    expect(rows.flatMap(({ requirement }) => numbersOf(requirement))).toEqual(REQUIREMENTS)
  })

  it.each(rows)(
    '$requirement leads to files and tests that are there',
    ({ state, where, test }) => {
      expect(['met', 'partly', 'not', 'yours', 'n. a.']).toContain(state)
      const files = quoted(where).filter((words) => /^(?:src|docs)\//.test(words))
      expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
      for (const name of quoted(test)) {
        const [file = '', title = ''] = name.split(' › ')
        expect([name, titlesOf(file).some((words) => words.includes(title))]).toEqual([name, true])
        expect(title.length).toBeGreaterThan(5)
      }
    },
  )
})
