// One HTTP exchange with a deadline over all of it: connecting, headers and body. Never throws, follows no
// redirect (an API that moves is misconfigured, and following would hand its credentials to another host),
// and keeps no more of the body than it is told to.

import type { Ports } from './ports.ts'
import { readCapped } from './read-capped.ts'
import { err, ok, type Result } from './result.ts'

export type Answer = {
  readonly status: number
  readonly headers: Headers
  /** Decoded as UTF-8, cut at the limit. */
  readonly body: string
}

/** `connection_failed`: a Worker is told the same for a refused connection and for one that broke later. */
export type FetchFailure = 'timeout' | 'connection_failed'

export type FetchLimits = {
  readonly timeoutMs: number
  /** 0 where only the status counts. */
  readonly bodyMaxBytes: number
}

export async function fetchWithin(
  ports: Pick<Ports, 'fetch' | 'after'>,
  url: string,
  init: Omit<RequestInit, 'redirect' | 'signal'>,
  { timeoutMs, bodyMaxBytes }: FetchLimits,
): Promise<Result<Answer, FetchFailure>> {
  const controller = new AbortController()
  const { promise: expired, resolve } = Promise.withResolvers<'expired'>()
  const cancel = ports.after(timeoutMs, () => resolve('expired'))
  const exchange = async (): Promise<Answer> => {
    const { signal } = controller
    const response = await ports.fetch(url, { ...init, redirect: 'manual', signal })
    const body = bodyMaxBytes === 0 ? '' : await readCapped(response.body, bodyMaxBytes)
    return { status: response.status, headers: response.headers, body }
  }
  try {
    // Raced, not only aborted: a body that hangs must not outlast the deadline on any runtime.
    const answer = await Promise.race([exchange(), expired])
    return answer === 'expired' ? err('timeout') : ok(answer)
  } catch (error) {
    return err(isTimeout(error) ? 'timeout' : 'connection_failed')
  } finally {
    cancel()
    // Frees the connection, whatever of it is left.
    controller.abort()
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}
