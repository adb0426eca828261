// Builds src/place/place-table.bin from the public CSV files docs/place.md names. Run by hand when
// the data is refreshed; it fetches nothing, and the same files give the same bytes.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { networkValue } from '../../src/place/place-table-format.ts'
import { PRIVATE_RELAY } from '../../src/place/relay.ts'
import { type Change, encodePlaceTable } from './encode.ts'
import { hostingName } from './hosting.ts'
import { largeOperators, namedShare, nameOperators, type Owner } from './operators.ts'
import { flattenRanges, overlayRanges, type Range, toChanges, toSlots } from './ranges.ts'
import {
  type Network,
  readCountryCsv,
  readGeofeed,
  readNetworkCsv,
  readSiblings,
} from './source-csv.ts'

const HELP = `Builds src/place/place-table.bin (IP address to country and network).

node tools/place-table/build.ts --date YYYY-MM-DD
  --country-v4 FILE           start,end,country of IPv4
  --country-v6 FILE           start,end,country of IPv6
  --country-v6-registry FILE  the same by registry, for gaps and known faults of the former
  --network-v4 FILE           start,end,AS number,organisation of IPv4
  --network-v6 FILE           start,end,AS number,organisation of IPv6
  --geofeed FILE              prefix,country,… as an operator publishes it; may be given several times
  --relay FILE                the same of iCloud Private Relay's addresses, as Apple publishes it
  [--out FILE]                default: src/place/place-table.bin

The files, where to get them and their licences: docs/place.md
`

