// The page of the number as plain data makes it: whatever the state, what went wrong is said once.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberBody } from '../../../src/portal/number/page.ts'
import { wrongCodeText } from '../../../src/portal/number/wrong-code.ts'
import { en } from '../../../src/words/languages/en.ts'

const PAGE = { language: en, exchange: 'BitEx' }
const PROBLEM = 'What went wrong <is escaped>'
const ESCAPED = '<p role="alert">What went wrong &lt;is escaped&gt;</p>'

const resend = fc.oneof(
  fc.constantFrom({ kind: 'now' } as const, { kind: 'never' } as const),
  fc.record({ kind: fc.constant('wait' as const), waitMs: fc.integer({ min: 1, max: 240_000 }) }),
)

const anyState = fc.record({
  number: fc.constantFrom(null, '+1 ••• 20'),
  phoneState: fc.constantFrom('ok' as const, 'invalid' as const, 'opted_out' as const),
  hasRoute: fc.boolean(),
  former: fc.constantFrom(null, { number: '+1 ••• 21', untilAt: 1_764_000_000_000 }),
  pending: fc.option(fc.record({ number: fc.constant('+1 ••• 22'), resend })),
  needsTotp: fc.boolean(),
  typed: fc.string(),
})

const anyForm = fc.constantFrom('bind' as const, 'code' as const, 'remove' as const)

describe('the page of the number', () => {
  it('says once what went wrong, whichever forms are there', async () => {
    await fc.assert(
      fc.asyncProperty(anyState, anyForm, async (state, form) => {
        const page = String(await numberBody(PAGE, { ...state, problem: { form, text: PROBLEM } }))
        expect(page.split(ESCAPED)).toHaveLength(2)
      }),
    )
  })

  it('never has two fields of one id', async () => {
    await fc.assert(
      fc.asyncProperty(anyState, async (state) => {
        const page = String(await numberBody(PAGE, { ...state, typed: '', problem: null }))
        const ids = Array.from(page.matchAll(/\sid="([^"]+)"/g), ([, id]) => id)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  it('says that no SMS goes to the country of a number that is bound', async () => {
    const state = {
      number: '+1 ••• 20',
      phoneState: 'ok',
      hasRoute: false,
      former: null,
      pending: null,
      needsTotp: true,
      typed: '',
      problem: null,
    } as const
    expect(String(await numberBody(PAGE, state))).toContain(en.portal.number.noRoute)
    const served = String(await numberBody(PAGE, { ...state, hasRoute: true }))
    expect(served).not.toContain(en.portal.number.noRoute)
  })
})

describe('the text of a wrong code', () => {
  it.each([
    [1, 'This code is not right. Tries left: 4'],
    [4, 'This code is not right. Tries left: 1'],
    [5, en.portal.number.codeDead],
    [6, en.portal.number.codeDead],
  ])('after %i tries is %j', (tries, text) => {
    expect(wrongCodeText(en, tries)).toBe(text)
  })
})
