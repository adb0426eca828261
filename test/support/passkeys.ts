// The two passkey pages without a browser: reads what a page asks, has a device in software answer, and posts
// the form as our script would.

import type { CeremonyChange, PasskeyDevice } from './passkey-device.ts'
import type { Portal, PortalAnswer } from './portal.ts'

export type Asked = {
  /** What the device signs. */
  readonly challenge: string
  /** The same, as only the Worker can read it. */
  readonly sealed: string
  readonly options: Readonly<Record<string, unknown>>
}

export function readAsked(page: string): Asked {
  const options: unknown = JSON.parse(unescapeHtml(attribute(page, 'data-options')))
  if (!isRecord(options) || typeof options.challenge !== 'string') {
    throw new Error('the page asks for nothing')
  }
  const sealed = attribute(page, 'name="challenge" value')
  return { challenge: options.challenge, sealed, options }
}

/** Adds a passkey by the portal's page; `change` for a device that lies. */
export async function addPasskey(
  portal: Portal,
  device: PasskeyDevice,
  change: Partial<CeremonyChange> & { readonly totp?: string } = {},
): Promise<PortalAnswer> {
  const asked = readAsked((await portal.get('/portal/passkeys')).text)
  const { totp, ...lies } = change
  return portal.post('/portal/passkeys', {
    challenge: asked.sealed,
    credential: device.register({ challenge: asked.challenge, ...lies }),
    ...(totp === undefined ? {} : { totp }),
  })
}

export type ConfirmAnswer = { readonly status: number; readonly text: string }

export async function openConfirm(link: string): Promise<ConfirmAnswer> {
  const response = await fetch(`${link}/confirm`, { headers: { 'accept-language': 'en' } })
  return { status: response.status, text: await response.text() }
}

export async function postConfirm(
  link: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = { origin: new URL(link).origin },
): Promise<ConfirmAnswer> {
  const response = await fetch(`${link}/confirm`, {
    method: 'POST',
    headers: { 'accept-language': 'en', ...headers },
    body: new URLSearchParams(fields),
  })
  return { status: response.status, text: await response.text() }
}

/** Opens the page and answers it with `device`. */
export async function confirmWith(
  link: string,
  device: PasskeyDevice,
  change: Partial<CeremonyChange> = {},
): Promise<ConfirmAnswer> {
  const { challenge, sealed } = readAsked((await openConfirm(link)).text)
  return postConfirm(link, {
    challenge: sealed,
    credential: device.assert({ challenge, ...change }),
  })
}

function attribute(page: string, name: string): string {
  const value = new RegExp(`${name}="([^"]*)"`).exec(page)?.[1]
  if (value === undefined) throw new Error(`the page has no ${name}`)
  return value
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** What a device may claim, each a lie of its own. */
export const LIES: readonly (readonly [string, Partial<CeremonyChange>])[] = [
  ['another challenge', { challenge: 'b3RoZXI' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['another domain', { rpId: 'evil.example' }],
  ['nobody who was verified', { isVerified: false }],
  ['nobody who was there', { isPresent: false }],
]

/** Posted in place of a credential. */
export const GARBAGE: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['fields of other kinds', '{"id":1,"rawId":{},"type":"public-key","response":[]}'],
  [
    'no base64url',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"%","attestationObject":"%","authenticatorData":"%","signature":"%"}}',
  ],
  [
    'JSON that is null inside',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"bnVsbA","attestationObject":"9g","authenticatorData":"9g","signature":"9g"}}',
  ],
  ['a very long text', 'x'.repeat(12_000)],
]
