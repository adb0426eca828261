// A request of a provider to us as its adapter needs it: the bytes as they came, the URL as it was given
// out. Reads nothing in them.

import type { RawCallback, SmsAdapter } from './provider.ts'

/** Infobip puts up to a hundred reports or texts into one request. */
export const CALLBACK_BODY_MAX_KIB = 256

export async function readRawCallback(
  request: Request,
  publicOrigin: string,
): Promise<RawCallback> {
  const { pathname, search } = new URL(request.url)
  return {
    // Signed as the provider was given it: behind a proxy, Host may say something else.
    url: publicOrigin + pathname + search,
    headers: request.headers,
    body: new Uint8Array(await request.arrayBuffer()),
  }
}

/** Not HEAD, which Hono hands to the routes of GET: what only looks must not act. */
export function takesMethod({ reportsByGet }: SmsAdapter, method: string): boolean {
  return method === 'POST' || (method === 'GET' && reportsByGet === true)
}
