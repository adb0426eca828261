// The token that opens the operator's pages where there is no Access, and the cookie that stands for it: it does not tell the
// token and ends by itself. Nothing of it is stored, so a copy of one cannot be taken back but by another token.

import { toBase64Url, utf8 } from '../lib/base64.ts'
import { isSameSecret } from '../lib/constant-time.ts'
import { DAY_MS } from '../lib/time.ts'
import type { OpsContext } from './ops-context.ts'

export const COOKIE_MS = DAY_MS

type TokenContext = {
  readonly config: { readonly ops: Pick<OpsContext['config']['ops'], 'localToken'> }
}

export async function isLocalToken({ config }: TokenContext, given: string): Promise<boolean> {
  const { localToken } = config.ops
  return localToken !== undefined && isSameSecret(given, localToken)
}

/** What the cookie holds: until when, in epoch milliseconds, and the proof. */
export async function localCookie(token: string, until: number): Promise<string> {
  const raw = utf8(token)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['sign'])
  const proof = await crypto.subtle.sign('HMAC', key, utf8(`ops cookie ${until}`))
  return `${until}.${toBase64Url(new Uint8Array(proof))}`
}

/** Whether it was given to somebody who had the token, less than a day ago. */
export async function isLocalCookie(
  { config }: TokenContext,
  given: string,
  now: number,
): Promise<boolean> {
  const { localToken } = config.ops
  const [until] = /^\d{1,15}(?=\.)/.exec(given) ?? []
  if (localToken === undefined || until === undefined || Number(until) <= now) return false
  return isSameSecret(given, await localCookie(localToken, Number(until)))
}
