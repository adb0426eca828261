// What every answer carries, whoever it is for: a browser may be shown any of them. Pages add what concerns windows
// and scripts.

import type { MiddlewareHandler } from 'hono'

/** OWASP ASVS 5.0: V3.4.1 (a year at least, with subdomains), V3.4.3, V3.4.4, V3.4.6, V14.3.2. */
export const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  // What is no page loads nothing, runs nothing and stands in no frame, should a browser be led to it.
  'content-security-policy':
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

const ENTRIES = Object.entries(SECURITY_HEADERS)

/** Adds to an answer what it does not say itself. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  const { headers } = c.res
  for (const [name, value] of ENTRIES) {
    if (!headers.has(name)) headers.set(name, value)
  }
}
