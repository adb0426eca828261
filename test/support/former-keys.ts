// What a version from before each use had a key of its own has left in D1 and with the providers: under the secret itself,
// and without the key's name.

import { toBase64Url, utf8 } from '../../src/lib/base64.ts'
import { randomBytes } from './ports.ts'

type Secret = Uint8Array<ArrayBuffer>

export async function sealAsBefore(secret: Secret, context: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt'])
  const iv = randomBytes(12)
  const how = { name: 'AES-GCM', iv, additionalData: utf8(context) }
  const ciphertext = await crypto.subtle.encrypt(how, key, utf8(text))
  return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(ciphertext)]))
}

export async function hashAsBefore(secret: Secret, text: string, length: number): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, utf8(text))
  return toBase64Url(new Uint8Array(mac).subarray(0, length))
}
