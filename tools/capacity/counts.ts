// What Lockline uses, counted. One place for it: tests measure each figure that is marked so and fail where it is no longer
// true; `npm run capacity` and docs/scale.md compute with them.

/**
 * One alert from the webhook to both receipts, told by itself, its marks new; measured by test/worker/database.test.ts in an
 * isolate that has yet to read the board. An upper bound where many are under way: outcomes are stored together then.
 */
export const PER_ALERT = {
  rowsWritten: 8,
  rowsRead: 45,
  d1Calls: 6,
  queueMessages: 1,
} as const

/** What SQLite takes for it, indexes included; measured by test/unit/capacity/stored-bytes.test.ts. */
export const STORED = {
  /** A login with one delivered attempt. */
  bytesPerLogin: 560,
  /** Number, marks of some devices and networks, no passkey. */
  bytesPerAccount: 720,
} as const

/** How far retention comes in a minute, in each database, through its longest table; held by test/unit/capacity/capacity.test.ts. */
export const RETENTION = { rowsPerMinute: 5_000 } as const

/** Queue operations of one message: written, read, deleted. developers.cloudflare.com/queues/platform/pricing */
export const OPERATIONS_PER_MESSAGE = 3

/** HTTP requests of one alert: the event and two receipts. The look of `net` is a queue's invocation. */
export const REQUESTS_PER_ALERT = 3

/** Messages of the minute's sweep in each database, one page each; where there are several, one more looks for what moves left. */
export const sweepMessagesPerMinute = (shards: number) => (shards > 1 ? 6 : 5)

/** Of the bench, of one process that does all (docs/measured.md): no promise, and no test's. */
export const CPU_MS_PER_ALERT = 8

/** docs/operations.md, *Cost*. */
export const LOG_LINES_PER_ALERT = 4
