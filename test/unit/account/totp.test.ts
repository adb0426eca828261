// Codes of an authenticator app against the standard's own figures and another library.

import fc from 'fast-check'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { readSixDigits } from '../../../src/account/six-digits.ts'
import { matchTotpStep, newTotpSecret, totpUri } from '../../../src/account/totp.ts'
import { readTotpSecret } from '../../../src/account/totp-secret.ts'
import { anyText } from '../../support/any-text.ts'
import { randomBytes } from '../../support/ports.ts'

/** RFC 6238, appendix B: the ASCII secret in base32; codes of eight digits end in those of six. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

const oracle = (secret: string, at: number) =>
  new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: at })

const instant = fc.integer({ min: 60_000, max: 4_102_444_800_000 })

describe('matchTotpStep', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('takes the code of RFC 6238 at %i seconds', (seconds, code) => {
    expect(matchTotpStep(RFC_SECRET, code, seconds * 1_000)).toBe(Math.floor(seconds / 30))
  })

  it('agrees with another library, one step either way', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(-1, 0, 1), (at, drift) => {
        const secret = newTotpSecret(randomBytes)
        const code = oracle(secret, at + drift * 30_000)
        const step = matchTotpStep(secret, code, at)
        expect([-1, 0, 1]).toContain((step ?? Number.NaN) - Math.floor(at / 30_000))
      }),
    )
  })

  it('takes no code of two steps off', () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(-3, -2, 2, 3), (at, drift) => {
        const near = [-1, 0, 1].map((one) => oracle(RFC_SECRET, at + one * 30_000))
        const code = oracle(RFC_SECRET, Math.max(0, at + drift * 30_000))
        fc.pre(!near.includes(code))
        expect(matchTotpStep(RFC_SECRET, code, at)).toBeNull()
      }),
    )
  })
})

/** How somebody else's export or a person writes a secret down. */
const spelling = fc.record({
  secret: fc.stringMatching(/^[A-Z2-7]{16,103}$/),
  isLower: fc.boolean(),
  group: fc.constantFrom(4, 5, 103),
  joint: fc.constantFrom(' ', '-', '  '),
  padding: fc.constantFrom('', '=', '======', ' ===='),
})

describe('a secret that others made', () => {
  it('C2 of any length and spelling is read as an authenticator app reads it', () => {
    fc.assert(
      fc.property(spelling, instant, ({ secret, isLower, group, joint, padding }, at) => {
        const groups = secret.match(new RegExp(`.{1,${group}}`, 'g')) ?? []
        const spelled = groups.join(joint) + padding
        const read = readTotpSecret(isLower ? spelled.toLowerCase() : spelled)
        expect(read).toBe(secret)
        expect(matchTotpStep(secret, oracle(secret, at), at)).toBe(Math.floor(at / 30_000))
        expect(totpUri('Example', '1001', secret)).toContain('secret=')
      }),
    )
  })

  it.each([
    '',
    'A'.repeat(15),
    'A'.repeat(104),
    '0'.repeat(16),
    'ABCD1EFGHIJKLMNOP',
    'А'.repeat(16),
  ])('C2 is none: %j', (text) => {
    expect(readTotpSecret(text)).toBe(null)
  })

  it('C2 is total', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(readTotpSecret(text) ?? 'A'.repeat(16)).toMatch(/^[A-Z2-7]{16,103}$/)
        expect(matchTotpStep(text, '000000', 60_000) ?? 2).toBeTypeOf('number')
      }),
    )
  })
})

describe('a new secret', () => {
  it('has 160 bits, never the same', () => {
    const secrets = Array.from({ length: 50 }, () => newTotpSecret(randomBytes))
    expect(secrets.every((secret) => /^[A-Z2-7]{32}$/.test(secret))).toBe(true)
    expect(new Set(secrets).size).toBe(50)
  })

  it('reaches an app by the picture as it is', () => {
    const url = new URL(totpUri('Börse & Söhne', '10482113', RFC_SECRET))
    expect(url.protocol).toBe('otpauth:')
    expect(url.searchParams.get('secret')).toBe(RFC_SECRET)
    expect(url.searchParams.get('issuer')).toBe('Börse & Söhne')
  })
})

describe('readSixDigits', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['１２３４５６', '123456'],
    ['12345', null],
    ['1234567', null],
    ['12345a', null],
    ['', null],
  ])('reads %j as %j', (typed, code) => {
    expect(readSixDigits(typed)).toBe(code)
  })

  it('is total', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(readSixDigits(text) ?? '000000').toMatch(/^\d{6}$/)
      }),
    )
  })
})
