// Lines of a body that comes in pieces: however it is cut, the lines are the same, and no piece and no line makes us keep more
// than the bound.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Line, readLines } from '../../../src/lib/read-lines.ts'

const LIMITS = { lineMax: 8, bodyMax: 10_000 }

async function linesOf(pieces: readonly Uint8Array[], limits = LIMITS) {
  const left = [...pieces]
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const next = left.shift()
      if (next) controller.enqueue(next)
      else controller.close()
    },
  })
  const lines = readLines(body, limits)
  const read: Line[] = []
  while (true) {
    const { done, value } = await lines.next()
    if (done) return { read, isAll: value, left: left.length }
    read.push(value)
  }
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
const anyText = fc
  .array(fc.constantFrom('a', 'ß', '😀', '\n', '\r\n', ' ', 'bcdefghi'), { maxLength: 40 })
  .map((parts) => parts.join(''))

it('are those of the whole, wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, fc.array(fc.nat(200)), async (text, cuts) => {
      const bytes = bytesOf(text)
      const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
        (a, b) => a - b,
      )
      const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
      const ends = text.split('\n')
      if (ends.at(-1) === '') ends.pop()
      const expected = ends.map((end, index) => {
        const line = end.replace(/\r$/, '')
        return { number: index + 1, text: line.length <= LIMITS.lineMax ? line : null }
      })
      expect((await linesOf(pieces)).read).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

it('of which one is endless do not hide the next', async () => {
  const piece = bytesOf('x'.repeat(1_000))
  const { read, isAll } = await linesOf([piece, piece, bytesOf('\nshort')])
  expect([read, isAll]).toEqual([
    [
      { number: 1, text: null },
      { number: 2, text: 'short' },
    ],
    true,
  ])
})

it('of a body that is too long are read up to there, and no further', async () => {
  const pieces = Array.from({ length: 100 }, () => bytesOf('1234567\n'))
  const { read, isAll, left } = await linesOf(pieces, { lineMax: 8, bodyMax: 80 })
  expect([read.length, isAll, left > 80]).toEqual([10, false, true])
})

it('of nothing are none', async () => {
  expect(await linesOf([])).toMatchObject({ read: [], isAll: true })
  const { done, value } = await readLines(null, LIMITS).next()
  expect([done, value]).toEqual([true, true])
})
