// A wait, by the timers of the context.

import type { Ports } from './ports.ts'

export function pause(after: Ports['after'], delayMs: number): Promise<void> {
  return new Promise((resolve) => after(delayMs, resolve))
}
