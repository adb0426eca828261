// The pages behind a link: no script, nothing that presses the button itself, every word escaped.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import { type LockState, lockStateOf } from '../../../src/lock/lock-state.ts'
import {
  invalidLinkPage,
  lockAcceptedPage,
  lockFailedPage,
  lockPage,
  lockStatePage,
  lockUnknownPage,
  lockUnrecordedPage,
  unavailablePage,
} from '../../../src/lock/page.ts'
import type { PageBasics } from '../../../src/page/markup.ts'
import { pageCssHash } from '../../../src/page/page-css.ts'
import { fill, formatPageTime } from '../../../src/page/words.ts'
import { ar } from '../../../src/words/languages/ar.ts'
import { en } from '../../../src/words/languages/en.ts'
import { ja } from '../../../src/words/languages/ja.ts'

const textOfBytes = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const NOW = Date.UTC(2026, 10, 23, 14, 3, 27)
const HOSTILE = '<script>alert(1)</script>"\'&'
const page: PageBasics = {
  language: en,
  exchange: HOSTILE,
}

function stateOf(confirmedAt: number | null, liftedAt: number | null = null): LockState {
  return lockStateOf(
    {
      slot: 0,
      accountId: '1001',
      lockId: 'lck_1',
      alertId: 'alr_1',
      via: 'link',
      lockedAt: NOW,
      holdUntil: NOW + 86_400_000,
      liftedAt,
      liftReason: liftedAt === null ? null : 'by phone',
      actions: ALWAYS_ASKED,
      answers: null,
      partlySince: null,
    },
    confirmedAt,
  )
}

const PAGES = {
  lock: textOfBytes(lockPage(page, 42, 'pay.sig', ALWAYS_ASKED)),
  requested: lockStatePage(page, stateOf(null), '/l/token/status', NOW + 59_999),
  confirmed: lockStatePage(page, stateOf(NOW + 1_000), '/l/token/status', NOW),
  lifted: lockStatePage(page, stateOf(NOW, NOW), '/l/token/status', NOW),
  accepted: lockAcceptedPage(page, '/l/token/status'),
  unrecorded: lockUnrecordedPage(page, '/l/token', '/l/token/status'),
  unknown: lockUnknownPage(page, '/l/token/status'),
  invalid: invalidLinkPage(page),
  expired: invalidLinkPage(page, '/l/token/status'),
  failed: lockFailedPage(page),
}
const texts = await Promise.all(
  Object.entries(PAGES).map(async ([name, markup]) => ({ name, text: String(await markup) })),
)

function textOf(name: keyof typeof PAGES): string {
  return texts.find((entry) => entry.name === name)?.text ?? ''
}

describe('the page of a link that does not work', () => {
  it('says beside the way to the typed code what a code of four is for', () => {
    expect(textOf('invalid')).toContain('href="/lock"')
    expect(textOf('invalid')).toContain(
      'A code of four characters works only as a reply to the SMS.',
    )
  })
})

describe('every page of a lock link', () => {
  it.each(texts)('$name: runs nothing, loads nothing, escapes, and fits 14 KB', ({ text }) => {
    expect(text).not.toMatch(/<script|\son\w+=|javascript:|\ssrc=|<link|<iframe|@import|url\(/i)
    expect(text).toContain('&lt;script&gt;')
    expect(Buffer.byteLength(text)).toBeLessThan(14 * 1_024)
  })

  it.each(texts)('$name: is styled by the one element its policy allows', async ({ text }) => {
    const styles = [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css]) => css ?? '')
    const hashes = styles.map((css) => createHash('sha256').update(css).digest('base64'))
    expect(hashes.map((hash) => `sha256-${hash}`)).toEqual([await pageCssHash()])
    expect(text).not.toContain('style=')
  })

  it.each(texts)('$name: says what language it is in and keeps robots out', ({ text }) => {
    expect(text).toMatch(/^<!doctype html>\s*<html lang="en" dir="ltr">/)
    expect(text).toContain('<meta name="robots" content="noindex" />')
  })

  it.each(texts)('$name: leaves no placeholder unfilled', ({ text }) => {
    const body = text.replace(/<style[\s\S]*<\/style>/, '')
    expect(body).not.toMatch(/\{\w+\}/)
  })
})

