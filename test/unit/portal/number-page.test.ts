// The page of the number as plain data makes it: whatever the state, what went wrong is said once.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/login/attempt.ts'
import { isOvertaken } from '../../../src/notice/notice.ts'
import { type CodeProgress, codeProgress } from '../../../src/portal/change/code-progress.ts'
import { proofFields } from '../../../src/portal/change/proof-fields.ts'
import { drillBody, drillResult } from '../../../src/portal/drill/page.ts'
import { type NumberProof, numberBody } from '../../../src/portal/number/page.ts'
import { wrongCodeText } from '../../../src/portal/number/wrong-code.ts'
import { en } from '../../../src/words/languages/en.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'

import { anAttempt, NOW } from '../deliver/fixtures.ts'

const PAGE = { language: en, exchange: 'BitEx' }
const PROBLEM = 'What went wrong <is escaped>'
const ESCAPED = '<p role="alert">What went wrong &lt;is escaped&gt;</p>'

const PROGRESSES = ['pending', 'sent', 'stopped', 'unreachable', 'failed'] as const

const resend = fc.oneof(
  fc.constantFrom({ kind: 'now' } as const, { kind: 'never' } as const),
  fc.record({ kind: fc.constant('wait' as const), waitMs: fc.integer({ min: 1, max: 240_000 }) }),
)

const anyState = fc.record({
  number: fc.constantFrom(null, '+1 ••• 20'),
  phoneState: fc.constantFrom('ok' as const, 'invalid' as const, 'opted_out' as const),
  hasRoute: fc.boolean(),
  former: fc.constantFrom([], [{ number: '+1 ••• 21', untilAt: 1_764_000_000_000 }]),
  pending: fc.option(
    fc.record({
      number: fc.constant('+1 ••• 22'),
      progress: fc.constantFrom<CodeProgress>(...PROGRESSES),
      resend,
    }),
  ),
  proof: fc.constantFrom<NumberProof>(...(['nothing', 'totp', 'set_up', 'no_passkey'] as const), {
    options: '{}',
    sealedChallenge: 'sealed',
  }),
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

  it('A13 asks for no code of an app that is not set up: it leads there', async () => {
    const present = { phoneState: 'ok', hasRoute: true, former: [], pending: null } as const
    const entered = { typed: '', problem: null, proof: 'set_up' } as const
    for (const number of [null, '+1 ••• 20']) {
      const page = String(await numberBody(PAGE, { ...present, ...entered, number }))
      expect(page).toContain('href="/portal/authenticator"')
      expect(page).not.toMatch(/name="totp"|name="phone"/)
    }
  })

  it('A13 says of no number that alerts go to it where none do', async () => {
    const state = { hasRoute: true, former: [], pending: null, typed: '', problem: null } as const
    for (const phoneState of ['opted_out', 'invalid'] as const) {
      const number = '+1 ••• 20'
      const page = String(await numberBody(PAGE, { ...state, phoneState, number, proof: 'totp' }))
      expect(page).toContain(number)
      expect(page).not.toContain('Login alerts go to')
    }
  })

  it('says that no SMS goes to the country of a number that is bound', async () => {
    const state = {
      number: '+1 ••• 20',
      phoneState: 'ok',
      hasRoute: false,
      former: [],
      pending: null,
      proof: 'totp',
      typed: '',
      problem: null,
    } as const
    expect(String(await numberBody(PAGE, state))).toContain(en.portal.number.noRoute)
    const served = String(await numberBody(PAGE, { ...state, hasRoute: true }))
    expect(served).not.toContain(en.portal.number.noRoute)
  })
})

