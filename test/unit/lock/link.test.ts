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
import { linkLockId } from '../../../src/lock/lock-account.ts'
import { lockToken, oldLockToken, signatureOf } from '../../support/lock-links.ts'
import { anyAccountId } from './any-account-id.ts'

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
  accountId: anyAccountId,
  alertNumber: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 31 })),
})
// Links of today have bytes before the point and expire between 1970 and 2106.
const anyOccurredAt = fc.integer({ min: 0, max: (2 ** 32 - 1) * 1_000 - LINK_LIFETIME_MS })
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

/** Any facts under the signature of the claims they stand for: what only a bug of ours could make. */
function signedAs(facts: Buffer, claims: Readonly<Record<string, unknown>>): string {
  return `${facts.toString('base64url')}.${signatureOf(claims, KEY)}`
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

  it('is the JWT that jose makes of its claims, and that jose takes', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, anyOccurredAt, anyKey, async (claims, occurredAt, key) => {
        const exp = Math.floor((occurredAt + LINK_LIFETIME_MS) / 1_000)
        const jwtClaims = { sub: claims.accountId, jti: String(claims.alertNumber), exp }
        const jwt = await new SignJWT(jwtClaims)
          .setProtectedHeader({ alg: 'HS256', typ: 'lock+jwt' })
          .sign(key)
        const [header, payload, signature] = jwt.split('.')
        const token = await mint([key], claims, occurredAt)
        expect(token.split('.')[1]).toBe(signature)

        const value = { ...claims, expiresAtSeconds: exp }
        expect(await verify(token, occurredAt, [key])).toEqual({ ok: true, value })
        const rebuilt = `${header}.${payload}.${token.split('.')[1]}`
        const taken = await jwtVerify(rebuilt, key, {
          currentDate: new Date(occurredAt),
          typ: 'lock+jwt',
        })
        expect(taken.payload).toEqual(jwtClaims)
      }),
      { numRuns: 300 },
    )
  })

  it('is what the contract says, byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, anyOccurredAt, async ({ accountId, alertNumber }, occurredAt) => {
        const exp = Math.floor((occurredAt + LINK_LIFETIME_MS) / 1_000)
        const byContract = lockToken({ sub: accountId, jti: String(alertNumber), exp }, KEY)
        expect(await mint(KEYS, { accountId, alertNumber }, occurredAt)).toBe(byContract)
      }),
      { numRuns: 300 },
    )
  })

  it('lives until 24 hours after the login and not a millisecond more', async () => {
    const token = await mintOne()
    expect((await verify(token, EXPIRES_AT - 1)).ok).toBe(true)
    expect(await verify(token, EXPIRES_AT)).toMatchObject({
      ok: false,
      error: { reason: 'expired' },
    })
    expect(await verify(token, EXPIRES_AT + 1)).toMatchObject({
      ok: false,
      error: { reason: 'expired' },
    })
  })

  it('never lives longer for a login in the middle of a second', async () => {
    const token = await mint(KEYS, CLAIMS, OCCURRED_AT + 999)
    expect((await verify(token, EXPIRES_AT - 1)).ok).toBe(true)
    expect((await verify(token, EXPIRES_AT + 999)).ok).toBe(false)
  })

  it('outlives a rotation of keys, and dies with its key', async () => {
    const old = await mint([OLD_KEY], CLAIMS, OCCURRED_AT)
    expect((await verify(old, OCCURRED_AT, [KEY, OLD_KEY])).ok).toBe(true)
    expect(await verify(old, EXPIRES_AT, [KEY, OLD_KEY])).toMatchObject({
      ok: false,
      error: { reason: 'expired' },
    })
    expect(await verify(old, OCCURRED_AT, [KEY])).toEqual(FORGED)
    const fresh = await mint([KEY, OLD_KEY], CLAIMS, OCCURRED_AT)
    expect((await verify(fresh, OCCURRED_AT, [KEY])).ok).toBe(true)
  })

  it.each([
    ['8 digits', '10482113', 85, 88, 132],
    ['a UUID', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 100, 102, 169],
    ['20 characters of text', 'user_2f9cK7pQ-1x:b.z', 106, 109, 148],
    ['64 characters of text', 'aB3-'.repeat(16), 165, 168, 206],
  ])('of %s is as long as the contract says', async (_id, accountId, shortest, longest, old) => {
    const origin = 'https://lock.bitex.test'
    expect(origin).toHaveLength(23)
    // One byte of number up to 127, three up to two million.
    const lengths = [1, 127, 128, 16_383, 16_384, 2_097_151].map(async (alertNumber) => {
      const token = await mint(KEYS, { accountId, alertNumber }, OCCURRED_AT)
      return lockUrl(origin, token).length
    })
    const sorted = (await Promise.all(lengths)).toSorted((a, b) => a - b)
    expect([sorted[0], sorted.at(-1)]).toEqual([shortest, longest])
    const exp = EXPIRES_AT / 1_000
    const before = lockUrl(origin, oldLockToken({ sub: accountId, jti: '42', exp }, KEY))
    expect(before).toHaveLength(old)
  })

  it('has 144 characters at most, whatever the account is called', async () => {
    const longest = { accountId: '_'.repeat(64), alertNumber: 2 ** 35 - 1 }
    expect(await mint(KEYS, longest, OCCURRED_AT)).toHaveLength(144)
    await fc.assert(
      fc.asyncProperty(anyClaims, async (claims) => {
        expect((await mint(KEYS, claims, OCCURRED_AT)).length).toBeLessThanOrEqual(144)
      }),
    )
  })

  it.each([
    ['before 1970', -10 * LINK_LIFETIME_MS, 0],
    ['in the year 1', Date.UTC(1, 0), 0],
    ['behind what four bytes hold', Date.UTC(2200, 0), 2 ** 32 - 1],
  ])('can be made of a login %s', async (_when, occurredAt, expiresAtSeconds) => {
    const token = await mint(KEYS, CLAIMS, occurredAt)
    expect(await verify(token, -1)).toEqual({ ok: true, value: { ...CLAIMS, expiresAtSeconds } })
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

  it('is refused in every other spelling of the facts’ last character', async () => {
    // 3n+1 bytes leave four bits that a lax decoder does not look at.
    for (const accountId of ['a', 'ab', 'abc']) {
      const token = await mint(KEYS, { accountId, alertNumber: 1 }, OCCURRED_AT)
      const [facts = '', signature = ''] = token.split('.')
      const taken = []
      for (const last of BASE64URL) {
        const spelling = `${facts.slice(0, -1)}${last}.${signature}`
        if ((await verify(spelling)).ok) taken.push(spelling)
      }
      expect(taken).toEqual([token])
    }
  })

  it.each([
    ['padding', (token: string) => `${token}=`],
    ['padding of the facts', (token: string) => token.replace('.', '=.')],
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

  it('is refused with the facts of another link under its signature', async () => {
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
    const [facts] = (await mintOne()).split('.')
    const payload = base64Url(
      JSON.stringify({ sub: '10482113', jti: '42', exp: EXPIRES_AT / 1_000 }),
    )
    const key = await crypto.subtle.importKey(
      'raw',
      KEY,
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const text = Buffer.from(`${base64Url(header)}.${payload}`)
    const mac = Buffer.from(await crypto.subtle.sign('HMAC', key, text)).toString('base64url')
    expect(await verify(`${facts}.${mac}`)).toEqual(FORGED)
    expect(await verify(`${payload}.${mac}`)).toEqual(FORGED)
    expect(await verify(`${base64Url(header)}.${payload}.${mac}`)).toEqual(FORGED)
  })
})

describe('facts in another spelling', () => {
  const exp = EXPIRES_AT / 1_000
  const END = Buffer.alloc(4)
  END.writeUInt32BE(exp)
  const UUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
  const bytes = (hex: string) => Buffer.concat([Buffer.from(hex.replaceAll(' ', ''), 'hex'), END])
  const ascii = (text: string) => Buffer.from(text).toString('hex')

  it.each([
    ['the link itself', '01 04 1048 07', '1048'],
    ['the link of an odd count', '01 03 048f 07', '048'],
    ['the link of a text', '02 02 6162 07', 'ab'],
    ['the link of a UUID', `00 ${UUID.replaceAll('-', '')} 07`, UUID],
    [
      'the link of a UUID in upper case',
      `02 24 ${ascii(UUID.toUpperCase())} 07`,
      UUID.toUpperCase(),
    ],
    [
      'the link of a UUID without hyphens',
      `02 20 ${ascii(UUID.replaceAll('-', ''))} 07`,
      UUID.replaceAll('-', ''),
    ],
  ])('are not: %s', async (_what, hex, sub) => {
    const value = { accountId: sub, alertNumber: 7, expiresAtSeconds: exp }
    expect(await verify(signedAs(bytes(hex), { sub, jti: '7', exp }))).toEqual({ ok: true, value })
  })

  it.each([
    ['a number with a byte too many', '01 04 1048 8700', '1048'],
    ['a number with two bytes too many', '01 04 1048 878000', '1048'],
    ['a number with every byte it may have', '01 04 1048 8780808000', '1048'],
    ['a number that goes on and on', '01 04 1048 878080808000', '1048'],
    ['a number that has no end', '01 04 1048 ffffffffff', '1048'],
    ['digits as text', `02 04 ${ascii('1048')} 07`, '1048'],
    ['a UUID as text', `02 24 ${ascii(UUID)} 07`, UUID],
    ['a digit for the padding', '01 03 0480 07', '048'],
    ['other padding', '01 03 048e 07', '048'],
    ['a byte of padding', '01 04 1048ff 07', '1048'],
    ['padding as a digit', '01 04 048f 07', '048'],
    ['letters among the digits', '01 04 10ab 07', '10ab'],
    ['no digit', '01 00 07', ''],
    ['65 digits', `01 41 ${'11'.repeat(32)}1f 07`, '1'.repeat(65)],
    ['255 digits', `01 ff ${'11'.repeat(127)}1f 07`, '1'.repeat(255)],
    ['no text', '02 00 07', ''],
    ['65 characters', `02 41 ${ascii('a'.repeat(65))} 07`, 'a'.repeat(65)],
    ['a character of no id', `02 03 ${ascii('a/b')} 07`, 'a/b'],
    ['a quotation mark', `02 03 ${ascii('a"b')} 07`, 'a"b'],
    ['a byte of no ASCII', '02 02 61e9 07', 'aé'],
    ['a kind there is not', '03 02 6162 07', 'ab'],
    ['a kind far off', 'ff 02 6162 07', 'ab'],
    ['a length too short', '02 01 6162 07', 'ab'],
    ['a length too long', '02 03 6162 07', 'ab'],
    ['a length behind its end', '02 40 6162 07', 'ab'],
    ['nothing before the end', '', ''],
    ['a kind alone', '02', ''],
  ])('are refused though the signature is right: %s', async (_what, hex, sub) => {
    expect(await verify(signedAs(bytes(hex), { sub, jti: '7', exp }))).toEqual(FORGED)
  })

  it('are refused with a byte more or less', async () => {
    const claims = { sub: 'ab', jti: '7', exp }
    const facts = bytes('02 02 6162 07')
    expect(await verify(signedAs(Buffer.concat([facts, Buffer.of(0)]), claims))).toEqual(FORGED)
    expect(await verify(signedAs(facts.subarray(0, -1), claims))).toEqual(FORGED)
    expect(await verify(signedAs(Buffer.alloc(0), claims))).toEqual(FORGED)
    for (let length = 0; length < facts.length; length += 1) {
      expect(await verify(signedAs(facts.subarray(0, length), claims))).toEqual(FORGED)
    }
  })
})

describe('a link of the form before', () => {
  const exp = EXPIRES_AT / 1_000

  it('says the same as the link of today, to the lock’s id', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, async ({ accountId, alertNumber }) => {
        const before = oldLockToken({ sub: accountId, jti: String(alertNumber), exp }, KEY)
        const [old, today] = [
          await verify(before),
          await verify(await mint(KEYS, { accountId, alertNumber }, OCCURRED_AT)),
        ]
        expect(old).toEqual(today)
        if (!old.ok || !today.ok) throw new Error('both are genuine')
        expect(await linkLockId(old.value)).toBe(await linkLockId(today.value))
      }),
    )
  })

  it('expires as it was always going to', async () => {
    const token = oldLockToken({ sub: 'a', jti: '7', exp }, KEY)
    expect((await verify(token, EXPIRES_AT - 1)).ok).toBe(true)
    expect(await verify(token, EXPIRES_AT)).toMatchObject({
      ok: false,
      error: { reason: 'expired' },
    })
  })

  it('is taken with the longest of everything it could have', async () => {
    const token = oldLockToken(
      { sub: '_'.repeat(64), jti: '9999999999', exp: 999_999_999_999 },
      KEY,
    )
    expect((await verify(token)).ok).toBe(true)
  })

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
    ['its claims in another order', { jti: '1', sub: 'a', exp }],
  ])('is refused though signed with our key: %s', async (_name, payload) => {
    expect(await verify(oldLockToken(payload, KEY))).toEqual(FORGED)
  })
})

