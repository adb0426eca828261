// Callbacks of providers that sign nothing: the URL they are given carries a key that only we can make.
// It proves who was given the URL; the body is covered by none of it.

import { fromBase64, fromBase64Url, fromUtf8, toBase64Url, utf8 } from '../lib/base64.ts'
import { isSameSecret } from '../lib/constant-time.ts'
import { HMAC_SHA256 } from '../lib/key-cache.ts'
import type { RawCallback } from './provider.ts'

/** `receiptUrl` with the key of `ref`, for the provider's eyes only. */
export async function keyedReceiptUrl(
  receiptUrl: string,
  ref: string,
  secret: string,
): Promise<string> {
  const key = await importSecret(secret, 'sign')
  const signature = await crypto.subtle.sign('HMAC', key, signedText(ref))
  return `${receiptUrl}?k=${toBase64Url(new Uint8Array(signature))}`
}

function importSecret(secret: string, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', utf8(secret), HMAC_SHA256, false, [usage])
}

/** Whether the URL has the key of its last part, and no password in the headers is wrong. */
export async function isKeyedCallback(callback: RawCallback, secret: string): Promise<boolean> {
  const isOurs = await Promise.all([
    hasKeyOfPath(callback.url, secret),
    hasNoWrongPassword(callback.headers, secret),
  ])
  return !isOurs.includes(false)
}

async function hasKeyOfPath(url: string, secret: string): Promise<boolean> {
  if (secret === '' || !URL.canParse(url)) return false
  const { pathname, searchParams } = new URL(url)
  const presented = fromBase64Url(searchParams.get('k') ?? '')
  if (presented === null) return false
  const key = await importSecret(secret, 'verify')
  const ref = pathname.slice(pathname.lastIndexOf('/') + 1)
  // `verify` compares in constant time.
  return crypto.subtle.verify('HMAC', key, presented, signedText(ref))
}

async function hasNoWrongPassword(headers: Headers, secret: string): Promise<boolean> {
  const basic = /^basic +(\S+)\s*$/i.exec(headers.get('authorization') ?? '')
  if (basic === null) return true
  const credentials = fromUtf8(fromBase64(basic[1] ?? '') ?? new Uint8Array()) ?? ''
  const colon = credentials.indexOf(':')
  return colon >= 0 && (await isSameSecret(credentials.slice(colon + 1), secret))
}

/** The prefix keeps this use of the secret apart from any other. */
function signedText(ref: string): Uint8Array<ArrayBuffer> {
  return utf8(`lockline-receipt.${ref}`)
}
