// One page of a sweep through open rows, oldest first: what was done, and where the next page begins.

export type SweepPage<Key> = {
  /** Rows acted on, not all that were looked at. */
  readonly count: number
  /** Of the last row of a full page; null at the end. */
  readonly last: Key | null
}

/** As many as one invocation may look at: each may cost it a statement, and it may make a thousand. */
export const SWEEP_PAGE = 400

/** `keyOf`: what the next page needs, and no more, since it travels in a message. */
export function pageOf<Row, Key>(
  rows: readonly Row[],
  count: number,
  keyOf: (row: Row) => Key,
): SweepPage<Key> {
  const last = rows.length < SWEEP_PAGE ? undefined : rows.at(-1)
  return { count, last: last === undefined ? null : keyOf(last) }
}

/** What `sendBatch` of a queue takes at once. */
const SEND_MAX = 100

export async function sendAll<Body>(
  queue: Queue<Body>,
  messages: readonly MessageSendRequest<Body>[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += SEND_MAX) {
    await queue.sendBatch(messages.slice(start, start + SEND_MAX))
  }
}
