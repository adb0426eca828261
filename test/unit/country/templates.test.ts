// The templates for India fit the texts that are sent: read as patterns, they match what the composer writes.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeAlert } from '../../../src/alert/compose.ts'
import { composeRegistered } from '../../../src/alert/compose-registered.ts'
import type { AlertFacts } from '../../../src/alert/facts.ts'
import { fillTime } from '../../../src/alert/fill.ts'
import { waitSentence } from '../../../src/alert/parts.ts'
import {
  LAST_RESORTS,
  REGISTERED_ALERTS,
  REGISTERED_NOTICES,
} from '../../../src/country/registered-texts.ts'
import { ACTIVITIES } from '../../../src/login/activity.ts'
import { WORDED_KINDS } from '../../../src/notice/notice.ts'
import { PRIVATE_RELAY } from '../../../src/place/relay.ts'
import { ACTIVITY_KINDS, HOLDING_KINDS } from '../../../src/words/activity-words.ts'
import { en } from '../../../src/words/languages/en.ts'
import {
  languagesOfIndia,
  renderTemplates,
  type Template,
  templatesFor,
} from '../../../tools/templates/render-templates.ts'
import { USUAL_ALERT } from '../../support/usual-alert.ts'

const RULES = { hasLink: false, canReply: false, isNameBarred: false }
/** Any that we may have to tell, as ingest leaves it. */
const ANY_ALERT: fc.Arbitrary<AlertFacts> = fc
  .record({
    city: fc.constantFrom(null, 'Frankfurt', 'a'.repeat(60)),
    country: fc.constantFrom(null, 'DE', 'CI', 'ZZ'),
    hosting: fc.constantFrom(null, '', 'Hetzner Online', PRIVATE_RELAY),
    reserved: fc.constantFrom(null, 'private', 'loopback'),
    ipTail: fc.constantFrom('', '13.77', '7334'),
    browser: fc.constantFrom(null, 'Chrome'),
    os: fc.constantFrom(null, 'Windows'),
    deviceName: fc.constantFrom(null, 'iPhone 15'),
    phrase: fc.constantFrom(null, 'blue heron'),
    mergedNumbers: fc.constantFrom([42], [42, 43, 44]),
    isParallel: fc.boolean(),
    isMixed: fc.boolean(),
    isNewCountry: fc.boolean(),
    isNewDevice: fc.boolean(),
    holdUntil: fc.constantFrom(null, USUAL_ALERT.occurredAt + 12 * 3_600_000),
  })
  .map((facts) => ({ ...USUAL_ALERT, ...facts }))

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
  it('say of each kind that holds withdrawals that they wait, and until when', () => {
    expect(HOLDING_KINDS).toEqual(ACTIVITY_KINDS.filter((kind) => ACTIVITIES[kind].startsHold))
    const holdUntil = USUAL_ALERT.occurredAt + 12 * 3_600_000
    for (const language of languagesOfIndia()) {
      for (const activity of [null, ...HOLDING_KINDS]) {
        const facts = { ...USUAL_ALERT, activity, holdUntil, isNewDevice: true }
        const sent = composeRegistered(facts, RULES, language, () => true)
        expect(sent?.name).toContain('that holds withdrawals')
        expect(sent?.text).toContain(waitSentence(fillTime(holdUntil, language), language))
      }
    }
  })

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

  it.each(CASES)(
    '%s: each alert that is sent under a name is of that name’s template',
    (_, language) => {
      const templates = new Map(templatesFor(language, 'BitEx').map((one) => [one.name, one]))
      const lastResorts: readonly string[] = LAST_RESORTS
      fc.assert(
        fc.property(
          ANY_ALERT,
          fc.uniqueArray(fc.constantFrom(...templates.keys())),
          (facts, some) => {
            const registered = new Set([...some, ...lastResorts])
            const sent = composeRegistered(facts, RULES, language, (name) => registered.has(name))
            const template = sent && templates.get(sent.name)
            expect(registered.has(sent?.name ?? '')).toBe(true)
            expect([sent?.text, template && matches(template, sent.text)]).toEqual([
              sent?.text,
              true,
            ])
            // What a thief chooses, or a platform does not say, keeps none back.
            const bare = composeRegistered(facts, RULES, language, (name) =>
              lastResorts.includes(name),
            )
            expect(lastResorts).toContain(bare?.name)
          },
        ),
      )
    },
  )

  it('tell of the weightiest that is registered, and claim nothing else', () => {
    const worst = { ...USUAL_ALERT, isParallel: true, isNewDevice: true, hosting: 'Hetzner' }
    const nameOf = (facts: AlertFacts, ...names: readonly string[]) =>
      composeRegistered(facts, RULES, en, (name) => [...names, ...LAST_RESORTS].includes(name))
    const both = 'login from a data centre beside another session'
    expect(nameOf(worst, 'login', 'login on a new device', both)?.name).toBe(both)
    expect(nameOf(worst, 'login', 'login on a new device')?.text).toContain('new device')
    expect(nameOf({ ...worst, city: null }, 'login', both)?.name).toBe('login, bare')
    const mixed = { ...USUAL_ALERT, mergedNumbers: [42, 43], isMixed: true, isNewDevice: true }
    expect(nameOf(mixed, 'several logins')?.text).not.toContain('known devices')
    expect(nameOf({ ...USUAL_ALERT, hosting: PRIVATE_RELAY }, both, 'login')?.name).toBe('login')
  })

  it('are of texts that stand in the list of the settings, and of all of them', () => {
    const printed = templatesFor(en, 'BitEx').map(({ name }) => name)
    const listed = [...REGISTERED_ALERTS.map(({ name }) => name), ...REGISTERED_NOTICES]
    expect(printed).toEqual(listed)
    const notices = REGISTERED_NOTICES.filter((name) => name !== 'locked, not confirmed yet')
    expect(notices.toSorted()).toEqual(WORDED_KINDS.toSorted())
  })

  it('are printed with their lengths', () => {
    expect(renderTemplates(languagesOfIndia(), 'BitEx')).toContain(
      'number of the alert: numeric, up to 10',
    )
  })
})