const OPTIONS = {
  date: { type: 'string' },
  'country-v4': { type: 'string' },
  'country-v6': { type: 'string' },
  'country-v6-registry': { type: 'string' },
  'network-v4': { type: 'string' },
  'network-v6': { type: 'string' },
  geofeed: { type: 'string', multiple: true },
  relay: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const

const SIBLINGS_FILE = fileURLToPath(new URL('sibling-operators.csv', import.meta.url))

// 2001::/16. The regional registry's own parent blocks there are all registered in Australia, and
// the source lets them cover their holders' countries (see docs/place.md).
const MISPLACED_START = 0x2001n << 112n
const MISPLACED_END = (0x2002n << 112n) - 1n

function build(): void {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const required = (name: Exclude<keyof typeof OPTIONS, 'help' | 'out' | 'geofeed'>): string => {
    const value = values[name]
    if (value === undefined) throw new Error(`--${name} is missing; see --help`)
    return value
  }
  const dataDate = required('date')
  const files = {
    countryV4: required('country-v4'),
    countryV6: required('country-v6'),
    registryV6: required('country-v6-registry'),
    networkV4: required('network-v4'),
    networkV6: required('network-v6'),
    relay: required('relay'),
    feeds: values.geofeed ?? [],
  }

  report('reading what operators say themselves')
  const feedsOf = (version: 4 | 6) =>
    flattenRanges(files.feeds.flatMap((file) => readGeofeed(file, version)))
  const relaysOf = (version: 4 | 6) => flattenRanges(readGeofeed(files.relay, version))
  const relaysV4 = relaysOf(4)
  const relaysV6 = relaysOf(6)

  report('reading countries')
  const registeredV4 = flattenRanges(readCountryCsv(files.countryV4, 4))
  const registeredV6 = overlayRanges(
    flattenRanges(readCountryCsv(files.registryV6, 6)),
    flattenRanges(readCountryCsv(files.countryV6, 6).filter((range) => !isMisplaced(range))),
  )
  // Whoever runs a network knows where it is better than who registered it.
  const countryV4 = overlayRanges(overlayRanges(registeredV4, feedsOf(4)), relaysV4)
  const countryV6 = overlayRanges(overlayRanges(registeredV6, feedsOf(6)), relaysV6)
  report('reading networks')
  const siblings = readSiblings(SIBLINGS_FILE)
  const networksOf = (file: string, version: 4 | 6, relays: readonly Range<string>[]) =>
    overlayRanges<Owner>(
      flattenRanges(findOwners(readNetworkCsv(file, version), siblings)),
      nameRelay(relays),
    )
  const allV4 = networksOf(files.networkV4, 4, relaysV4)
  const allV6 = networksOf(files.networkV6, 6, relaysV6)
  const named = largeOperators(allV4, allV6)
  const networkV4 = nameOperators(allV4, named)
  const networkV6 = nameOperators(allV6, named)

  report('encoding')
  const countries = numberByUse([...countryV4, ...countryV6].map(({ value }) => value))
  const owners = [...networkV4, ...networkV6].map(({ value }) => value)
  const providers = numberByUse(owners.filter((owner) => typeof owner === 'string'))
  const operators = numberByUse(owners.filter((owner) => typeof owner === 'number'))
  const countryValue = (country: string) => countries.get(country) ?? 0
  const ownerValue = (owner: Owner) => {
    if (owner === '') return 0
    return typeof owner === 'string'
      ? networkValue.ofProvider(providers.get(owner) ?? 0)
      : networkValue.ofOperator(operators.get(owner) ?? 0)
  }
  const input = {
    dataDate,
    countries: [...countries.keys()],
    providers: [...providers.keys()],
    operators: [...operators.keys()],
    countryV4: changesOfV4(countryV4, countryValue),
    countryV6: changesOfV6(countryV6, countryValue),
    networkV4: changesOfV4(networkV4, ownerValue),
    networkV6: changesOfV6(networkV6, ownerValue),
  }
  const file = encodePlaceTable(input)
  const defaultOut = fileURLToPath(new URL('../../src/place/place-table.bin', import.meta.url))
  const out = values.out ?? defaultOut
  writeFileSync(out, file)
  for (const name of ['countryV4', 'countryV6', 'networkV4', 'networkV6'] as const) {
    report(`${name}: ${input[name].length} changes`)
  }
  report(`${countries.size} countries, ${providers.size} data-centre networks`)
  report(`${operators.size} operators that connect people, of whose`)
  report(`  IPv4 addresses they have ${percent(namedShare(allV4, named, 0n))}`)
  report(`  IPv6 /48s they have ${percent(namedShare(allV6, named, 80n))}`)
  report(`${out}: ${file.length} bytes, ${gzipSync(file, { level: 9 }).length} gzipped`)
}

function isMisplaced(range: Range<string>): boolean {
  return range.value === 'AU' && range.start >= MISPLACED_START && range.end <= MISPLACED_END
}

/** What is nobody's stays in as '' so that it wins over a range around it. */
function findOwners(
  networks: readonly Range<Network>[],
  siblings: ReadonlyMap<number, number>,
): Range<Owner>[] {
  return networks.map(({ start, end, value: { asn, organisation } }) => {
    const isReserved = organisation.startsWith('-')
    const operator = isReserved ? '' : (siblings.get(asn) ?? asn)
    return { start, end, value: hostingName(asn, organisation) ?? operator }
  })
}

function nameRelay(relays: readonly Range<string>[]): Range<Owner>[] {
  return relays.map((range) => ({ ...range, value: PRIVATE_RELAY }))
}

/** Numbers from 1, the most frequent first: its number then fits one byte. */
function numberByUse<V extends Owner>(values: readonly V[]): Map<V, number> {
  const counts = new Map<V, number>()
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  const sorted = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return new Map(sorted.map(([value], index) => [value, index + 1]))
}

function numbered<V>(ranges: readonly Range<V>[], numberOf: (value: V) => number): Range<number>[] {
  return ranges.flatMap((range) => {
    const value = numberOf(range.value)
    return value === 0 ? [] : [{ ...range, value }]
  })
}

function changesOfV4<V>(ranges: readonly Range<V>[], numberOf: (value: V) => number): Change[] {
  return toChanges(numbered(ranges, numberOf), 32)
}

function changesOfV6<V>(ranges: readonly Range<V>[], numberOf: (value: V) => number): Change[] {
  return toChanges(toSlots(numbered(ranges, numberOf)), 64)
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

function report(line: string): void {
  process.stderr.write(`${line}\n`)
}

try {
  build()
} catch (error) {
  process.stderr.write(`place table: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
