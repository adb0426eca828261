// The real clock, timers, chance and network, for code under test that takes them as ports.

import type { Ports } from '../../src/lib/ports.ts'

export const randomBytes: Ports['randomBytes'] = (length) =>
  crypto.getRandomValues(new Uint8Array(length))

/** The same at each run, and none of 256 twice. */
export function countedBytes(): Ports['randomBytes'] {
  let calls = 0
  return (length) => {
    calls += 1
    return Uint8Array.from({ length }, (_, at) => (calls * 31 + at * 7) % 256)
  }
}

export const after: Ports['after'] = (delayMs, run) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

export const ports: Ports = {
  now: () => Date.now(),
  after,
  randomBytes,
  fetch: (url, init) => fetch(url, init),
}
