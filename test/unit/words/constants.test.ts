// Whoever changes how long a hold, a link or a code lasts changes that constant and nothing else: here each is
// another one than in the product, and every page and SMS of every language says so.

import { describe, expect, it, vi } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { codePage, NOTHING_TYPED } from '../../../src/lock/code-page.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import { invalidLinkPage, lockPage } from '../../../src/lock/page.ts'
import { composeNotice } from '../../../src/notice/notice.ts'
import type { Markup } from '../../../src/page/markup.ts'
import { practisedPage } from '../../../src/portal/drill/page.ts'
import { totpField } from '../../../src/portal/layout.ts'
import { type NumberState, numberBody } from '../../../src/portal/number/page.ts'
import { totpProblem } from '../../../src/portal/totp-problem.ts'
import { invalidEntryPage } from '../../../src/portal/visit/entry-page.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'

vi.mock(import('../../../src/lock/hold.ts'), async (original) => ({
  ...(await original()),
  HOLD_MS: 36 * HOUR_MS,
}))
vi.mock(import('../../../src/lock/link.ts'), async (original) => ({
  ...(await original()),
  LINK_LIFETIME_MS: 31 * HOUR_MS,
}))
vi.mock(import('../../../src/account/binding-rules.ts'), async (original) => ({
  ...(await original()),
  BINDING_LIFETIME_MS: 17 * MINUTE_MS,
  FORMER_PHONE_MS: 95 * HOUR_MS,
}))
vi.mock(import('../../../src/account/totp.ts'), async (original) => ({
  ...(await original()),
  TOTP_STEP_MS: 43 * SECOND_MS,
}))
vi.mock(import('../../../src/portal/visit/entry-link.ts'), async (original) => ({
  ...(await original()),
  ENTRY_LIFETIME_MS: 13 * MINUTE_MS,
}))

const NUMBER: NumberState = {
  number: '+1 ••••',
  phoneState: 'ok',
  hasRoute: true,
  former: [],
  pending: null,
  proof: 'totp',
  typed: '',
  problem: null,
}
const NO_CODE = { typed: NOTHING_TYPED, problem: null, offer: null, actions: ALWAYS_ASKED } as const
const PENDING = {
  number: '+1 ••••',
  exchange: 'X',
  progress: 'sent',
  resend: { kind: 'wait', waitMs: 58_500 },
} as const

/** The numbers that a reader sees; an example of a phone number or a code is not one. */
async function numbersIn(shown: Markup | string): Promise<readonly string[]> {
  const text = String(await shown)
    .replace(/<(style|head)[\s\S]*?<\/\1>|<[^>]*>/g, ' ')
    .replace(/\+\d[\d\s-]+\d|7K3Q/g, '')
  expect(text).not.toMatch(/\{[\w.]+\}/)
  return text.match(/\p{Nd}+/gu) ?? []
}

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  'another duration is said in %s',
  (_tag, language) => {
    const page = { language, exchange: 'BitEx' }

    it('of the hold', async () => {
      const lock = new TextDecoder().decode(lockPage(page, 0, 'token', ALWAYS_ASKED))
      expect(await numbersIn(lock)).toEqual(['36'])
      expect(await numbersIn(codePage(page, NO_CODE))).toContain('36')
      expect(await numbersIn(practisedPage(page))).toEqual(['36'])
    })

    it('of a link, and of the code beside it', async () => {
      // Beside it, how long a code is.
      const numbers = await numbersIn(invalidLinkPage(page))
      expect(numbers).toContain('31')
      expect(numbers).not.toContain('24')
      const refused = codePage(page, { ...NO_CODE, problem: { kind: 'refused' } })
      expect(await numbersIn(refused)).toContain('31')
    })

    it('of a former number', async () => {
      const numbers = await numbersIn(numberBody(page, NUMBER))
      expect(numbers.filter((number) => number === '95')).toHaveLength(2)
      expect(numbers).not.toContain('72')
    })

    it('of a code by SMS, on the page and in the SMS', async () => {
      const numbers = await numbersIn(numberBody(page, { ...NUMBER, pending: PENDING }))
      expect(numbers).toContain('17')
      // The wait until the next one, in whole seconds.
      expect(numbers).toContain('59')
      expect(numbers).not.toContain('10')
      const code = { digits: '012345', lifetimeMs: 17 * MINUTE_MS }
      const facts = { kind: 'code', untilAt: null, exchange: 'BitEx', link: null } as const
      const { text } = composeNotice(
        { ...facts, code, isConfirmed: true, isNameBarred: false },
        language,
      )
      expect(await numbersIn(text)).toEqual(expect.arrayContaining(['17', '012345']))
    })

    it('of a code of the authenticator app', async () => {
      expect(await numbersIn(totpField(language))).toContain('43')
      const { text } = totpProblem(language, { kind: 'used' })
      expect(await numbersIn(text)).toEqual(['43'])
    })

    it('of an entry link', async () => {
      expect(await numbersIn(invalidEntryPage(page))).toEqual(['13'])
    })

    it('of a wait after too many tries, rounded up', async () => {
      const limited = { kind: 'limited', retryAfterMs: 6 * MINUTE_MS + 1 } as const
      expect(await numbersIn(totpProblem(language, limited).text)).toEqual(['7'])
      const shown = codePage(page, { ...NO_CODE, problem: limited })
      expect(await numbersIn(shown)).toContain('7')
    })
  },
)
