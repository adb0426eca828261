// What an invocation gets and leaves: a request as the runtime makes it, and promises it asked to be waited for.

import type { HttpRequest } from './network.ts'

/** Also those that are added while others are waited for. */
export async function settleAll(waits: Promise<unknown>[]): Promise<void> {
  for (let index = 0; index < waits.length; index += 1) {
    await Promise.allSettled([waits[index]])
  }
}

export function toRequest({ method, url, headers, body }: HttpRequest): Request {
  const length = String(Buffer.byteLength(body))
  return method === 'GET' || method === 'HEAD'
    ? new Request(url, { method, headers })
    : new Request(url, { method, headers: { ...headers, 'content-length': length }, body })
}
