// What a deployment of a given size needs, costs and meets first. Pure arithmetic over counts and published prices; upper
// bounds where a figure depends on how much is under way at once.

import { DAY_MS, SECOND_MS } from '../../src/lib/time.ts'
import { LOGINS_KEPT_MS } from '../../src/login/forget.ts'
import {
  CPU_MS_PER_ALERT,
  LOG_LINES_PER_ALERT,
  OPERATIONS_PER_MESSAGE,
  PER_ALERT,
  REQUESTS_PER_ALERT,
  RETENTION,
  STORED,
  sweepMessagesPerMinute,
} from './counts.ts'
import { LIMITS, PLAN_DOLLARS, PRICES, type Price } from './platform.ts'

export type Load = {
  readonly accounts: number
  /** Of all accounts together, on average. */
  readonly loginsPerSecond: number
  readonly peakPerSecond: number
  /** What one database is taken to handle. */
  readonly callsPerSecond: number
}

export type Cost = { readonly what: string; readonly units: number; readonly dollars: number }

/** `factor`: how much more of everything until it is reached; below 1 it is already. */
export type Limit = { readonly what: string; readonly used: string; readonly factor: number }

export type Capacity = {
  readonly shards: {
    readonly needed: number
    readonly forStorage: number
    readonly forCalls: number
  }
  readonly storedGb: number
  /** Of the database that has most slots. */
  readonly fullestGb: number
  readonly alertsPerMonth: number
  readonly d1: {
    readonly callsAtPeak: number
    readonly rowsWrittenAtPeak: number
    readonly rowsReadAtPeak: number
  }
  readonly queueOperationsAtPeak: number
  readonly costs: readonly Cost[]
  readonly dollarsPerMonth: number
  /** Beyond what the plan includes, and without what does not grow with alerts. */
  readonly dollarsPerMillion: number
  /** The nearest first. */
  readonly limits: readonly Limit[]
}

export const YEAR_SECONDS = 365.25 * 86_400
const MONTH_SECONDS = YEAR_SECONDS / 12
const MONTH_MINUTES = MONTH_SECONDS / 60
const GB = 1e9
/** A slot is one byte. */
const SLOT_COUNT = 256
/** Of a database: beyond it the incident `database_filling` opens. */
const FULL_SHARE = 0.7
/** Retention is to come round in this time. */
const RETENTION_DAYS = 3
/** A batch of `net` (wrangler.toml): at most so many messages, gathered for a second. */
const NET_BATCH_MAX = 100

export function computeCapacity(load: Load): Capacity {
  const { accounts, loginsPerSecond, peakPerSecond } = load
  const recent = loginsPerSecond * (LOGINS_KEPT_MS / SECOND_MS)
  // The newest login of an account is kept for ever.
  const storedGb =
    ((recent + accounts) * STORED.bytesPerLogin + accounts * STORED.bytesPerAccount) / GB
  const callsAtPeak = peakPerSecond * PER_ALERT.d1Calls
  const forStorage = shardsFor(storedGb, LIMITS.databaseGb * FULL_SHARE)
  const forCalls = shardsFor(callsAtPeak, load.callsPerSecond)
  const needed = Math.max(forStorage, forCalls)
  const alertsPerMonth = loginsPerSecond * MONTH_SECONDS
  const costs = costsOf(unitsOf(load, needed, storedGb))
  return {
    shards: { needed, forStorage, forCalls },
    storedGb,
    fullestGb: storedGb * largestShare(needed),
    alertsPerMonth,
    d1: {
      callsAtPeak,
      rowsWrittenAtPeak: peakPerSecond * PER_ALERT.rowsWritten,
      rowsReadAtPeak: peakPerSecond * PER_ALERT.rowsRead,
    },
    queueOperationsAtPeak: peakPerSecond * PER_ALERT.queueMessages * OPERATIONS_PER_MESSAGE,
    costs,
    dollarsPerMonth: PLAN_DOLLARS + costs.reduce((sum, { dollars }) => sum + dollars, 0),
    dollarsPerMillion: dollarsPerMillion(load),
    limits: limitsOf(load, needed, storedGb),
  }
}

/** The smallest number of databases of which the one with most slots has no more than `limit`; never above the slots. */
function shardsFor(total: number, limit: number): number {
  let shards = 1
  while (shards < SLOT_COUNT && total * largestShare(shards) > limit) shards += 1
  return shards
}

