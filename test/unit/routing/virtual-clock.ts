// Virtual time: timers in order of their instants; what hangs on a promise runs before the next one.

import { NOW } from '../deliver/fixtures.ts'

export function createClock() {
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>()
  const heap: { readonly at: number; readonly id: number }[] = []
  let now = NOW
  let ids = 0
  let stalledUntil = 0

  function after(delayMs: number, run: () => void): () => void {
    ids += 1
    const id = ids
    timers.set(id, { at: now + delayMs, run })
    push(heap, { at: now + delayMs, id })
    return () => timers.delete(id)
  }

  return {
    now: () => now,
    after,
    /** For so long from now the process has no turn: what is due meanwhile comes late. */
    stall: (durationMs: number) => {
      stalledUntil = now + durationMs
    },
    pause: (delayMs: number) => new Promise<void>((resolve) => after(delayMs, resolve)),
    async run(): Promise<void> {
      for (let next = pop(heap); next; next = pop(heap)) {
        const timer = timers.get(next.id)
        if (!timer) continue
        timers.delete(next.id)
        now = Math.max(next.at, stalledUntil)
        timer.run()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

type Entry = { readonly at: number; readonly id: number }

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  return a !== undefined && b !== undefined && (a.at - b.at || a.id - b.id) < 0
}

function push(heap: Entry[], entry: Entry): void {
  heap.push(entry)
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1
    if (!isBefore(heap[at], heap[parent])) return
    swap(heap, at, parent)
    at = parent
  }
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (heap.length === 0 || !last) return first
  heap[0] = last
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2]
    const least = isBefore(heap[right], heap[left]) ? right : left
    if (!isBefore(heap[least], heap[at])) return first
    swap(heap, at, least)
    at = least
  }
}

function swap(heap: Entry[], a: number, b: number): void {
  const [left, right] = [heap[a], heap[b]]
  if (left && right) {
    heap[a] = right
    heap[b] = left
  }
}
