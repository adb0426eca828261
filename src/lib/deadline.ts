// A limit to waiting. What is waited for goes on and may still succeed: only for work that is safe to do
// again another way.

import type { Ports } from './ports.ts'

/** `work`'s result, or a rejection once `deadlineMs` have passed. */
export async function within<T>(
  after: Ports['after'],
  deadlineMs: number,
  work: Promise<T>,
): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const cancel = after(deadlineMs, () => reject(new Error(`no answer in ${deadlineMs} ms`)))
  try {
    return await Promise.race([work, expired])
  } finally {
    cancel()
  }
}
