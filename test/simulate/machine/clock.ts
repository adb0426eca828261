// Virtual time: a heap of what is to happen, and the instant it has come to. Nothing here waits: between two
// events the clock jumps. What is due at the same instant happens in the order it was asked for.

export type Cancel = () => void

export type Clock = {
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly after: (delayMs: number, run: () => void) => Cancel
  readonly sleep: (delayMs: number) => Promise<void>
  /**
   * Lets everything happen that is due until then, and has `settle` drain what each event set off before the
   * next one. Ends at `untilAt`, or when `isDone` says so after an event.
   */
  readonly run: (
    untilAt: number,
    settle: () => Promise<void>,
    isDone?: () => boolean,
  ) => Promise<void>
  /** How many events have happened. */
  readonly count: () => number
}

const EVENTS_MAX = 300_000

type Due = { readonly at: number; readonly order: number; run: (() => void) | null }

export function createClock(startAt: number): Clock {
  const heap: Due[] = []
  let now = startAt
  let order = 0
  let happened = 0

  function after(delayMs: number, run: () => void): Cancel {
    // Whole milliseconds, as the runtime's clock has them.
    const due: Due = { at: now + Math.max(0, Math.round(delayMs)), order: order++, run }
    push(heap, due)
    return () => {
      due.run = null
    }
  }

  return {
    now: () => now,
    after,
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    run: async (untilAt, settle, isDone = () => false) => {
      await settle()
      while (!isDone()) {
        const [first] = heap
        if (first === undefined || first.at > untilAt) break
        pop(heap)
        if (first.run === null) continue
        now = first.at
        happened += 1
        if (happened > EVENTS_MAX)
          throw new Error('too many events: something goes round in circles')
        first.run()
        await settle()
      }
      if (!isDone()) now = Math.max(now, untilAt)
    },
    count: () => happened,
  }
}

function isBefore(left: Due, right: Due): boolean {
  return left.at < right.at || (left.at === right.at && left.order < right.order)
}

function push(heap: Due[], due: Due): void {
  let at = heap.length
  heap.push(due)
  while (at > 0) {
    const parentAt = (at - 1) >> 1
    const parent = heap[parentAt]
    if (parent === undefined || !isBefore(due, parent)) break
    heap[at] = parent
    at = parentAt
  }
  heap[at] = due
}

/** Takes the first away. */
function pop(heap: Due[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const [one, other] = [heap[left], heap[left + 1]]
    if (one === undefined) break
    const isOther = other !== undefined && isBefore(other, one)
    const child = isOther ? other : one
    if (!isBefore(child, last)) break
    heap[at] = child
    at = isOther ? left + 1 : left
  }
  heap[at] = last
}
