// Builds src/place/place-table.bin from the public CSV files docs/place.md names. Run by hand when
// the data is refreshed; it fetches nothing, and the same files give the same bytes.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { PRIVATE_RELAY } from '../../src/place/relay.ts'
import { type Change, encodePlaceTable } from './encode.ts'
import { hostingName } from './hosting.ts'
import { flattenRanges, overlayRanges, type Range, toChanges, toSlots } from './ranges.ts'
import { type Network, readCountryCsv, readGeofeed, readNetworkCsv } from './source-csv.ts'

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
  const networksOf = (file: string, version: 4 | 6, relays: readonly Range<string>[]) =>
    overlayRanges(flattenRanges(nameHosting(readNetworkCsv(file, version))), nameRelay(relays))
  const hostingV4 = networksOf(files.networkV4, 4, relaysV4)
  const hostingV6 = networksOf(files.networkV6, 6, relaysV6)

  report('encoding')
  const countries = numberNames([...countryV4, ...countryV6])
  const providers = numberNames([...hostingV4, ...hostingV6])
  const input = {
    dataDate,
    countries: [...countries.keys()],
    providers: [...providers.keys()],
    countryV4: changesOfV4(countryV4, countries),
    countryV6: changesOfV6(countryV6, countries),
    hostingV4: changesOfV4(hostingV4, providers),
    hostingV6: changesOfV6(hostingV6, providers),
  }
  const file = encodePlaceTable(input)
  const defaultOut = fileURLToPath(new URL('../../src/place/place-table.bin', import.meta.url))
  const out = values.out ?? defaultOut
  writeFileSync(out, file)
  for (const name of ['countryV4', 'countryV6', 'hostingV4', 'hostingV6'] as const) {
    report(`${name}: ${input[name].length} changes`)
  }
  report(`${countries.size} countries, ${providers.size} data-centre networks`)
  report(`${out}: ${file.length} bytes, ${gzipSync(file, { level: 9 }).length} gzipped`)
}

function isMisplaced(range: Range<string>): boolean {
  return range.value === 'AU' && range.start >= MISPLACED_START && range.end <= MISPLACED_END
}

/** Networks that are no data centre stay in as '' so that they win over a range around them. */
function nameHosting(networks: readonly Range<Network>[]): Range<string>[] {
  return networks.map(({ start, end, value }) => ({
    start,
    end,
    value: hostingName(value.asn, value.organisation) ?? '',
  }))
}

function nameRelay(relays: readonly Range<string>[]): Range<string>[] {
  return relays.map((range) => ({ ...range, value: PRIVATE_RELAY }))
}

/** Numbers from 1, the most frequent name first: its number then fits one byte. */
function numberNames(ranges: readonly Range<string>[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { value } of ranges) {
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const names = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return new Map(names.map(([name], index) => [name, index + 1]))
}

function numbered(
  ranges: readonly Range<string>[],
  numbers: ReadonlyMap<string, number>,
): Range<number>[] {
  return ranges.flatMap((range) => {
    const value = numbers.get(range.value)
    return value === undefined ? [] : [{ ...range, value }]
  })
}

function changesOfV4(
  ranges: readonly Range<string>[],
  numbers: ReadonlyMap<string, number>,
): Change[] {
  return toChanges(numbered(ranges, numbers), 32)
}

function changesOfV6(
  ranges: readonly Range<string>[],
  numbers: ReadonlyMap<string, number>,
): Change[] {
  return toChanges(toSlots(numbered(ranges, numbers)), 64)
}

function report(line: string): void {
  process.stderr.write(`${line}\n`)
}

try {
  build()
} catch (error) {
  process.stderr.write(`place table: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
