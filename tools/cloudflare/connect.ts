// Cloudflare's API with what the shell says of the account.

import { type Cloudflare, type CloudflareAccess, createCloudflare, readAccess } from './api.ts'

/** @throws naming what is not set */
export function accessOfShell(): CloudflareAccess {
  const access = readAccess(process.env)
  if ('missing' in access)
    throw new Error(`${access.missing.join(' and ')} must be set in the shell.`)
  return access
}

export const connect = (): Cloudflare => createCloudflare(accessOfShell())
