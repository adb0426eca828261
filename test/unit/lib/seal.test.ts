// Sealed texts open for the same purpose with a known key, and in no other case.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { open, type SealKeys, seal } from '../../../src/lib/seal.ts'
import { randomBytes } from '../../support/ports.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const NEW_KEY = new Uint8Array(32).fill(2)
const anyText = fc.string({ unit: 'grapheme', maxLength: 200 })

describe('seal', () => {
  it('comes back, and shows nothing of the text', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (context, text) => {
        const sealed = await seal(randomBytes, KEYS, context, text)
        expect(await open(KEYS, context, sealed)).toBe(text)
        expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/)
      }),
    )
  })

  it('is different every time', async () => {
    const sealed = new Set<string>()
    for (let turn = 0; turn < 20; turn += 1)
      sealed.add(await seal(randomBytes, KEYS, 'c', '+12025550123'))
    expect(sealed.size).toBe(20)
  })

  it('does not open for another purpose or another row', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (context, other) => {
        fc.pre(context !== other)
        expect(await open(KEYS, other, await seal(randomBytes, KEYS, context, 'text'))).toBe(null)
      }),
    )
  })

  it('does not open with any byte changed, cut or added', async () => {
    const bytes = Buffer.from(await seal(randomBytes, KEYS, 'c', '+12025550123'), 'base64url')
    for (const index of bytes.keys()) {
      const flipped = Buffer.from(bytes)
      flipped[index] = (flipped[index] ?? 0) ^ 1
      expect(await open(KEYS, 'c', flipped.toString('base64url'))).toBe(null)
      expect(await open(KEYS, 'c', bytes.subarray(0, index).toString('base64url'))).toBe(null)
    }
    const grown = Buffer.concat([bytes, Buffer.alloc(1)])
    expect(await open(KEYS, 'c', grown.toString('base64url'))).toBe(null)
  })

  it('opens after a rotation with old and new key, and seals with the new one', async () => {
    const rotated: SealKeys = [NEW_KEY, KEYS[0]]
    expect(await open(rotated, 'c', await seal(randomBytes, KEYS, 'c', 'old'))).toBe('old')
    const fresh = await seal(randomBytes, rotated, 'c', 'new')
    expect(await open([NEW_KEY], 'c', fresh)).toBe('new')
    expect(await open(KEYS, 'c', fresh)).toBe(null)
  })

  it('is refused for any text, without a throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.stringMatching(/^[A-Za-z0-9_-]{0,80}$/)),
        async (text) => {
          expect(await open(KEYS, 'c', text)).toBe(null)
        },
      ),
    )
  })
})
