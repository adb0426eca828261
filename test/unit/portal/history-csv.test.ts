// A file for spreadsheets: RFC 4180, whatever stands in a login, and nothing a spreadsheet would run.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, historyCsv } from '../../../src/portal/history/csv.ts'
import { anyText } from '../../support/any-text.ts'
import { aLogin } from '../deliver/fixtures.ts'

/** RFC 4180 §2, read by the book. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  let at = 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      at += 1
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (text[at] === '"') at += 1
        cell += text[at]
        at += 1
      }
      at += 1
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        cell += text[at]
        at += 1
      }
    }
    rows.at(-1)?.push(cell)
    if (text[at] === '\r') rows.push([])
    at += text[at] === '\r' ? 2 : 1
  }
  return rows.slice(0, -1)
}

describe('a cell', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\t1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
  ])('%j begins no formula', (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/)
  })

  it.each([';=1+1', 'a;=1+1', 'Chrome\t@SUM(A1)', 'x; =1', 'x;"=1', 'x\n+1', 'x;＝1', 'x\t＠A'])(
    'C10 %j begins none where semicolons or tabs separate cells',
    (text) => {
      const cells = csvCell(text)
        .slice(1, -1)
        .split(/[;\t\n]/)
      expect(
        cells.filter((cell) => /^["' ]*[=+\-@＝＠]/.test(cell) && !cell.includes("'")),
      ).toEqual([])
      expect(csvCell(text)).toMatch(/^".*"$/s)
    },
  )

  it('is empty for what is not known', () => {
    expect(csvCell(null)).toBe('')
  })
})

describe('the file', () => {
  it('holds what was in each login, whatever that was', () => {
    fc.assert(
      fc.property(anyText(), fc.string(), (city, deviceName) => {
        const file = historyCsv([aLogin({ city, deviceName }), aLogin({ city: 'Bonn' })])
        const [header, first, second] = parseCsv(file.slice(1))
        const at = (name: string) => header?.indexOf(name) ?? -1
        // Nothing but apostrophes is added, and they only where a cell may begin.
        const bare = (text = '') => text.replaceAll("'", '')
        expect(bare(first?.[at('city')])).toBe(bare(city))
        expect(bare(first?.[at('device_name')])).toBe(bare(deviceName))
        if (!/(^|[;,\t\r\n])["' ]*[=+\-@＝＋－＠\t\r\n]/.test(city))
          expect(first?.[at('city')]).toBe(city)
        expect(second?.[at('city')]).toBe('Bonn')
        expect(second).toHaveLength(header?.length ?? 0)
      }),
    )
  })

  it('opens with the mark that spreadsheets need for UTF-8', () => {
    expect(historyCsv([]).startsWith('\u{feff}alert_number,')).toBe(true)
  })
})
