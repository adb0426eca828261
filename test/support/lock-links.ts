// Lock links made outside of the Worker, as the contract and RFC 7519 say: good ones for logins a test has
// placed in the past, and bad ones.

import { createHmac } from 'node:crypto'
import { queryOne } from './owner.ts'
import type { Stage } from './stage.ts'

export type LinkClaims = { readonly sub: string; readonly jti: string; readonly exp: number }

const HEADER = base64Url('{"alg":"HS256","typ":"lock+jwt"}')

/** `secret` is base64, as in LINK_SECRETS; the world's own when left out. */
export function mintLink(stage: Stage, claims: LinkClaims, secret?: string): string {
  return `${stage.runtime.origin}/l/${lockToken(claims, keyOf(stage, secret))}`
}

/** As links were before their facts became bytes; with any claims at all. */
export function mintOldLink(stage: Stage, claims: Readonly<Record<string, unknown>>): string {
  return `${stage.runtime.origin}/l/${oldLockToken(claims, keyOf(stage))}`
}

export function lockToken(claims: LinkClaims, key: Uint8Array): string {
  return `${factsOf(claims)}.${signatureOf(claims, key)}`
}

export function oldLockToken(claims: Readonly<Record<string, unknown>>, key: Uint8Array): string {
  return `${base64Url(JSON.stringify(claims))}.${signatureOf(claims, key)}`
}

export function signatureOf(claims: Readonly<Record<string, unknown>>, key: Uint8Array): string {
  const signed = `${HEADER}.${base64Url(JSON.stringify(claims))}`
  return createHmac('sha256', key).update(signed).digest('base64url')
}

function factsOf({ sub, jti, exp }: LinkClaims): string {
  const end = Buffer.alloc(4)
  end.writeUInt32BE(exp)
  return Buffer.concat([idBytes(sub), numberBytes(BigInt(jti)), end]).toString('base64url')
}

function idBytes(id: string): Buffer {
  if (/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/.test(id)) {
    return Buffer.from(`00${id.replaceAll('-', '')}`, 'hex')
  }
  const length = Buffer.of(id.length).toString('hex')
  if (/^\d+$/.test(id)) return Buffer.from(`01${length}${id}${id.length % 2 ? 'f' : ''}`, 'hex')
  return Buffer.from(`02${length}${Buffer.from(id).toString('hex')}`, 'hex')
}

function numberBytes(number: bigint): Buffer {
  const low = Number(number & 127n)
  return number < 128n
    ? Buffer.of(low)
    : Buffer.concat([Buffer.of(low + 128), numberBytes(number >> 7n)])
}

function keyOf(stage: Stage, secret?: string): Buffer {
  return Buffer.from(secret ?? stage.world.secrets.linkSecrets[0] ?? '', 'base64')
}

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** The code of an alert for the lock page, or for a reply: as the Worker derives it, of the facts of its link. */
export async function lockCodeOf(
  stage: Stage,
  accountId: string,
  kind: 'typed-lock-code' | 'lock-code' = 'typed-lock-code',
): Promise<string> {
  const sql =
    'SELECT alert_number, occurred_at FROM logins WHERE account_id = ? ORDER BY seq DESC LIMIT 1'
  const login = await queryOne(stage, sql, accountId)
  const expiresAtSeconds = Math.floor(Number(login?.occurred_at) / 1_000) + 86_400
  const facts = `${kind} ${login?.alert_number} ${expiresAtSeconds} ${accountId}`
  const mac = [...createHmac('sha256', keyOf(stage)).update(facts).digest()]
  const signs = mac.map((byte) => '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'.charAt(byte % 32)).join('')
  if (kind === 'typed-lock-code') return signs.slice(0, 8)
  return signs.match(/.{4}/g)?.find((code) => /\d/.test(code)) ?? ''
}