/** Slots are whole. */
function largestShare(shards: number): number {
  return Math.ceil(SLOT_COUNT / shards) / SLOT_COUNT
}

type Units = Readonly<Record<keyof typeof PRICES, number>>

/** In a month. */
function unitsOf(load: Load, shards: number, storedGb: number): Units {
  const alerts = load.loginsPerSecond * MONTH_SECONDS
  const sweeps = MONTH_MINUTES * shards * sweepMessagesPerMinute(shards)
  const ofAlerts = alertUnits(load.loginsPerSecond)
  return {
    requests: alerts * ofAlerts.requests + MONTH_MINUTES + sweeps,
    cpuMs: alerts * ofAlerts.cpuMs,
    queueOperations: alerts * ofAlerts.queueOperations + sweeps * OPERATIONS_PER_MESSAGE,
    // Beside alerts: the cursor of the walk over accounts.
    rowsWritten: alerts * ofAlerts.rowsWritten + MONTH_MINUTES * shards,
    rowsRead: alerts * ofAlerts.rowsRead,
    storedGb,
    logLines: alerts * ofAlerts.logLines,
  }
}

function alertUnits(loginsPerSecond: number): Units {
  const perBatch = Math.min(NET_BATCH_MAX, Math.max(1, loginsPerSecond))
  return {
    requests: REQUESTS_PER_ALERT + PER_ALERT.queueMessages / perBatch,
    cpuMs: CPU_MS_PER_ALERT,
    queueOperations: PER_ALERT.queueMessages * OPERATIONS_PER_MESSAGE,
    rowsWritten: PER_ALERT.rowsWritten,
    rowsRead: PER_ALERT.rowsRead,
    storedGb: 0,
    logLines: LOG_LINES_PER_ALERT,
  }
}

function costsOf(units: Units): readonly Cost[] {
  return entries(PRICES).map(([key, price]) => ({
    what: price.what,
    units: units[key],
    dollars: dollarsOf(price, Math.max(0, units[key] - price.included)),
  }))
}

function dollarsPerMillion({ loginsPerSecond }: Load): number {
  const units = alertUnits(loginsPerSecond)
  return entries(PRICES).reduce((sum, [key, price]) => sum + dollarsOf(price, units[key] * 1e6), 0)
}

function dollarsOf({ dollars, per }: Price, units: number): number {
  return (units / per) * dollars
}

function entries(prices: typeof PRICES): readonly [keyof Units, Price][] {
  const keys: readonly (keyof Units)[] = [
    'requests',
    'cpuMs',
    'queueOperations',
    'rowsWritten',
    'rowsRead',
    'storedGb',
    'logLines',
  ]
  return keys.map((key) => [key, prices[key]])
}

function limitsOf(load: Load, shards: number, storedGb: number): readonly Limit[] {
  const share = largestShare(shards)
  const gb = storedGb * share
  const calls = load.peakPerSecond * PER_ALERT.d1Calls * share
  const messages = load.peakPerSecond * PER_ALERT.queueMessages
  const logins = load.loginsPerSecond * (LOGINS_KEPT_MS / SECOND_MS) + load.accounts
  const days = (logins * share) / RETENTION.rowsPerMinute / (DAY_MS / 60_000)
  const limit = (what: string, used: number, most: number, unit: string): Limit => ({
    what,
    used: `${brief(used)} of ${brief(most)} ${unit}`,
    factor: most / used,
  })
  return [
    limit('storage of a database', gb, LIMITS.databaseGb, 'GB'),
    limit('storage of the Cloudflare account', storedGb, LIMITS.accountGb, 'GB'),
    limit('calls of a database at the peak', calls, load.callsPerSecond, 'a second (assumed)'),
    limit('messages of the queue net at the peak', messages, LIMITS.messagesPerSecond, 'a second'),
    limit('retention comes round', days, RETENTION_DAYS, 'days'),
    limit('databases', shards, SLOT_COUNT, 'slots'),
  ].sort((a, b) => a.factor - b.factor)
}

/** Three digits that count: 1,230,000 is 1.23 M. */
export function brief(value: number): string {
  const [unit, size] =
    value >= 1e9
      ? [' B', 1e9]
      : value >= 1e6
        ? [' M', 1e6]
        : value >= 10_000
          ? [' k', 1e3]
          : ['', 1]
  const scaled = value / size
  const digits = scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2
  return `${Number(scaled.toFixed(digits))}${unit}`
}
