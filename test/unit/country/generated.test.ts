// What is generated is what its generator makes today.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSenderLaw, renderSenderLaw } from '../../../tools/country-rules/law.ts'
import { renderSenderRules } from '../../../tools/country-rules/render.ts'
import { renderCoverage } from '../../../tools/country-rules/render-coverage.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

const law = () => readSenderLaw(read('tools/country-rules/sender-law.json'))

describe('generated files', () => {
  it('docs/coverage.md: run `npm run coverage` when this fails', () => {
    expect(read('docs/coverage.md')).toBe(renderCoverage(law()))
  })

  it('sender-rules-data.ts: run `npm run country-rules` when this fails', () => {
    const source = read('tools/country-rules/sender-rules.json')
    expect(read('src/country/sender-rules-data.ts')).toBe(renderSenderRules(source))
  })

  it('sender-law-data.ts: run `npm run country-rules` when this fails', () => {
    expect(read('src/country/sender-law-data.ts')).toBe(renderSenderLaw(law()))
  })

  it('a word nobody knows is refused', () => {
    const source = JSON.stringify({
      dialCodes: { '1': { names: [], alphanumeric: 'PERHAPS', numeric: 'YES' } },
    })
    expect(() => renderSenderRules(source)).toThrow('PERHAPS')
  })
})
