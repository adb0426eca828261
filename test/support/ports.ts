// The real clock, timers, chance and network, for code under test that takes them as ports.

import type { Ports } from '../../src/lib/ports.ts'

export const randomBytes: Ports['randomBytes'] = (length) =>
  crypto.getRandomValues(new Uint8Array(length))

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
