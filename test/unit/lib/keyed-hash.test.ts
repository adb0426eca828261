// Keyed hashes under several keys: the current one first, each use apart, and what former versions stored found again.

import { hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type HashOf, keyedHash, keyedHashes, storedHashes } from '../../../src/lib/keyed-hash.ts'
import { hashAsBefore } from '../../support/former-keys.ts'

const OLD = new Uint8Array(32).fill(1)
const NEW = new Uint8Array(32).fill(2)
const WHAT: HashOf = { use: 'phone-tag', text: 'phone-tag +12025550123', length: 16 }

describe('a keyed hash', () => {
  it('is under a key that anybody with the secret derives (RFC 5869)', async () => {
    const derived = new Uint8Array(hkdfSync('sha256', OLD, '', 'lockline phone-tag', 32))
    expect(await keyedHash(OLD, WHAT)).toBe(await hashAsBefore(derived, WHAT.text, WHAT.length))
  })

  it('is another one for another use, text or secret', async () => {
    const hashes = await Promise.all([
      keyedHash(OLD, WHAT),
      keyedHash(NEW, WHAT),
      keyedHash(OLD, { ...WHAT, use: 'visit' }),
      keyedHash(OLD, { ...WHAT, text: 'phone-tag +12025550124' }),
    ])
    expect(new Set(hashes).size).toBe(4)
  })

  it('is under each key, the current one first', async () => {
    expect(await keyedHashes([NEW, OLD], WHAT)).toEqual([
      await keyedHash(NEW, WHAT),
      await keyedHash(OLD, WHAT),
    ])
  })

  it('that lies in D1 for long is also as a former version would have stored it', async () => {
    expect(await storedHashes([NEW, OLD], WHAT)).toEqual([
      ...(await keyedHashes([NEW, OLD], WHAT)),
      await hashAsBefore(NEW, WHAT.text, WHAT.length),
      await hashAsBefore(OLD, WHAT.text, WHAT.length),
    ])
  })
})
