// Identifiers: the same for the same question, different for every other, easy to copy.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveId, randomId } from '../../../src/lib/ids.ts'
import { randomBytes } from '../../support/ports.ts'

const ID = /^(alr|lck|cbk|req)_[0-9a-hjkmnp-tv-z]{26}$/
const parts = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 4 })

describe('deriveId', () => {
  it('gives the same for the same parts, in a charset nobody misreads', async () => {
    await fc.assert(
      fc.asyncProperty(parts, async (texts) => {
        const id = await deriveId('alr', ...texts)
        expect(id).toMatch(ID)
        expect(await deriveId('alr', ...texts)).toBe(id)
      }),
    )
  })

  it('differs wherever a part begins or ends', async () => {
    await fc.assert(
      fc.asyncProperty(parts, parts, async (left, right) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right))
        expect(await deriveId('cbk', ...left)).not.toBe(await deriveId('cbk', ...right))
      }),
    )
    const ids = await Promise.all([
      deriveId('cbk', 'a', 'bc'),
      deriveId('cbk', 'ab', 'c'),
      deriveId('cbk', 'abc'),
      deriveId('cbk', 'abc', ''),
      deriveId('cbk', '1:a', 'bc'),
      deriveId('lck', 'a', 'bc'),
    ])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('stays what it is: stored ids depend on it', async () => {
    const { createHash } = await import('node:crypto')
    const digest = createHash('sha256').update('3:alr5:msg_1').digest().subarray(0, 16)
    const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    const letters = bits
      .match(/.{1,5}/g)
      ?.map((five) => '0123456789abcdefghjkmnpqrstvwxyz'[Number.parseInt(five.padEnd(5, '0'), 2)])
    expect(await deriveId('alr', 'msg_1')).toBe(`alr_${letters?.join('')}`)
  })
})

describe('randomId', () => {
  it('has the same form and does not repeat', () => {
    const ids = Array.from({ length: 200 }, () => randomId(randomBytes, 'req'))
    for (const id of ids) expect(id).toMatch(ID)
    expect(new Set(ids).size).toBe(200)
  })
})