describe('ten thousand links that were tampered with', () => {
  const anyToken = fc.tuple(anyClaims, anyKey).map(([{ accountId, alertNumber }, key]) => ({
    key,
    token: lockToken({ sub: accountId, jti: String(alertNumber), exp: EXPIRES_AT / 1_000 }, key),
  }))
  const character = fc.constantFrom(...BASE64URL, '.', '=', ' ')
  const place = fc.nat(200)
  const cut = (text: string, at: number) => at % text.length
  /** Of the characters, or of the bytes behind them in their one spelling. */
  const mutation: fc.Arbitrary<(token: string) => string> = fc.oneof(
    fc.tuple(place, character).map(([at, put]) => (token: string) => {
      const index = cut(token, at)
      return token.slice(0, index) + put + token.slice(index + 1)
    }),
    fc.tuple(place, character).map(([at, put]) => (token: string) => {
      const index = cut(token, at)
      return token.slice(0, index) + put + token.slice(index)
    }),
    fc.tuple(place, fc.integer({ min: 1, max: 9 })).map(([at, count]) => (token: string) => {
      const index = cut(token, at)
      return token.slice(0, index) + token.slice(index + count)
    }),
    fc.tuple(place, place).map(([from, to]) => (token: string) => {
      const [a, b] = [cut(token, from), cut(token, to)].toSorted((one, other) => one - other)
      return token.slice(0, a) + token.slice(b) + token.slice(a, b)
    }),
    fc
      .tuple(fc.nat(1), place, fc.integer({ min: 1, max: 255 }))
      .map(([part, at, flip]) => (token: string) => {
        const parts = token.split('.').map((text) => Buffer.from(text, 'base64url'))
        const target = parts[part] ?? Buffer.alloc(0)
        const index = at % target.length
        target[index] = (target[index] ?? 0) ^ flip
        return parts.map((bytes) => bytes.toString('base64url')).join('.')
      }),
    fc.uint8Array({ minLength: 1, maxLength: 12 }).map((more) => (token: string) => {
      const [facts = '', signature = ''] = token.split('.')
      const grown = Buffer.concat([Buffer.from(facts, 'base64url'), more])
      return `${grown.toString('base64url')}.${signature}`
    }),
  )

  it('are all refused', async () => {
    let tried = 0
    await fc.assert(
      fc.asyncProperty(
        anyToken,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        async ({ key, token }, mutations) => {
          const changed = mutations.reduce(
            (text, mutate) => (text === '' ? text : mutate(text)),
            token,
          )
          fc.pre(changed !== token)
          tried += 1
          expect(await verify(changed, OCCURRED_AT, [key])).toEqual(FORGED)
        },
      ),
      { numRuns: 10_000 },
    )
    expect(tried).toBeGreaterThanOrEqual(10_000)
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
