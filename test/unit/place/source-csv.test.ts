// What the builder reads of feeds in the form of RFC 8805 and of operators with several numbers, and what stops it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readGeofeed, readSiblings } from '../../../tools/place-table/source-csv.ts'

const folder = mkdtempSync(join(tmpdir(), 'geofeed-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function feed(...lines: readonly string[]): string {
  const path = join(folder, 'feed.csv')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

describe('readGeofeed', () => {
  const path = feed(
    '# a comment',
    '192.0.2.0/31,GB,GB-ENG,London,',
    '2001:db8:0:1::/64,hk,,Hong Kong,',
    '198.51.100.7/32,DE',
    '203.0.113.0/24,,,,',
  )

  it('gives the addresses of a prefix the country of its line', () => {
    expect(readGeofeed(path, 4)).toEqual([
      { start: 0xc0000200n, end: 0xc0000201n, value: 'GB' },
      { start: 0xc6336407n, end: 0xc6336407n, value: 'DE' },
    ])
  })

  it('keeps the address families apart', () => {
    const start = 0x20010db8000000010000000000000000n
    expect(readGeofeed(path, 6)).toEqual([{ start, end: start + (1n << 64n) - 1n, value: 'HK' }])
  })

  it.each([
    ['192.0.2.1/31,GB,,,', 'not a prefix'],
    ['192.0.2.0/40,GB,,,', 'not a prefix'],
    ['example.com/31,GB,,,', 'not an address'],
    ['192.0.2.0,GB,,,', 'unexpected line'],
    ['192.0.2.0/31,GBR,,,', 'unexpected line'],
    ['<html>', 'unexpected line'],
  ])('stops at %s', (line, complaint) => {
    expect(() => readGeofeed(feed(line), 4)).toThrow(complaint)
  })
})

describe('readSiblings', () => {
  it('gives each number the first of its line', () => {
    const path = feed(
      '# a comment',
      '7018 6389 20057,AT&T Enterprises, LLC',
      '9808 56040,China Mobile',
    )
    expect([...readSiblings(path)]).toEqual([
      [6389, 7018],
      [20057, 7018],
      [56040, 9808],
    ])
  })

  it.each([
    ['7018,AT&T', 'unexpected line'],
    ['7018 6389', 'unexpected line'],
    ['AS7018 6389,AT&T', 'unexpected line'],
    ['7018 6389 7018,AT&T', '7018 is there already'],
  ])('stops at %s', (line, complaint) => {
    expect(() => readSiblings(feed(line))).toThrow(complaint)
  })

  it('stops at a number of two operators', () => {
    expect(() => readSiblings(feed('1 2,One', '3 2,Two'))).toThrow('2 is there already')
  })
})
