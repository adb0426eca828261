// The one-time link as a token: ours, of its kind, in time, or nothing.

import { hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { lockClaims, mintLockToken } from '../../../src/lock/link.ts'
import {
  ENTRY_LIFETIME_MS,
  mintEntryToken,
  newEntry,
  readEntryToken,
} from '../../../src/portal/visit/entry-link.ts'
import { anyText } from '../../support/any-text.ts'

const KEY = new Uint8Array(32).fill(1)
const OLD_KEY = new Uint8Array(32).fill(2)
const NOW = Date.UTC(2026, 10, 24, 14, 3)
const ORIGIN = 'https://lock.example'
const CLAIMS = { sub: 'a', jti: 'vis_1', iat: NOW / 1_000, exp: NOW / 1_000 + 60, otp: true }
/** Its key as anybody with the secret derives it. */
const entryKey = Buffer.from(hkdfSync('sha256', KEY, '', 'lockline entry-link', 32))
const sign = (claims: JWTPayload, typ = 'entry+jwt', key: Uint8Array = entryKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ }).sign(key)
const ENTRY = newEntry({ accountId: '10482113', visitId: 'vis_1', hasOtp: true }, NOW)

describe('an entry link', () => {
  it('says who, which visit, and whether a code was just checked', async () => {
    const token = await mintEntryToken([KEY], ORIGIN, ENTRY)
    expect(await readEntryToken([KEY], ORIGIN, token, NOW)).toEqual(ENTRY)
  })

  it('lives five minutes', async () => {
    const token = await mintEntryToken([KEY], ORIGIN, ENTRY)
    expect(await readEntryToken([KEY], ORIGIN, token, NOW + ENTRY_LIFETIME_MS - 1)).not.toBeNull()
    expect(await readEntryToken([KEY], ORIGIN, token, NOW + ENTRY_LIFETIME_MS)).toBeNull()
  })

  it('is read with each key of the list', async () => {
    const token = await mintEntryToken([OLD_KEY], ORIGIN, ENTRY)
    expect(await readEntryToken([KEY, OLD_KEY], ORIGIN, token, NOW)).toEqual(ENTRY)
    expect(await readEntryToken([KEY], ORIGIN, token, NOW)).toBeNull()
  })

  it('is refused when any character is another', async () => {
    const token = await mintEntryToken([KEY], ORIGIN, ENTRY)
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom('A', 'z', '0', '.'),
        async (at, one) => {
          const changed = token.slice(0, at) + one + token.slice(at + 1)
          const read = await readEntryToken([KEY], ORIGIN, changed, NOW)
          // Stray bits of a last character spell the same bytes; what is read is then the same, too.
          expect(read === null || JSON.stringify(read) === JSON.stringify(ENTRY)).toBe(true)
          if (changed.split('.')[1] !== token.split('.')[1]) expect(read).toBeNull()
        },
      ),
    )
  })

  it.each([
    ['a lock link', () => mintLockToken([KEY], lockClaims('10482113', 1, NOW))],
    ['another type under the same key', () => sign({ ...CLAIMS, aud: ORIGIN }, 'JWT')],
    [
      'signed with the secret of lock links itself',
      () => sign({ ...CLAIMS, aud: ORIGIN }, 'entry+jwt', KEY),
    ],
    ['a visit id of another alphabet', () => sign({ ...CLAIMS, aud: ORIGIN, jti: '../x' })],
    ['C10 one without the door it opens', () => sign(CLAIMS)],
    ['C10 one to another door', () => mintEntryToken([KEY], 'https://other.example', ENTRY)],
  ])('is not %s', async (_, mint) => {
    expect(await readEntryToken([KEY], ORIGIN, await mint(), NOW)).toBeNull()
  })

  it('is what is otherwise signed the same way', async () => {
    const token = await sign({ ...CLAIMS, aud: ORIGIN })
    expect(await readEntryToken([KEY], ORIGIN, token, NOW)).toMatchObject({ visitId: 'vis_1' })
  })

  it('is read totally', async () => {
    await fc.assert(
      fc.asyncProperty(anyText({ maxLength: 600 }), async (text) => {
        expect(await readEntryToken([KEY], ORIGIN, text, NOW)).toBeNull()
      }),
    )
  })
})
