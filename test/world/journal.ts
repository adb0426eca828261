// A bounded memory of what happened in the simulated world, with a way to wait for something.
// It keeps the newest entries only, so that a load test of any length does not grow it.

export type Journal<T> = {
  /** Appends an entry; the oldest one is dropped when the journal is full. */
  readonly add: (entry: T) => void
  /** Tells listeners and waiters that an entry already in the journal has changed. */
  readonly touch: (entry: T) => void
  /** The kept entries, oldest first. */
  readonly entries: () => readonly T[]
  /** The newest entries, newest first. */
  readonly latest: (count: number) => readonly T[]
  /** How many entries were ever added, dropped ones included. */
  readonly total: () => number
  readonly subscribe: (listener: (entry: T) => void) => () => void
  /** Resolves with the first kept or future entry that fits; rejects after `timeoutMs`, or half a minute. */
  readonly waitFor: (predicate: (entry: T) => boolean, timeoutMs?: number) => Promise<T>
  readonly clear: () => void
}

export type JournalOptions<T> = {
  readonly capacity?: number
  /** Called with every entry that leaves the journal because it is full. */
  readonly onDrop?: (entry: T) => void
}

export const JOURNAL_CAPACITY = 20_000

/** What does not come in this time, on a machine however busy, does not come. */
const WAIT_MAX_MS = 30_000

export function createJournal<T>(name: string, options: JournalOptions<T> = {}): Journal<T> {
  const capacity = options.capacity ?? JOURNAL_CAPACITY
  const listeners = new Set<(entry: T) => void>()
  let ring: T[] = []
  let oldest = 0
  let total = 0

  const tell = (entry: T) => {
    for (const listener of [...listeners]) listener(entry)
  }

  const entries = () => [...ring.slice(oldest), ...ring.slice(0, oldest)]

  const subscribe = (listener: (entry: T) => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }

  return {
    add: (entry) => {
      total += 1
      if (ring.length < capacity) {
        ring.push(entry)
      } else {
        const dropped = ring[oldest]
        ring[oldest] = entry
        oldest = (oldest + 1) % capacity
        if (dropped !== undefined) options.onDrop?.(dropped)
      }
      tell(entry)
    },
    touch: tell,
    entries,
    latest: (count) => {
      const newest: T[] = []
      for (let back = 1; back <= Math.min(count, ring.length); back += 1) {
        const entry = ring[(oldest + ring.length - back) % ring.length]
        if (entry !== undefined) newest.push(entry)
      }
      return newest
    },
    total: () => total,
    subscribe,
    waitFor: (predicate, timeoutMs = WAIT_MAX_MS) => {
      const known = entries().find(predicate)
      if (known !== undefined) return Promise.resolve(known)
      return new Promise<T>((resolve, reject) => {
        const timer = setTimeout(() => {
          stop()
          reject(
            new Error(`${name}: nothing fitting within ${timeoutMs} ms (${total} seen in all)`),
          )
        }, timeoutMs)
        const stop = subscribe((entry) => {
          if (!predicate(entry)) return
          clearTimeout(timer)
          stop()
          resolve(entry)
        })
      })
    },
    clear: () => {
      ring = []
      oldest = 0
      total = 0
    },
  }
}
