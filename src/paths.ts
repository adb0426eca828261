// Every public URL of the Worker. Links are built from here and routes mounted from here, so that
// the two cannot drift apart.

export const paths = {
  events: '/v1/events',
  receipts: '/v1/receipts/:provider/:ref',
  inbound: '/v1/inbound/:provider',
  account: '/v1/accounts/:accountId',
  accountLogins: '/v1/accounts/:accountId/logins',
  accountSessions: '/v1/accounts/:accountId/sessions',
  accountSession: '/v1/accounts/:accountId/sessions/:sessionId',
  accountHold: '/v1/accounts/:accountId/hold',
  accountLock: '/v1/accounts/:accountId/lock',
  introspect: '/v1/introspect',
  lockByCode: '/lock',
  lock: '/l/:token',
  lockStatus: '/l/:token/status',
  openapi: '/openapi.json',
  docs: '/docs',
  health: '/healthz',
} as const

export function lockPath(token: string): string {
  return `/l/${token}`
}

export function lockStatusPath(token: string): string {
  return `/l/${token}/status`
}

export function receiptPath(provider: string, ref: string): string {
  return `/v1/receipts/${provider}/${ref}`
}
