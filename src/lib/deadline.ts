// A limit to waiting. What is waited for goes on and may still succeed: only for work that is safe to do
// again another way.

/** `work`'s result, or a rejection once `deadlineMs` have passed. */
export async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer in ${deadlineMs} ms`)), deadlineMs)
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}
