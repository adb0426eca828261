// The small parts every room leans on: back-off, comparison of secrets, problems, and what a log line
// says of an error.

import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { isSameSecret, timingSafeEqual } from '../../../src/lib/constant-time.ts'
import { errorFields, logInfo } from '../../../src/lib/log.ts'
import { problem } from '../../../src/lib/problem.ts'
import { queueDelaySeconds } from '../../../src/lib/queue-delay.ts'

describe('queueDelaySeconds', () => {
  it('doubles from one second to thirty', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map(queueDelaySeconds)).toEqual([1, 2, 4, 8, 16, 30, 30, 30])
  })
})

describe('comparing secrets', () => {
  it('agrees with the comparison of bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 4, max: 3 })
    fc.assert(
      fc.property(bytes, bytes, (left, right) => {
        expect(timingSafeEqual(left, right)).toBe(Buffer.from(left).equals(right))
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with the comparison of texts', async () => {
    const text = fc.string({ maxLength: 2 })
    await fc.assert(
      fc.asyncProperty(text, text, async (left, right) => {
        expect(await isSameSecret(left, right)).toBe(left === right)
        expect(await isSameSecret(left, left)).toBe(true)
      }),
    )
  })
})

describe('problem', () => {
  it('is problem+json with a stable code', async () => {
    const errors = [{ pointer: '/data/ip', detail: 'is required' }]
    const response = problem('invalid_event', { errors, headers: { 'x-extra': '1' } })
    expect(response.status).toBe(422)
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/problem+json',
      'x-extra': '1',
    })
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'The event is not valid.',
      status: 422,
      code: 'invalid_event',
      errors,
    })
  })
})

describe('a line of the log', () => {
  it('is one line of JSON whatever its fields hold', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    for (const end of ['\n', '\r\n', '\u2028', '\u0085', '\u0000', '"}\n']) {
      logInfo('request.failed', { message: `x${end}{"event":"lock.used"}` })
    }
    const lines = log.mock.calls.map(([line]) => String(line))
    log.mockRestore()
    expect(lines).toHaveLength(6)
    for (const line of lines) {
      expect(line).not.toMatch(/[\n\r]/)
      expect(JSON.parse(line)).toMatchObject({ event: 'request.failed' })
    }
  })
})

describe('errorFields', () => {
  it('never quotes a query, whose message holds the bound values', () => {
    const query = new Error('Failed query: update accounts\nparams: +12025550123')
    expect(errorFields(query)).toEqual({ error: 'Error', message: 'query failed' })
    const caused = new Error(query.message, { cause: new Error('D1_ERROR: no such table') })
    expect(errorFields(caused)).toEqual({ error: 'Error', message: 'D1_ERROR: no such table' })
  })

  it('is short, and total over what is thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string().map((text) => new Error(text)),
        ),
        (thrown) => {
          expect(String(errorFields(thrown).message ?? '').length).toBeLessThanOrEqual(200)
        },
      ),
    )
    expect(errorFields('secret')).toEqual({ error: 'string' })
  })
})
