// The templates for India fit the texts that are sent: read as patterns, they match what the composer writes.

import { describe, expect, it } from 'vitest'
import { composeAlert } from '../../../src/alert/compose.ts'
import {
  languagesOfIndia,
  renderTemplates,
  type Template,
  templatesFor,
} from '../../../tools/templates/render-templates.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'

const RULES = { hasLink: false, canReply: false, isNameBarred: false }
const CASES = languagesOfIndia().map((language) => [language.tag, language] as const)

/** Each variable takes what its type and its length allow. */
function matches({ text, variables }: Template, sent: string): boolean {
  const [first = '', ...rest] = text
    .split(/\{#(?:numeric|alphanumeric)#\}/)
    .map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = rest.reduce((before, literal, index) => {
    const { type, lengthMax } = variables[index] ?? { type: 'numeric', lengthMax: 0 }
    return `${before}${type === 'numeric' ? '\\d' : '.'}{1,${lengthMax}}${literal}`
  }, first)
  return new RegExp(`^${pattern}$`, 'u').test(sent)
}

describe('templates for India', () => {
  it('are in English and Hindi at least', () => {
    expect(CASES.map(([tag]) => tag)).toEqual(expect.arrayContaining(['en', 'hi']))
  })

  it.each(CASES)(
    '%s: each variable has a type and a length, and each text its own name',
    (_, language) => {
      const templates = templatesFor(language, 'BitEx')
      for (const { text, variables } of templates) {
        expect(text.match(/\{#(?:numeric|alphanumeric)#\}/g) ?? []).toHaveLength(variables.length)
        expect(text).not.toMatch(/\p{Co}|https?:|undefined|\{\w/u)
        expect(variables.filter(({ lengthMax }) => lengthMax < 1)).toEqual([])
      }
      expect(new Set(templates.map(({ name }) => name)).size).toBe(templates.length)
    },
  )

  it.each(CASES)('%s: the usual alerts fit one', (_, language) => {
    const templates = templatesFor(language, 'BitEx')
    const texts = [
      USUAL_ALERT,
      { ...USUAL_ALERT, isParallel: true },
      { ...USUAL_ALERT, phrase: 'blue heron 7' },
      { ...USUAL_ALERT, mergedNumbers: [42, 43, 44] },
    ].map((facts) => composeAlert(facts, RULES, language))
    // What was given up for room has a shorter template.
    const whole = texts.filter(({ dropped }) => dropped.length === 0)
    expect(whole.length).toBeGreaterThan(0)
    for (const { text } of whole) {
      expect([text, templates.some((template) => matches(template, text))]).toEqual([text, true])
    }
  })

  it('are printed with their lengths', () => {
    expect(renderTemplates(languagesOfIndia(), 'BitEx')).toContain(
      'number of the alert: numeric, up to 10',
    )
  })
})
