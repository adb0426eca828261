import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNumbers } from '../../../src/alert/numbers.ts'

describe('formatNumbers', () => {
  it.each([
    [[], ''],
    [[43], '#43'],
    [[44, 43], '#43-#44'],
    [[43, 44, 45, 47], '#43-#45, #47'],
    [[1, 3, 5, 7, 9, 11, 13, 15], '#1-#15'],
    [[7, 7], '#7'],
  ])('%j reads %s', (numbers, text) => {
    expect(formatNumbers(numbers)).toBe(text)
  })

  it('names first and last and stays short', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 9_999_999_999 }), { minLength: 1 })
    fc.assert(
      fc.property(numbers, (list) => {
        const text = formatNumbers(list)
        expect(text.length).toBeLessThanOrEqual(24)
        expect(text.startsWith(`#${Math.min(...list)}`)).toBe(true)
        expect(text.endsWith(`#${Math.max(...list)}`)).toBe(true)
      }),
    )
  })
})