describe('the lock page', () => {
  it('acts by one button in a form that posts to the link', () => {
    const text = textOf('lock')
    expect(text.match(/<form/g)).toHaveLength(1)
    expect(text).toContain('<form method="post"><button type="submit">')
    expect(text).toContain('#42')
    expect(text).not.toContain('http-equiv')
  })

  it('is the same for everyone but for the number of the alert and the link', () => {
    const other = textOfBytes(lockPage(page, 42, 'pay.sig', ALWAYS_ASKED))
      .replace('#42', '#7')
      .replaceAll('/l/pay.sig/', '/l/a.b/')
    expect(textOfBytes(lockPage(page, 7, 'a.b', ALWAYS_ASKED))).toBe(other)
    const elsewhere = lockPage({ ...page, exchange: 'Other' }, 7, 'a.b', ALWAYS_ASKED)
    expect(textOfBytes(elsewhere)).toContain('#7 from Other')
  })

  it('leads to the page "it was me", unless it tells of no login', () => {
    const href = 'href="/l/pay.sig/confirm"'
    expect(textOf('lock').split(href)).toHaveLength(2)
    expect(textOfBytes(lockPage(page, 0, 'pay.sig', ALWAYS_ASKED))).not.toContain('/confirm')
  })
})

describe('the state of a lock', () => {
  it('looks again by itself until the exchange has confirmed, and then no more', () => {
    expect(textOf('requested')).toContain('content="3; url=/l/token/status"')
    expect(textOf('requested')).not.toMatch(/Confirmed by .* at/)
    expect(textOf('confirmed')).not.toContain('http-equiv')
    expect(textOf('confirmed')).toContain('on 23\u00a0November, 14:03\u00a0UTC')
  })

  it('looks less often once the first minute is over', () => {
    const later = lockStatePage(page, stateOf(null), '/l/token/status', NOW + 60_000)
    expect(String(later)).toContain('content="20; url=/l/token/status"')
  })

  it('does not claim a lock while only the queue has it', () => {
    expect(textOf('accepted')).not.toMatch(/is locked|on hold until/)
    expect(textOf('unrecorded')).not.toMatch(/is locked|on hold until/)
  })

  it('B4 says neither "locked" nor "no lock" of what could not be looked up', () => {
    expect(textOf('unknown')).toContain(en.lock.unknown)
    expect(textOf('unknown')).not.toContain(en.lock.unrecordedHeading)
    expect(textOf('unknown')).not.toMatch(/is locked|stopped until|is being carried out/)
  })

  it('B4 does not say "nothing was changed" of an act whose answer was lost', async () => {
    const { unavailable, uncertain } = en.portal.common
    expect(String(await unavailablePage(page, false))).toContain(unavailable)
    expect(String(await unavailablePage(page, true))).toContain(uncertain)
    expect(String(await unavailablePage(page, true))).not.toContain('nothing was changed')
  })

  it('B6 leads from an expired link of ours to the lock that it may have made, from no other', () => {
    expect(textOf('expired')).toContain(`href="/l/token/status">${en.lock.alreadyLocked}`)
    expect(textOf('invalid')).not.toContain('/status')
  })

  it('B6 says of a lifted lock that its link locks nothing any more, and how to lock now', () => {
    expect(textOf('lifted')).toContain('This link locks nothing any more')
    expect(textOf('confirmed')).not.toContain('This link locks nothing any more')
  })

  it('does not show a lifted hold as running', () => {
    expect(textOf('lifted')).not.toMatch(/on hold until|is locked/)
  })

  it('offers the button again where nothing was stored', () => {
    expect(textOf('failed')).toContain('<form method="post"><button type="submit">')
  })
})

describe('the words', () => {
  it('keep a placeholder that has no value, and take no other property', () => {
    expect(fill('{a} {b} {toString}', { a: 1 })).toBe('1 {b} {toString}')
    expect(fill('{a}', { a: '{b} $& $1', b: 2 })).toBe('{b} $& $1')
  })

  it('give the time in UTC on a 24-hour clock', () => {
    expect(formatPageTime(Date.UTC(2026, 10, 23, 0, 5), en)).toBe(
      '23\u00a0November, 00:05\u00a0UTC',
    )
    expect(formatPageTime(Date.UTC(2026, 10, 23, 14, 3), ja)).toBe('11月23日 14:03\u00a0UTC')
    expect(formatPageTime(Date.UTC(2026, 10, 23, 14, 3), ar)).toBe('23\u00a0نوفمبر، 14:03\u00a0UTC')
  })
})
