// Answers in text: what patterns make of them, and that nothing an answer holds makes reading slow.

import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  parseTextPattern,
  readTextAnswer,
  type TextPattern,
} from '../../../src/sms/http/text-answer.ts'
import { NOW } from '../../contract/provider-contract.ts'
import { httpProviderOf } from '../../support/http-templates.ts'

function patterns(...texts: readonly string[]): readonly TextPattern[] {
  return texts.map((text) => {
    const pattern = parseTextPattern(text)
    if (!pattern.ok) throw new Error(pattern.error)
    return pattern.value
  })
}

test.each<[pattern: string, answer: string, read: object | null]>([
  ['OK:{id}', 'OK:12345', { id: '12345' }],
  ['OK:{id}', ' OK: 12345 \r\n', { id: '12345' }],
  ['OK:{id}', 'KO:12345', null],
  ['OK:{id}', 'OK', null],
  ['{code}={words}', '100=Sent=fine', { code: '100', words: 'Sent=fine' }],
  ['{code}={words}', '100', null],
  ['{code},{id},{parts}', '0,abc,2', { code: '0', id: 'abc', parts: '2' }],
  ['id: {id}\ncost: {cost}', 'id: 7\r\ncost: 0.1', { id: '7', cost: '0.1' }],
  ['{a}<id>{id}</id>{z}', '<r><id>7</id></r>', { a: '<r>', id: '7', z: '</r>' }],
  ['<id>{id}</id>', '<id>7</id> and more', null],
  ['{{{id}}}', '{7}', { id: '7' }],
  ['a{x}b', 'ab', { x: '' }],
  // A name takes what stands before the first of what follows it, and gives nothing back.
  ['{x}ab{y}', 'aabab', { x: 'a', y: 'ab' }],
  ['{x}ab', 'abab', null],
  ['{toString}', 'a', null],
])('%j reads %j as %j', (pattern, answer, read) => {
  if (pattern === '{toString}') expect(parseTextPattern(pattern).ok).toBe(false)
  else expect(readTextAnswer(patterns(pattern), answer)).toEqual(read)
})

test('the first pattern that fits is the one', () => {
  const read = (answer: string) =>
    readTextAnswer(patterns('OK:{id}', 'ERR {code}: {words}', 'ERR {code}'), answer)
  expect(read('OK:1')).toEqual({ id: '1' })
  expect(read('ERR 5: no')).toEqual({ code: '5', words: 'no' })
  expect(read('ERR 5')).toEqual({ code: '5' })
  expect(read('busy')).toBeNull()
})

test('any pattern and any answer are read, and a read answer is the pattern filled', () => {
  const piece = fc.constantFrom('a', 'b', 'ab', '{x}', '{y}', '{', '{{', '}}', 'OK:', '\n', ' ')
  fc.assert(
    fc.property(fc.array(piece), fc.string({ unit: fc.constantFrom(...'abOK:{} \n') }), (a, b) => {
      const pattern = parseTextPattern(a.join(''))
      if (!pattern.ok) return
      const read = readTextAnswer([pattern.value], b)
      if (!read) return
      const filled = pattern.value.map((part) =>
        typeof part === 'string' ? part : read[part.name],
      )
      const plain = (text: string) => text.replace(/\s/g, '')
      expect(plain(filled.join(''))).toBe(plain(b))
    }),
    { numRuns: 2_000 },
  )
})

test('looks at each character of a hostile answer a bounded number of times', () => {
  const names = Array.from('bcdefghijklmnopqrstuvwxy', (name) => `{${name}}a`).join('')
  const pattern = patterns(`${names}Z`)
  let looked = 0
  const original = String.prototype.indexOf
  const hostile = 'a'.repeat(64 * 1024)
  String.prototype.indexOf = function (this: string, part: string, at?: number) {
    const found = original.call(this, part, at)
    looked += (found === -1 ? this.length : found) - (at ?? 0)
    return found
  }
  try {
    expect(readTextAnswer(pattern, hostile)).toBeNull()
  } finally {
    String.prototype.indexOf = original
  }
  expect(looked).toBeLessThanOrEqual(hostile.length)
})

describe('a template with patterns', () => {
  const http = httpProviderOf(
    {
      request: { url: 'https://sms.example/send', form: { to: '{to}', text: '{text}' } },
      answer: ['OK:{id}', '{code}={words}'],
      message_id: '/id',
      errors: { code: '/code', classes: { 101: 'recipient_permanent' } },
    },
    { now: NOW },
  )
  const read = (body: string, status = 200) => http.readResponse({ status, headers: {}, body })

  it('accepts what they say, and nothing else', () => {
    expect(read('OK:12345')).toEqual({ class: 'accepted', providerMessageId: '12345' })
    expect(read('101=no such number')).toEqual({ class: 'recipient_permanent', code: '101' })
    expect(read('999=odd')).toEqual({ class: 'ambiguous', code: '999' })
    expect(read('OK:call +12025550123')).toEqual({ class: 'ambiguous', code: 'unreadable_body' })
    expect(read('{"id":"1"}')).toEqual({ class: 'ambiguous', code: 'unreadable_body' })
    expect(read('101=no', 400)).toEqual({ class: 'recipient_permanent', code: '101' })
    expect(read('nothing of the kind', 503)).toEqual({
      class: 'provider_transient',
      code: 'http_503',
    })
  })
})
