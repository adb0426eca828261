// What Cloudflare asks for and allows, as published; nothing of ours. Read on the date below: look again when it is old.

export const PRICES_READ_ON = '2026-11-28'

export const PRICE_PAGES = [
  'https://developers.cloudflare.com/workers/platform/pricing/',
  'https://developers.cloudflare.com/d1/platform/pricing/',
  'https://developers.cloudflare.com/queues/platform/pricing/',
] as const

export type Price = {
  readonly what: string
  /** In a month, in the plan. */
  readonly included: number
  /** US dollars for each `per` beyond. */
  readonly dollars: number
  readonly per: number
}

const MILLION = 1e6

/** Workers Paid. */
export const PLAN_DOLLARS = 5

export const PRICES = {
  requests: { what: 'invocations', included: 10 * MILLION, dollars: 0.3, per: MILLION },
  cpuMs: { what: 'CPU, ms', included: 30 * MILLION, dollars: 0.02, per: MILLION },
  queueOperations: { what: 'queue operations', included: MILLION, dollars: 0.4, per: MILLION },
  rowsWritten: { what: 'D1 rows written', included: 50 * MILLION, dollars: 1, per: MILLION },
  rowsRead: { what: 'D1 rows read', included: 25_000 * MILLION, dollars: 0.001, per: MILLION },
  storedGb: { what: 'D1 storage, GB', included: 5, dollars: 0.75, per: 1 },
  /** Until 30 November 2026; from December on Cloudflare has another price list for logs. */
  logLines: { what: 'log lines', included: 20 * MILLION, dollars: 0.6, per: MILLION },
} as const satisfies Readonly<Record<string, Price>>

export const LIMITS = {
  /** d1/platform/limits: of one database, and of an account together. */
  databaseGb: 10,
  accountGb: 1_000,
  /** queues/platform/limits. */
  messagesPerSecond: 5_000,
} as const

/**
 * An assumption, not a limit: Cloudflare says that a database handles one query after the other, about a thousand a second
 * at a millisecond each (d1/platform/limits). A call of ours is a batch of some statements.
 */
export const CALLS_PER_SECOND = 500
