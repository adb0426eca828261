// A capacity in words: for the terminal, and as a column of docs/scale.md. Pure.

import { brief, type Capacity, computeCapacity, type Load, YEAR_SECONDS } from './capacity.ts'
import { CALLS_PER_SECOND, PRICE_PAGES, PRICES_READ_ON } from './platform.ts'

export function renderCapacity(load: Load): string {
  const capacity = computeCapacity(load)
  const rows = [...sizeRows(load), ...needRows(capacity), ...costRows(capacity)]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  const limits = capacity.limits.map(
    ({ what, used, factor }) => `  ${factorText(factor).padEnd(20)}  ${what}: ${used}`,
  )
  const [first] = capacity.limits
  return [
    ...lines,
    '',
    `What breaks first: ${first?.what ?? 'nothing'}, ${factorText(first?.factor ?? 0)}.`,
    ...limits,
    '',
    `Prices: Cloudflare's public list of ${PRICES_READ_ON}, without SMS.`,
    ...PRICE_PAGES.map((page) => `  ${page}`),
  ].join('\n')
}

type Row = readonly [name: string, value: string]

function sizeRows({ accounts, loginsPerSecond, peakPerSecond }: Load): readonly Row[] {
  const perYear = (loginsPerSecond * YEAR_SECONDS) / accounts
  return [
    ['accounts', brief(accounts)],
    ['logins', `${brief(loginsPerSecond)} a second, ${brief(perYear)} a year and account`],
    ['at the peak', `${brief(peakPerSecond)} a second`],
  ]
}

function needRows(capacity: Capacity): readonly Row[] {
  const { shards, d1 } = capacity
  return [
    [
      'databases (shards)',
      `${shards.needed} (${shards.forStorage} for storage, ${shards.forCalls} for calls)`,
    ],
    ['storage', `${brief(capacity.storedGb)} GB; the fullest ${brief(capacity.fullestGb)} GB`],
    ['D1 calls at the peak', `${brief(d1.callsAtPeak)} a second`],
    [
      'D1 rows at the peak',
      `${brief(d1.rowsWrittenAtPeak)} written, ${brief(d1.rowsReadAtPeak)} read a second`,
    ],
    ['queue operations at the peak', `${brief(capacity.queueOperationsAtPeak)} a second`],
  ]
}

function costRows(capacity: Capacity): readonly Row[] {
  return [
    ['alerts in a month', brief(capacity.alertsPerMonth)],
    ...capacity.costs.map(
      ({ what, units, dollars }): Row => [`  ${what}`, `${brief(units)}: $${dollars.toFixed(2)}`],
    ),
    ['cost of a month', `$${capacity.dollarsPerMonth.toFixed(2)}, the plan's $5 among it`],
    ['a million alerts more', `$${capacity.dollarsPerMillion.toFixed(2)}`],
  ]
}

function factorText(factor: number): string {
  if (factor < 1) return `passed ${brief(1 / factor)} times over`
  return `at ${brief(factor)} times this`
}

/** The sizes of docs/scale.md: 17 logins a year and account. */
const SIZES = [
  { accounts: 1e4, peakPerSecond: 5 },
  { accounts: 1e6, peakPerSecond: 100 },
  { accounts: 20e6, peakPerSecond: 2_000 },
] as const
const LOGINS_PER_YEAR = 17

const SCALE_COMMANDS = SIZES.map(
  ({ accounts, peakPerSecond }) =>
    `npm run capacity -- --accounts ${accounts} --logins ${LOGINS_PER_YEAR} --peak ${peakPerSecond}`,
)

/** What makes each column. */
export function renderScaleCommands(): string {
  return `\`\`\`sh\n${SCALE_COMMANDS.join('\n')}\n\`\`\``
}

/** A column for each size, a row for each figure. */
export function renderScaleTable(): string {
  const loads = SIZES.map(
    ({ accounts, peakPerSecond }): Load => ({
      accounts,
      loginsPerSecond: (accounts * LOGINS_PER_YEAR) / YEAR_SECONDS,
      peakPerSecond,
      callsPerSecond: CALLS_PER_SECOND,
    }),
  )
  const columns = loads.map((load) => {
    const capacity = computeCapacity(load)
    const [first] = capacity.limits
    return new Map<string, string>([
      ...sizeRows(load),
      ...needRows(capacity),
      ...costRows(capacity),
      ['what breaks first', `${first?.what}: ${first?.used} (${factorText(first?.factor ?? 0)})`],
    ])
  })
  const names = [...(columns[0]?.keys() ?? [])]
  const [head = '', ...rest] = names.map((name) => {
    const cells = columns.map((column) => column.get(name) ?? '')
    return `| ${[name.trim(), ...cells].join(' | ')} |`
  })
  return [head, `|---|${SIZES.map(() => '---|').join('')}`, ...rest].join('\n')
}
