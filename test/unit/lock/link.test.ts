// Lock links: whoever holds one may lock, so exactly the links we made count, in exactly one spelling,
// for exactly 24 hours.

import fc from 'fast-check'
import { jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { SealKeys } from '../../../src/lib/seal.ts'
import {
  LINK_LIFETIME_MS,
  lockClaims,
  lockUrl,
  mintLockToken,
  verifyLockToken,
} from '../../../src/lock/link.ts'

function mint(
  keys: SealKeys,
  { accountId, alertNumber }: { readonly accountId: string; readonly alertNumber: number },
  occurredAt: number,
) {
  return mintLockToken(keys, lockClaims(accountId, alertNumber, occurredAt))
}

const KEY = new Uint8Array(32).fill(1)
const OLD_KEY = new Uint8Array(32).fill(2)
const KEYS: SealKeys = [KEY]
const OCCURRED_AT = Date.UTC(2026, 10, 23, 14, 3, 27)
const EXPIRES_AT = OCCURRED_AT + LINK_LIFETIME_MS
const CLAIMS = { accountId: '10482113', alertNumber: 42 }
const HEADER = base64Url('{"alg":"HS256","typ":"lock+jwt"}')
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const FORGED = { ok: false, error: { reason: 'forged' } }

const anyClaims = fc.record({
  accountId: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/),
  alertNumber: fc.integer({ min: 1, max: 9_999_999_999 }),
})
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function verify(token: string, now = OCCURRED_AT, keys = KEYS) {
  return verifyLockToken(keys, token, now)
}

function mintOne() {
  return mint(KEYS, CLAIMS, OCCURRED_AT)
}

/** Any payload, genuinely signed with our key: what only a bug of ours could make. */
async function signedWith(payload: Readonly<Record<string, unknown>>, header = {}) {
  const jwt = await new SignJWT({ ...payload })
    .setProtectedHeader({ alg: 'HS256', typ: 'lock+jwt', ...header })
    .sign(KEY)
  return jwt.split('.').slice(1).join('.')
}

describe('a lock link', () => {
  it('comes back as the claims it was made of, with any key', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, anyKey, async (claims, key) => {
        const token = await mint([key], claims, OCCURRED_AT)
        const value = { ...claims, expiresAtSeconds: EXPIRES_AT / 1_000 }
        expect(await verify(token, OCCURRED_AT, [key])).toEqual({ ok: true, value })
      }),
    )
  })

  it('ends in a letter or digit, which no linkifier cuts off', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, anyKey, fc.nat(), async (claims, key, occurredAt) => {
        expect(await mint([key], claims, occurredAt)).toMatch(/[A-Za-z0-9]$/)
      }),
      { numRuns: 400 },
    )
  })

  it('is a JWT for any other library once the fixed header is put before it', async () => {
    const { payload, protectedHeader } = await jwtVerify(`${HEADER}.${await mintOne()}`, KEY, {
      currentDate: new Date(OCCURRED_AT),
    })
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'lock+jwt' })
    expect(payload).toEqual({ sub: '10482113', jti: '42', exp: EXPIRES_AT / 1_000 })
  })

  it('is taken when another library made it', async () => {
    const token = await signedWith({ sub: 'a', jti: '7', exp: EXPIRES_AT / 1_000 })
    expect(await verify(token)).toEqual({
      ok: true,
      value: { accountId: 'a', alertNumber: 7, expiresAtSeconds: EXPIRES_AT / 1_000 },
    })
  })

  it('lives until 24 hours after the login and not a millisecond more', async () => {
    const token = await mintOne()
    expect((await verify(token, EXPIRES_AT - 1)).ok).toBe(true)
    expect(await verify(token, EXPIRES_AT)).toEqual({ ok: false, error: { reason: 'expired' } })
    expect(await verify(token, EXPIRES_AT + 1)).toEqual({ ok: false, error: { reason: 'expired' } })
  })

  it('never lives longer for a login in the middle of a second', async () => {
    const token = await mint(KEYS, CLAIMS, OCCURRED_AT + 999)
    expect((await verify(token, EXPIRES_AT - 1)).ok).toBe(true)
    expect((await verify(token, EXPIRES_AT + 999)).ok).toBe(false)
  })

  it('outlives a rotation of keys, and dies with its key', async () => {
    const old = await mint([OLD_KEY], CLAIMS, OCCURRED_AT)
    expect((await verify(old, OCCURRED_AT, [KEY, OLD_KEY])).ok).toBe(true)
    expect(await verify(old, EXPIRES_AT, [KEY, OLD_KEY])).toEqual({
      ok: false,
      error: { reason: 'expired' },
    })
    expect(await verify(old, OCCURRED_AT, [KEY])).toEqual(FORGED)
    const fresh = await mint([KEY, OLD_KEY], CLAIMS, OCCURRED_AT)
    expect((await verify(fresh, OCCURRED_AT, [KEY])).ok).toBe(true)
  })

  it('leaves most of one SMS for the words', async () => {
    const token = await mintOne()
    expect(token.length).toBeLessThanOrEqual(112)
    expect(lockUrl('https://lock.example.com', token)).toBe(`https://lock.example.com/l/${token}`)
  })
})

