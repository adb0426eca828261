// Whoever changes how long a hold, a link or a code lasts changes that constant and nothing else: here each is
// another one than in the product, and every page and SMS of every language says so.

import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/lib/time.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import type { Markup } from '../../../src/page/markup.ts'
import type { NumberState } from '../../../src/portal/number/page.ts'
import { plant, sourceUrl } from '../../support/source-modules.ts'

const OTHER = 'other-durations'

plant(
  OTHER,
  [
    { file: 'lock/hold.ts', constant: 'HOLD_MS = ', is: 'DAY_MS', becomes: '1.5 * DAY_MS' },
    {
      file: 'lock/link.ts',
      constant: 'LINK_LIFETIME_MS = ',
      is: 'DAY_MS',
      becomes: '(31 / 24) * DAY_MS',
    },
    {
      file: 'account/binding-rules.ts',
      constant: 'BINDING_LIFETIME_MS = ',
      is: '10 * MINUTE_MS',
      becomes: '17 * MINUTE_MS',
    },
    {
      file: 'account/binding-rules.ts',
      constant: 'FORMER_PHONE_MS = ',
      is: '3 * DAY_MS',
      becomes: '(95 / 24) * DAY_MS',
    },
    {
      file: 'account/totp.ts',
      constant: 'TOTP_STEP_MS = ',
      is: '30 * SECOND_MS',
      becomes: '43 * SECOND_MS',
    },
    {
      file: 'portal/visit/entry-link.ts',
      constant: 'ENTRY_LIFETIME_MS = ',
      is: '5 * MINUTE_MS',
      becomes: '13 * MINUTE_MS',
    },
  ].map(({ file, constant, is, becomes }) => ({
    name: OTHER,
    file,
    find: `export const ${constant}${is}\n`,
    replace: `export const ${constant}${becomes}\n`,
  })),
)

const load = (file: string) => import(sourceUrl(file, OTHER))
const { codePage, NOTHING_TYPED }: typeof import('../../../src/lock/code-page.ts') =
  await load('lock/code-page.ts')
const { invalidLinkPage, lockPage }: typeof import('../../../src/lock/page.ts') =
  await load('lock/page.ts')
const { composeNotice }: typeof import('../../../src/notice/notice.ts') =
  await load('notice/notice.ts')
const { practisedPage }: typeof import('../../../src/portal/drill/page.ts') =
  await load('portal/drill/page.ts')
const { totpField }: typeof import('../../../src/portal/layout.ts') = await load('portal/layout.ts')
const { numberBody }: typeof import('../../../src/portal/number/page.ts') =
  await load('portal/number/page.ts')
const { totpProblem }: typeof import('../../../src/portal/totp-problem.ts') =
  await load('portal/totp-problem.ts')
const { invalidEntryPage }: typeof import('../../../src/portal/visit/entry-page.ts') = await load(
  'portal/visit/entry-page.ts',
)
const { LANGUAGES }: typeof import('../../../src/words/languages.ts') =
  await load('words/languages.ts')

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
