// JSON Pointer against the examples of RFC 6901, and against any text.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../../src/lib/json.ts'
import { parseJsonPointer, scalarAt, tokenAt, valueAt } from '../../../src/sms/json-pointer.ts'

/** RFC 6901 §5, the document. */
const DOCUMENT = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}

function find(document: unknown, text: string): unknown {
  const pointer = parseJsonPointer(text)
  if (pointer === null) throw new Error(`${text} is no pointer`)
  return valueAt(document, pointer)
}

describe('a pointer', () => {
  test.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%j leads where RFC 6901 §5 says', (pointer, value) => {
    expect(find(DOCUMENT, pointer)).toEqual(value)
  })

  test('unescapes ~01 to ~1', () => {
    expect(find({ '~1': 'right', '/': 'wrong' }, '/~01')).toBe('right')
  })

  test.each(['/foo/2', '/foo/-', '/foo/00', '/foo/01', '/foo/-1', '/foo/1e0', '/foo/length'])(
    '%j leads to nothing in a list',
    (pointer) => {
      expect(find(DOCUMENT, pointer)).toBeUndefined()
    },
  )

  test.each(['/bar', '/foo/0/0', '/toString', '/__proto__', '/foo/map', '/constructor/name'])(
    '%j leads to nothing: only own members of objects count',
    (pointer) => {
      expect(find(DOCUMENT, pointer)).toBeUndefined()
    },
  )

  test.each(['foo', 'foo/0', '#/foo', ' /foo', '/~', '/a~2b', '/m~n'])('%j is none', (text) => {
    expect(parseJsonPointer(text)).toBeNull()
  })

  test('to any member of any document is found', () => {
    const written = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
        for (const [name, value] of Object.entries(document)) {
          expect(find({ list: [document] }, `/list/0/${written(name)}`)).toEqual(value)
        }
      }),
    )
  })

  test('of any text is read or refused, and looks at anything', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, document) => {
        const pointer = parseJsonPointer(text)
        expect(pointer === null).toBe(/^[^/]/.test(text) || /~(?![01])/.test(text))
        if (pointer !== null && pointer.length > 0) valueAt(document, pointer)
      }),
    )
  })
})

describe('a value', () => {
  test.each([
    ['text', 'text'],
    [0, '0'],
    ['0', '0'],
    [true, 'true'],
    ['', undefined],
    [null, undefined],
    [[], undefined],
    [{}, undefined],
  ])('%j is the scalar %j', (value, expected) => {
    expect(scalarAt({ value }, ['value'])).toBe(expected)
  })

  test.each([
    ['E-1.2:x_y', 'E-1.2:x_y'],
    [8861, '8861'],
    ['12345678901', undefined],
    ['two words', undefined],
    ['+12025550123', undefined],
  ])('%j is the token %j of at most 10', (value, expected) => {
    expect(tokenAt(value, [], 10)).toBe(expected)
  })

  test('is no part of what is no document', () => {
    expect(parseJson('{')).toBeUndefined()
    expect(scalarAt(parseJson('{'), [])).toBeUndefined()
    expect(scalarAt('text', undefined)).toBeUndefined()
  })
})
