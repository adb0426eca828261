// What a stranger's guesses are worth, by the limits as they are: a million of them lock nobody, and whatever a way was worth
// to him, a second false lock of it asks the owner first.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keysOf } from '../../../src/lib/table.ts'
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts'
import { ASK_FIRST_MS, ASKS_FIRST, asksFirst } from '../../../src/lock/ask-first.ts'
import {
  REPLIES_PER_NUMBER_AND_HOUR,
  TRIES_PER_ADDRESS_AND_HOUR,
  TRIES_PER_NUMBER_AND_ADDRESS,
} from '../../../src/lock/code-lock.ts'
import {
  foldContactWord,
  proposeWord,
  readContactWord,
  tidyContactWord,
  WORD_MAX,
  WORD_MIN,
  WORD_TRIES_MAX,
} from '../../../src/lock/contact/word.ts'
import type { LockVia } from '../../../src/lock/hold.ts'
import { RECENT_ALERTS_MAX } from '../../../src/login/by-number.ts'

const GUESSES = 1_000_000
const NOW = Date.UTC(2026, 10, 29)

describe('a million guesses', () => {
  it('of the page’s code, each at a number with as many alerts as are compared', () => {
    expect((GUESSES * RECENT_ALERTS_MAX) / 2 ** 40).toBeLessThan(1e-4)
  })

  it('of the page’s code from one address are sixty an hour that are compared', () => {
    const anHour = Math.min(GUESSES, TRIES_PER_ADDRESS_AND_HOUR)
    expect((anHour * 24 * RECENT_ALERTS_MAX) / 2 ** 40).toBeLessThan(1e-6)
    expect(TRIES_PER_NUMBER_AND_ADDRESS).toBeLessThan(TRIES_PER_ADDRESS_AND_HOUR)
  })

  it('of a reply’s code in one day, in the name of an owner with two alerts', () => {
    const compared = Math.min(GUESSES, REPLIES_PER_NUMBER_AND_HOUR * 24)
    // Four signs, a digit among them.
    const codes = 32 ** 4 - 24 ** 4
    expect((compared * 2) / codes).toBeLessThan(1 / 200)
  })

  it('of a contact’s word, at one contact or spread over a hundred thousand of them', () => {
    const words = 2 ** 30
    expect(Math.min(GUESSES, WORD_TRIES_MAX) / words).toBeLessThan(1e-7)
    expect(GUESSES / words).toBeLessThan(1e-3)
  })
})

describe('a word that we propose', () => {
  it('has thirty bits, of which none is worth less than another', () => {
    const seen = new Set<string>()
    for (let one = 0; one < 256; one += 1) {
      for (const [at, from] of [
        [0, 16],
        [1, 4],
      ] as const) {
        const bytes = new Uint8Array(10)
        bytes[at] = one
        const word = proposeWord(() => bytes)
        seen.add(word)
        expect(word).toMatch(/^(?:[bdfghjklmnprstvz][aiou]){5}$/)
        expect(256 % from).toBe(0)
      }
    }
    expect(seen.size).toBe(16 + 4 - 1)
    expect((16 * 4) ** 5).toBe(2 ** 30)
  })

  it('comes back from an SMS however a phone writes it', () => {
    const word = proposeWord((length) => Uint8Array.from({ length }, (_, at) => at * 37))
    const folded = foldContactWord(word)
    for (const text of [
      `LOCK ${word}`,
      `lock ${word.toUpperCase()}`,
      ` Lock: ${word}! `,
      `LOCK${word}`,
      `LOCK “${word}”\nSent from my phone`,
      `Lock ${word.slice(0, 4)} ${word.slice(4)}.`,
    ]) {
      expect([text, readContactWord(text)]).toEqual([text, folded])
    }
  })
})

describe('a word of the owner’s', () => {
  it('is folded to the same whatever surrounds it, bounded, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 260 }), (text) => {
        const word = foldContactWord(text)
        expect(foldContactWord(tidyContactWord(text))).toBe(word)
        if (word === null) return
        const { length } = Array.from(word)
        expect(length).toBeGreaterThanOrEqual(WORD_MIN)
        expect(length).toBeLessThanOrEqual(WORD_MAX)
        expect(foldContactWord(word)).toBe(word)
        expect(readContactWord(`LOCK ${word}`)).toBe(word)
      }),
    )
  })

  it.each([
    ['no LOCK before it', 'bakofimulo'],
    ['a reply’s code', 'LOCK 7K3Q'],
    ['too short', 'LOCK tram'],
    ['nothing', 'LOCK'],
    ['a sentence', 'LOCK is what you reply to our alert, please do so'],
    ['another word before it', 'please LOCK bakofimulo'],
    ['an endless text', `LOCK ${'a'.repeat(10_000)}`],
  ])('is not read out of a text with %s', (_what, text) => {
    expect(readContactWord(text)).toBeNull()
  })
})

const lockOf = (via: LockVia, liftedAt: number | null, holdUntil = NOW + HOUR_MS) => ({
  lockId: 'lck_1',
  via,
  lockedAt: NOW - DAY_MS + HOUR_MS,
  holdUntil,
  liftedAt,
})

describe('a way of which the last lock was lifted', () => {
  const next = (via: LockVia) => ({ lockId: 'lck_2', via })

  it.each(keysOf(ASKS_FIRST))(
    '%s asks the owner if a stranger may hold it, and for a day',
    (via) => {
      const lifted = [lockOf(via, NOW - HOUR_MS)]
      expect(asksFirst(lifted, next(via), NOW)).toBe(ASKS_FIRST[via])
      expect(asksFirst(lifted, next(via), NOW - HOUR_MS + ASK_FIRST_MS)).toBe(false)
      expect(asksFirst([lockOf(via, null)], next(via), NOW)).toBe(false)
    },
  )

  it('leaves the others open, and those that are the owner’s own in any case', () => {
    for (const via of keysOf(ASKS_FIRST)) {
      for (const other of keysOf(ASKS_FIRST).filter((one) => one !== via)) {
        expect(asksFirst([lockOf(via, NOW - 1)], next(other), NOW)).toBe(false)
      }
    }
    expect(keysOf(ASKS_FIRST).filter((via) => ASKS_FIRST[via])).toEqual([
      'reply',
      'code',
      'card',
      'contact',
    ])
  })

  it('does not ask for a lock that is there already, nor after a hold that ran out by itself', () => {
    const own = { lockId: 'lck_1', via: 'code' } as const
    expect(asksFirst([lockOf('code', NOW - 1)], own, NOW)).toBe(false)
    expect(asksFirst([lockOf('code', NOW - 1, NOW - HOUR_MS)], next('code'), NOW)).toBe(false)
  })
})
