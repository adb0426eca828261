// What the builder reads of feeds in the form of RFC 8805, and what stops it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readGeofeed } from '../../../tools/place-table/source-csv.ts'

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
