// No sham, in any language: what says that an account is locked, that sessions are ended or withdrawals stopped is shown
// only once the exchange has confirmed.

import { describe, expect, it } from 'vitest'
import { countSegments } from '../../../src/alert/segments.ts'
import { codeKeptPage } from '../../../src/lock/code-page.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import { type LockState, lockStateOf } from '../../../src/lock/lock-state.ts'
import {
  lockAcceptedPage,
  lockStatePage,
  lockUnknownPage,
  lockUnrecordedPage,
} from '../../../src/lock/page.ts'
import { composeNotice } from '../../../src/notice/notice.ts'
import { holdBody, holdHeading } from '../../../src/portal/hold/page.ts'
import type { Language } from '../../../src/words/language.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'

const NOW = Date.UTC(2026, 10, 23, 14, 3)

/** The texts that need evidence; `{…}` stands for anything. */
const claimsOf = ({ notice, lock, portal }: Language) => [
  notice.locked,
  lock.confirmedHeading,
  lock.confirmed,
  lock.stepConfirmed,
  lock.heldUntil,
  portal.hold.heading,
  portal.hold.sessions,
  portal.hold.confirmed,
  portal.sessions.confirmed,
]

function patternOf(claim: string): RegExp {
  const parts = claim.split(/\{[\w.]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(
    parts
      .map((part) => part.trim())
      .filter(Boolean)
      .join('[^<\n]*'),
  )
}

function stateOf(confirmedAt: number | null): LockState {
  const lock = { slot: 0, accountId: '1', lockId: 'lck_1', alertId: null, via: 'portal' } as const
  const times = { lockedAt: NOW, holdUntil: NOW + 86_400_000, liftedAt: null, liftReason: null }
  const asked = { actions: ALWAYS_ASKED, answers: null, partlySince: null }
  return lockStateOf({ ...lock, ...times, ...asked }, confirmedAt)
}

function textOf(language: Language, isConfirmed: boolean): string {
  const facts = { kind: 'locked', untilAt: NOW, exchange: 'BitEx', code: null, link: null } as const
  return composeNotice({ ...facts, isConfirmed, isNameBarred: false }, language).text
}

async function pagesOf(language: Language, confirmedAt: number | null): Promise<string> {
  const page = { language, exchange: 'BitEx' }
  const state = stateOf(confirmedAt)
  const held = { untilAt: NOW + 86_400_000, state }
  const pages = [
    lockStatePage(page, state, '/l/x/status', NOW),
    holdHeading(language, confirmedAt !== null),
    holdBody(page, held, NOW),
    ...(confirmedAt === null
      ? [
          lockAcceptedPage(page, '/x'),
          lockUnrecordedPage(page, '/x', '/y'),
          lockUnknownPage(page, '/x'),
          codeKeptPage(page),
        ]
      : []),
  ]
  return (await Promise.all(pages)).map(String).join('\n')
}

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  '%s',
  (_, language) => {
    it('B4 claims nothing while the exchange has not confirmed', async () => {
      const shown = `${await pagesOf(language, null)}\n${textOf(language, false)}`
      for (const claim of claimsOf(language)) expect(shown).not.toMatch(patternOf(claim))
      const waiting = language.lock.stepWaiting.replace('{exchange}', 'BitEx')
      expect(shown.split(waiting)).toHaveLength(3)
    })

    it('B4 says so once it has', async () => {
      expect(textOf(language, true)).toMatch(patternOf(language.notice.locked))
      const pages = await pagesOf(language, NOW + 1_000)
      expect(pages).toContain(language.portal.hold.sessions)
      expect(pages).toContain(language.lock.confirmedHeading)
      expect(pages).toContain(language.portal.hold.heading)
    })

    it('B4 says of each action what is known of it, and all only of all', async () => {
      const page = { language, exchange: 'BitEx' }
      const answers = { done: { 'sessions.revoke': NOW }, failed: { 'withdrawals.hold': NOW } }
      const { lock } = stateOf(null)
      const actions = ['sessions.revoke', 'withdrawals.hold', 'api_keys.revoke'] as const
      const state = lockStateOf({ ...lock, actions, answers }, NOW)
      const held = { untilAt: NOW + 86_400_000, state }
      const words = language.lockActions
      const fill = (text: string) => text.replace('{exchange}', 'BitEx')
      const pages = [
        String(await lockStatePage(page, state, '/l/x/status', NOW)),
        String(await holdBody(page, held, NOW)),
      ]
      for (const shown of pages) {
        for (const action of actions) expect(shown).toContain(words.names[action])
        expect(shown.split(words.asked)).toHaveLength(2)
        expect(shown.split(fill(words.failed))).toHaveLength(2)
        const [before = '', after = ''] = words.done.split('{time}')
        expect(shown).toContain(before === '' ? after : before)
        expect(shown).toMatch(patternOf(words.partly))
        const withoutEvidence = [
          ...[language.notice.locked, language.lock.confirmedHeading, language.lock.heldUntil],
          language.portal.hold.heading,
        ]
        for (const claim of withoutEvidence) expect(shown).not.toMatch(patternOf(claim))
      }
      expect(pages[0]).toContain(words.partlyHeading)
    })

    it('B4 says in one SMS how much is confirmed, as long as it is not all', () => {
      const facts = { kind: 'locked', untilAt: NOW, exchange: 'BitEx', code: null } as const
      const written = { ...facts, link: null, isNameBarred: false, partly: { done: 4, count: 5 } }
      const { text, segments } = composeNotice({ ...written, isConfirmed: false }, language)
      expect(text).toMatch(patternOf(language.lockActions.sms))
      expect(countSegments(text).encoding).toBe(language.encoding)
      expect(segments).toBeLessThanOrEqual(language.encoding === 'GSM-7' ? 1 : 3)
      const { text: whole } = composeNotice({ ...written, isConfirmed: true }, language)
      expect(whole).toMatch(patternOf(language.notice.locked))
    })

    it('B4 asks within the room of an alert', () => {
      const { segments, encoding } = countSegments(textOf(language, false))
      expect(encoding).toBe(language.encoding)
      expect(segments).toBeLessThanOrEqual(encoding === 'GSM-7' ? 2 : 3)
    })
  },
)

/** What each of these languages calls a carrier, whose word we do not have: only a provider's. */
const CARRIERS: Readonly<Record<string, RegExp>> = {
  en: /carrier|operator/i,
  de: /netzbetreiber/i,
  es: /operador/i,
  pt: /operadora/i,
  fr: /opérateur/i,
  pl: /operator/i,
  cs: /operátor/i,
  ru: /оператор/i,
  uk: /оператор/i,
  tr: /operatör/i,
  vi: /nhà mạng/i,
  id: /operator/i,
  ja: /携帯会社|キャリア/,
  ko: /통신사/,
  'zh-Hans': /运营商/,
  'zh-Hant': /電信業者|電信商/,
}

describe.each(Object.entries(CARRIERS))('%s', (tag, carrier) => {
  it('does not tell as a carrier’s word what a provider said', () => {
    const language = LANGUAGES.find((one) => one.tag === tag)
    expect(JSON.stringify(language?.portal)).not.toMatch(carrier)
  })
})
