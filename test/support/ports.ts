// The real clock, timers and chance, for code under test that takes them as ports.

import type { Ports } from '../../src/lib/ports.ts'

export const randomBytes: Ports['randomBytes'] = (length) =>
  crypto.getRandomValues(new Uint8Array(length))

export const after: Ports['after'] = (delayMs, run) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}
