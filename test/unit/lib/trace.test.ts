// W3C Trace Context: what is read, what is refused, and that the same trace comes out again. Total over whatever a header
// may hold.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTraceparent, readTraceparent, traceIdOf } from '../../../src/lib/trace.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'
const random = (length: number) => new Uint8Array(length).fill(7)

describe('a traceparent', () => {
  it('goes on under the same trace, with a span of our own', () => {
    const stored = readTraceparent(`00-${TRACE}-${PARENT}-01`)
    expect(stored).toHaveLength(23)
    expect(traceIdOf(stored)).toBe(TRACE)
    expect(nextTraceparent(random, stored)).toBe(`00-${TRACE}-${'07'.repeat(8)}-01`)
    const unsampled = readTraceparent(`00-${TRACE}-${PARENT}-00`)
    expect(nextTraceparent(random, unsampled)).toMatch(/-00$/)
  })

  it('of a later version is read for what this one knows', () => {
    expect(traceIdOf(readTraceparent(`cc-${TRACE}-${PARENT}-03-more`))).toBe(TRACE)
  })

  it.each([
    undefined,
    '',
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}`,
    `cc-${TRACE}-${PARENT}-01-${'x'.repeat(300)}`,
  ])('is not read from %s', (header) => {
    expect(readTraceparent(header)).toBeNull()
  })

  it('of any trace comes out as it went in, and nothing throws', () => {
    const hex = (length: number) =>
      fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => !/^0+$/.test(text))
    fc.assert(
      fc.property(hex(32), hex(16), (traceId, parentId) => {
        expect(traceIdOf(readTraceparent(`00-${traceId}-${parentId}-01`))).toBe(traceId)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        readTraceparent(text)
        traceIdOf(text)
        nextTraceparent(random, text)
      }),
    )
  })
})
