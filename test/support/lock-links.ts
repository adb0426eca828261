// Lock links made outside of the Worker, as RFC 7519 says: good ones for logins a test has placed in
// the past, and bad ones.

import { createHmac } from 'node:crypto'
import type { Stage } from './stage.ts'

/** `secret` is base64, as in LINK_SECRETS; the world's own when left out. */
export function mintLink(
  stage: Stage,
  claims: Readonly<Record<string, unknown>>,
  secret?: string,
): string {
  const part = (text: string) => Buffer.from(text).toString('base64url')
  const key = Buffer.from(secret ?? stage.world.secrets.linkSecrets[0] ?? '', 'base64')
  const payload = part(JSON.stringify(claims))
  const header = part('{"alg":"HS256","typ":"lock+jwt"}')
  const signature = createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url')
  return `${stage.runtime.origin}/l/${payload}.${signature}`
}
