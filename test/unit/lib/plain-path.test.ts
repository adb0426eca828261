// One spelling of each address: what passes for plain is what a URL leaves as it is.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlainPath, sentPath } from '../../../src/lib/plain-path.ts'

const ORIGIN = 'https://lock.example.com'

describe('a path', () => {
  it.each([
    ['/l/AQQQ.MVv4-_', true],
    ['/v1/accounts/a:b.c', true],
    ['/', true],
    ['', true],
    ['/l/%41', false],
    ['/l/a b', false],
    ['/l/ä', false],
    ['/l/a"b', false],
    ['/l/a\\b', false],
    ['/l?x=%41', true],
    ['/l#%41', true],
  ])('%j is plain: %j', (path, isPlain) => {
    expect(isPlainPath(ORIGIN + path)).toBe(isPlain)
  })

  it('that is plain needs no encoding, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const url = `${ORIGIN}/${text}`
        fc.pre(isPlainPath(url))
        expect(new URL(url).pathname).not.toContain('%')
      }),
    )
  })

  it('ends where its query or fragment begins', () => {
    expect(sentPath(`${ORIGIN}/l/a?b=/c#d`)).toBe('/l/a')
    expect(sentPath(`${ORIGIN}/l/a#d?b`)).toBe('/l/a')
    expect(sentPath(ORIGIN)).toBe('/')
  })
})