describe('a link that was touched', () => {
  it('is refused with any other character in any place', async () => {
    const token = await mintOne()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...BASE64URL, '.', '=', '+', '/', ' ', '%'),
        async (index, character) => {
          fc.pre(token[index] !== character)
          const changed = token.slice(0, index) + character + token.slice(index + 1)
          expect(await verify(changed)).toEqual(FORGED)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('is refused in every other spelling of its last character', async () => {
    const token = await mintOne()
    const spellings = [...BASE64URL].map((last) => token.slice(0, -1) + last)
    const taken = []
    for (const spelling of spellings) if ((await verify(spelling)).ok) taken.push(spelling)
    expect(taken).toEqual([token])
  })

  it('is refused in every other spelling of the payload’s last character', async () => {
    // A payload of 3n+1 bytes leaves four bits that jose does not look at.
    for (const accountId of ['a', 'ab', 'abc']) {
      const token = await mint(KEYS, { accountId, alertNumber: 1 }, OCCURRED_AT)
      const [payload = '', signature = ''] = token.split('.')
      const taken = []
      for (const last of BASE64URL) {
        const spelling = `${payload.slice(0, -1)}${last}.${signature}`
        if ((await verify(spelling)).ok) taken.push(spelling)
      }
      expect(taken).toEqual([token])
    }
  })

  it.each([
    ['padding', (token: string) => `${token}=`],
    ['padding of the payload', (token: string) => token.replace('.', '=.')],
    ['a space behind', (token: string) => `${token} `],
    ['a line end behind', (token: string) => `${token}\n`],
    ['a space before', (token: string) => ` ${token}`],
    ['a full stop behind, as a sentence has it', (token: string) => `${token}.`],
    ['an empty segment before', (token: string) => `.${token}`],
    ['a segment more', (token: string) => `${token}.AAAA`],
    ['its header', (token: string) => `${HEADER}.${token}`],
    ['no signature', (token: string) => token.replace(/\..*/, '')],
    ['an empty signature', (token: string) => token.replace(/\..*/, '.')],
    ['a signature cut short', (token: string) => token.slice(0, -1)],
    ['a signature grown', (token: string) => `${token}AA`],
    ['its halves swapped', (token: string) => token.split('.').reverse().join('.')],
    ['upper case', (token: string) => token.toUpperCase()],
    ['far too much', (token: string) => `${'A'.repeat(600)}.${token.split('.')[1]}`],
  ])('is refused with %s', async (_name, touch) => {
    expect(await verify(touch(await mintOne()))).toEqual(FORGED)
  })

  it('is refused with the payload of another link under its signature', async () => {
    const other = await mint(KEYS, { ...CLAIMS, accountId: '10482114' }, OCCURRED_AT)
    const swapped = `${other.split('.')[0]}.${(await mintOne()).split('.')[1]}`
    expect(await verify(swapped)).toEqual(FORGED)
  })

  it.each([
    ['alg none', '{"alg":"none","typ":"lock+jwt"}'],
    ['another typ', '{"alg":"HS256","typ":"JWT"}'],
    ['its members in another order', '{"typ":"lock+jwt","alg":"HS256"}'],
    ['a space', '{"alg":"HS256", "typ":"lock+jwt"}'],
    ['HS512', '{"alg":"HS512","typ":"lock+jwt"}'],
  ])('is refused when its header was signed with %s', async (_name, header) => {
    const [payload] = (await mintOne()).split('.')
    const key = await crypto.subtle.importKey(
      'raw',
      KEY,
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const text = Buffer.from(`${base64Url(header)}.${payload}`)
    const mac = Buffer.from(await crypto.subtle.sign('HMAC', key, text)).toString('base64url')
    expect(await verify(`${payload}.${mac}`)).toEqual(FORGED)
    expect(await verify(`${base64Url(header)}.${payload}.${mac}`)).toEqual(FORGED)
  })
})

describe('a payload we would not make', () => {
  const exp = EXPIRES_AT / 1_000
  it.each([
    ['no sub', { jti: '1', exp }],
    ['no jti', { sub: 'a', exp }],
    ['no exp: a link for ever', { sub: 'a', jti: '1' }],
    ['exp as text', { sub: 'a', jti: '1', exp: String(exp) }],
    ['exp null', { sub: 'a', jti: '1', exp: null }],
    ['jti as a number', { sub: 'a', jti: 1, exp }],
    ['jti below zero', { sub: 'a', jti: '-1', exp }],
    ['jti zero, spelled otherwise', { sub: 'a', jti: '00', exp }],
    ['jti with a leading zero: a second name of alert 1', { sub: 'a', jti: '01', exp }],
    ['jti that no number holds', { sub: 'a', jti: '12345678901234567890', exp }],
    ['an empty sub', { sub: '', jti: '1', exp }],
    ['a sub of another alphabet', { sub: 'a/b', jti: '1', exp }],
    ['a long sub', { sub: 'a'.repeat(65), jti: '1', exp }],
    ['a claim more', { sub: 'a', jti: '1', exp, aud: 'x' }],
    ['nbf in the future', { sub: 'a', jti: '1', exp, nbf: exp }],
  ])('is refused though signed with our key: %s', async (_name, payload) => {
    expect(await verify(await signedWith(payload))).toEqual(FORGED)
  })

  it('is refused where it is no JSON object', async () => {
    for (const text of ['', '[]', '"x"', '{', '\u0000', '7']) {
      const signingInput = `${HEADER}.${base64Url(text)}`
      const key = await crypto.subtle.importKey(
        'raw',
        KEY,
        { name: 'HMAC', hash: 'SHA-256' },
        false,
        ['sign'],
      )
      const mac = Buffer.from(
        await crypto.subtle.sign('HMAC', key, Buffer.from(signingInput)),
      ).toString('base64url')
      expect(await verify(`${base64Url(text)}.${mac}`)).toEqual(FORGED)
    }
  })
})

describe('any text at all', () => {
  it('is refused as forged, and nothing throws', async () => {
    const segment = fc.oneof(
      fc.string({ unit: 'binary-ascii' }),
      fc.stringMatching(/^[A-Za-z0-9_-]{0,60}$/),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 4 }), async (segments) => {
        expect(await verify(segments.join('.'))).toEqual(FORGED)
      }),
    )
  })
})
