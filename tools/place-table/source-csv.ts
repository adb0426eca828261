// Reads the sources' CSV files: `start,end,country` and `start,end,number,organisation`, addresses
// as text, and operators' own feeds (RFC 8805): `prefix,country,region,city,`. Any line that is not
// exactly that stops the build with its file and line number.
import { readFileSync } from 'node:fs'
import { type IpAddress, parseIpAddress } from '../../src/place/ip-address.ts'
import type { Range } from './ranges.ts'

export type Network = { readonly asn: number; readonly organisation: string }

const COUNTRY_LINE = /^([^,]+),([^,]+),([A-Z]{2})$/
const NETWORK_LINE = /^([^,]+),([^,]+),([0-9]+),(?:"((?:[^"]|"")*)"|([^",]*))$/

export function readCountryCsv(path: string, version: 4 | 6): Range<string>[] {
  return readLines(path, COUNTRY_LINE).map(({ fields: [start, end, country], where }) => ({
    ...readSpan(start, end, version, where),
    value: country ?? '',
  }))
}

export function readNetworkCsv(path: string, version: 4 | 6): Range<Network>[] {
  return readLines(path, NETWORK_LINE).map(({ fields, where }) => {
    const [start, end, asn, quoted, bare] = fields
    const organisation = quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"')
    return { ...readSpan(start, end, version, where), value: { asn: Number(asn), organisation } }
  })
}

// A feed may leave the country out, which says "nowhere in particular", and has comments.
const FEED_LINE = /^(?:\s*#.*|([^,/]+)\/([0-9]{1,3}),([A-Za-z]{2})?(?:,[^,]*){0,3})$/

/** Prefixes with the country their operator gives; those of the other address family are passed over. */
export function readGeofeed(path: string, version: 4 | 6): Range<string>[] {
  return readLines(path, FEED_LINE).flatMap(({ fields: [prefix, bits, country], where }) => {
    if (prefix === undefined || country === undefined) return []
    const address = parseIpAddress(prefix)
    if (address === null) throw new Error(`${where}: ${prefix} is not an address`)
    if (address.version !== version) return []
    const openBits = address.bytes.length * 8 - Number(bits)
    const size = 1n << BigInt(Math.max(openBits, 0))
    const start = toNumber(address)
    if (openBits < 0 || start % size !== 0n)
      throw new Error(`${where}: ${prefix}/${bits} is not a prefix`)
    return [{ start, end: start + size - 1n, value: country.toUpperCase() }]
  })
}

// AS numbers between spaces, then whose they are, for the reader.
const SIBLINGS_LINE = /^(?:#.*|([0-9]+(?: [0-9]+)+),.+)$/

/** Every number but the first of its line → that first, which stands for all. A number is in one line only. */
export function readSiblings(path: string): ReadonlyMap<number, number> {
  const siblings = new Map<number, number>()
  const seen = new Set<number>()
  for (const { fields, where } of readLines(path, SIBLINGS_LINE)) {
    const [first, ...others] = (fields[0]?.split(' ') ?? []).map(Number)
    if (first === undefined) continue
    for (const asn of [first, ...others]) {
      if (seen.has(asn)) throw new Error(`${where}: ${asn} is there already`)
      seen.add(asn)
      if (asn !== first) siblings.set(asn, first)
    }
  }
  return siblings
}

type Line = { readonly fields: readonly (string | undefined)[]; readonly where: string }

function readLines(path: string, pattern: RegExp): Line[] {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  if (lines.length === 0) throw new Error(`${path} is empty`)
  return lines.map((line, index) => {
    const where = `${path}:${index + 1}`
    const match = pattern.exec(line)
    if (match === null) throw new Error(`${where}: unexpected line: ${line.slice(0, 120)}`)
    return { fields: match.slice(1), where }
  })
}

function readSpan(
  startText: string | undefined,
  endText: string | undefined,
  version: 4 | 6,
  where: string,
): { start: bigint; end: bigint } {
  const start = parseIpAddress(startText ?? '')
  const end = parseIpAddress(endText ?? '')
  if (start?.version !== version || end?.version !== version) {
    throw new Error(`${where}: ${startText} to ${endText} is not an IPv${version} range`)
  }
  return { start: toNumber(start), end: toNumber(end) }
}

function toNumber(address: IpAddress): bigint {
  let number = 0n
  for (const byte of address.bytes) number = (number << 8n) | BigInt(byte)
  return number
}