describe('A13 the page of a code', () => {
  const attempt = (changes: Partial<Attempt>) => anAttempt({ state: 'failed', ...changes })
  const optedOut = attempt({ class: 'opted_out', code: '21610' })
  const noMobile = attempt({ class: 'recipient_permanent', code: '21614' })
  const down = attempt({ class: 'provider_transient', code: '20503' })

  it.each([
    ['is being sent', 'open', [], 'pending'],
    ['was refused by all, and is tried again', 'open', [down, down], 'pending'],
    ['may have been taken', 'open', [attempt({ state: 'unknown' })], 'pending'],
    ['was taken by the second provider', 'accepted', [noMobile, anAttempt({ number: 2 })], 'sent'],
    ['met a STOP', 'failed', [optedOut], 'stopped'],
    ['met a number that is no mobile one', 'failed', [noMobile], 'unreachable'],
    ['is still tried, and the number denied', 'open', [noMobile], 'unreachable'],
    ['was taken by nobody', 'failed', [down], 'failed'],
    ['did not arrive', 'accepted', [{ ...down, failedAt: NOW }], 'failed'],
  ] as const)('knows of one that %s', (_what, state, attempts, progress) => {
    expect(codeProgress({ state, attempts })).toBe(progress)
  })

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'in %s says "on its way" of nothing that was refused, and how to undo a STOP',
    async (_tag, language) => {
      const { number: words } = language.portal
      const page = async (progress: CodeProgress) =>
        String(
          await numberBody(
            { ...PAGE, language },
            {
              number: null,
              phoneState: 'ok',
              hasRoute: true,
              former: [],
              pending: { number: '+1 ••• 22', progress, resend: { kind: 'never' } },
              proof: 'nothing',
              typed: '',
              problem: null,
            },
          ),
        )
      const proof = async (progress: CodeProgress) =>
        String(
          await proofFields(
            { ...PAGE, language },
            { kind: 'sms_code', isWeakening: true, number: '+1 ••• 22', progress, warning: null },
          ),
        )
      // Whatever its parts are filled with.
      const [before = '', after = ''] = words.codeSent.split('{number}').map((part) => {
        return part.split('{life')[0]?.trim() ?? ''
      })
      const isSaid = (text: string) => text.includes(`<p>${before}`) && text.includes(after)
      for (const form of [page, proof]) {
        expect(isSaid(await form('sent'))).toBe(true)
        for (const progress of ['stopped', 'unreachable', 'failed'] as const) {
          const refused = await form(progress)
          expect(refused).toContain('class="warn"')
          expect(isSaid(refused)).toBe(false)
        }
        expect(isSaid(await form('pending'))).toBe(false)
        expect(await form('pending')).toContain(words.codePending.split('{number}')[1])
      }
      const stopped = await page('stopped')
      expect(stopped).toMatch(/START/)
      expect(await page('unreachable')).not.toContain('name="code"')
    },
  )
})

describe('A13 the page of a test alert', () => {
  const refused = anAttempt({ state: 'failed', class: 'provider_transient', failedAt: NOW })

  it.each([
    ['open', [], en.portal.history.states.sending],
    ['open', [refused], en.portal.history.states.sending],
    ['failed', [refused], en.portal.drill.failed],
    ['accepted', [refused], en.portal.drill.failed],
    ['accepted', [anAttempt({ state: 'accepted' })], en.portal.drill.waiting],
  ] as const)('%s with the attempts %j says %j', async (state, attempts, text) => {
    const result = drillResult({ state, attempts, createdAt: NOW })
    const body = drillBody(en, { result, phoneState: 'ok', isOff: false, problem: null })
    const page = String(await body)
    expect(page).toContain(text)
    const isTaken = text === en.portal.drill.waiting
    expect(page.includes(en.portal.drill.waiting)).toBe(isTaken)
  })
})

describe('A13 a test alert', () => {
  it.each([
    ['ok', true, null],
    ['invalid', true, en.portal.number.invalid],
    ['opted_out', false, en.portal.number.optedOut],
    [null, false, en.portal.drill.needsNumber],
  ] as const)('of a number that is %s is offered: %s', async (phoneState, isOffered, warning) => {
    const state = { result: { kind: 'none' }, phoneState, isOff: false, problem: null } as const
    const page = String(await drillBody(en, state))
    expect(page.includes('<button')).toBe(isOffered)
    if (warning !== null) expect(page).toContain(warning)
  })

  it('says beforehand that alerts are off', async () => {
    const state = { result: { kind: 'none' }, phoneState: 'ok', problem: null } as const
    expect(String(await drillBody(en, { ...state, isOff: true }))).toContain(
      en.portal.settings.offText,
    )
    expect(String(await drillBody(en, { ...state, isOff: false }))).not.toContain(
      en.portal.settings.offText,
    )
  })

  it('is not sent after a STOP that came meanwhile', () => {
    expect(isOvertaken({ kind: 'drill', subject: null }, true)).toBe(true)
    expect(isOvertaken({ kind: 'drill', subject: null }, false)).toBe(false)
    expect(isOvertaken({ kind: 'stopped', subject: null }, true)).toBe(false)
  })
})

describe('the text of a wrong code', () => {
  it.each([
    [4, 'This code is not correct. Attempts left: 4'],
    [1, 'This code is not correct. Attempts left: 1'],
    [0, en.portal.number.codeDead],
    [-1, en.portal.number.codeDead],
  ])('with %i tries left is %j', (left, text) => {
    expect(wrongCodeText(en, left)).toBe(text)
  })
})
