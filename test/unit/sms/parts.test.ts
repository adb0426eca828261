// The parts all adapters share: the immediate HMAC against Node's, comparing, addresses, JSON fields.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSameSecret, timingSafeEqual } from '../../../src/lib/constant-time.ts'
import { basicAuthorization, endpoint, withoutPlus } from '../../../src/sms/endpoint.ts'
import { countAt, idAt, parseRecord, recordAt, textAt } from '../../../src/sms/json-fields.ts'

describe('comparing secrets', () => {
  test('the same bytes are equal, one changed bit is not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.nat(7), (a, place, bit) => {
        const b = a.slice()
        expect(timingSafeEqual(a, b)).toBe(true)
        const index = place % b.length
        b[index] = (b[index] ?? 0) ^ (1 << bit)
        expect(timingSafeEqual(a, b)).toBe(false)
      }),
    )
  })

  test('a part is not the whole', () => {
    expect(timingSafeEqual(new Uint8Array([1, 2]), new Uint8Array([1, 2, 0]))).toBe(false)
    expect(timingSafeEqual(new Uint8Array([1, 2, 0]), new Uint8Array([1, 2]))).toBe(false)
  })

  test('texts', async () => {
    expect(await isSameSecret('clé', 'clé')).toBe(true)
    expect(await isSameSecret('clé', 'cle')).toBe(false)
    expect(await isSameSecret('', 'a')).toBe(false)
  })
})

describe('endpoint', () => {
  test.each([
    ['https://api.example.com', 'https://api.example.com/v1/x'],
    ['https://api.example.com/', 'https://api.example.com/v1/x'],
    ['http://localhost:8701/elsewhere?a=1', 'http://localhost:8701/v1/x'],
    ['abc.api.example.com', 'https://abc.api.example.com/v1/x'],
    ['abc.api.example.com:8443', 'https://abc.api.example.com:8443/v1/x'],
  ])('%s', (baseUrl, url) => {
    expect(endpoint(baseUrl, '/v1/x')).toBe(url)
  })

  test('refuses what is no URL', () => {
    expect(() => endpoint('not a host', '/v1/x')).toThrow(TypeError)
  })
})

test('Basic credentials are UTF-8 (RFC 7617 §2.1)', () => {
  expect(basicAuthorization('test', '123£')).toBe('Basic dGVzdDoxMjPCow==')
})

test.each([
  ['+12025550123', '12025550123'],
  ['Example', 'Example'],
  ['A+B', 'A+B'],
  ['+1 202', '+1 202'],
])('%s without its plus is %s', (address, expected) => {
  expect(withoutPlus(address)).toBe(expected)
})

describe('JSON fields', () => {
  test.each(['', 'x', '1', 'null', '[]', '"a"', '{'])('%j is no record', (text) => {
    expect(parseRecord(text)).toBeNull()
  })

  test('a record has only what is its own', () => {
    const record = parseRecord('{"__proto__":{"id":"x"}}') ?? {}
    expect(textAt(record, 'id')).toBeUndefined()
    expect(recordAt({}, '__proto__')).toBeUndefined()
  })

  test.each([
    [0, 0],
    ['007', 7],
    [-1, undefined],
    [1.5, undefined],
    ['1e3', undefined],
    ['', undefined],
    [null, undefined],
    [Number.MAX_VALUE, undefined],
  ])('%j counts as %j', (value, expected) => {
    expect(countAt({ value }, 'value')).toBe(expected)
  })

  test.each(['a b', 'x'.repeat(201), '<b>', '', 'ä'])('%j is no id', (value) => {
    expect(idAt({ value }, 'value')).toBeUndefined()
  })
})
