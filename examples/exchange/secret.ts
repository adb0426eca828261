// Tokens and API keys: only their hash is stored, and the account's id stands before the secret, so that no table of all
// tokens has to be searched.

import type { Account, ApiKey, Session } from './account.ts'

/** Hexadecimal SHA-256: enough for secrets that nobody chose. */
export async function hashSecret(secret: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** `account~secret`; null for anything else. */
export function readToken(
  text: string,
): { readonly accountId: string; readonly secret: string } | null {
  const [, accountId, secret] = /^([\w.:-]{1,64})~([\w-]{16,100})$/.exec(text) ?? []
  return accountId === undefined || secret === undefined ? null : { accountId, secret }
}

/** The live session of that token. Hashes are compared, so that the time it takes tells nothing of a secret. */
export function sessionOf(account: Account, tokenHash: string): Session | null {
  return account.sessions.find((one) => one.state === 'live' && one.tokenHash === tokenHash) ?? null
}

export function apiKeyOf(account: Account, secretHash: string): ApiKey | null {
  return (
    account.apiKeys.find((one) => one.state === 'live' && one.secretHash === secretHash) ?? null
  )
}
