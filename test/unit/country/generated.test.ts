// What is generated is what its generator makes today.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderSenderRules } from '../../../tools/country-rules/render.ts'
import { renderCoverage } from '../../../tools/country-rules/render-coverage.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('generated files', () => {
  it('docs/coverage.md: run `npm run coverage` when this fails', () => {
    expect(read('docs/coverage.md')).toBe(renderCoverage())
  })

  it('sender-rules-data.ts: run `npm run country-rules` when this fails', () => {
    const source = read('tools/country-rules/sender-rules.json')
    expect(read('src/country/sender-rules-data.ts')).toBe(renderSenderRules(source))
  })

  it('a word nobody knows is refused', () => {
    const source = JSON.stringify({
      dialCodes: { '1': { names: [], alphanumeric: 'PERHAPS', numeric: 'YES' } },
    })
    expect(() => renderSenderRules(source)).toThrow('PERHAPS')
  })
})
