// Every public URL of the Worker. Links are built from here and routes mounted from here, so that
// the two cannot drift apart.

export const paths = {
  events: '/v1/events',
  receipts: '/v1/receipts/:provider/:ref',
  receiptsById: '/v1/receipts/:provider',
  inbound: '/v1/inbound/:provider',
  accountImport: '/v1/accounts/import',
  account: '/v1/accounts/:accountId',
  accountLogins: '/v1/accounts/:accountId/logins',
  accountSessions: '/v1/accounts/:accountId/sessions',
  accountSession: '/v1/accounts/:accountId/sessions/:sessionId',
  accountHold: '/v1/accounts/:accountId/hold',
  accountLock: '/v1/accounts/:accountId/lock',
  accountLockActions: '/v1/accounts/:accountId/locks/:lockId/actions',
  introspect: '/v1/introspect',
  accountPortalLinks: '/v1/accounts/:accountId/portal-links',
  opsActs: '/v1/ops/acts',
  entry: '/enter/:token',
  portal: '/portal',
  portalNumber: '/portal/number',
  portalNumberCode: '/portal/number/code',
  portalNumberResend: '/portal/number/resend',
  portalNumberCancel: '/portal/number/cancel',
  portalNumberRemove: '/portal/number/remove',
  portalAuthenticator: '/portal/authenticator',
  portalSettings: '/portal/settings',
  portalSessions: '/portal/sessions',
  portalSessionsRevoke: '/portal/sessions/revoke',
  portalSessionsRevokeAll: '/portal/sessions/revoke-all',
  portalLogins: '/portal/logins',
  portalLoginsCsv: '/portal/logins.csv',
  portalDrill: '/portal/drill',
  portalPush: '/portal/push',
  portalPushTest: '/portal/push/test',
  portalPushRemove: '/portal/push/remove',
  portalPushScript: '/portal/push.js',
  portalPasskeys: '/portal/passkeys',
  portalPasskeysProve: '/portal/passkeys/prove',
  portalPasskeysRemove: '/portal/passkeys/remove',
  portalPasskeyScript: '/portal/passkeys.js',
  portalHold: '/portal/hold',
  portalHoldReceipt: '/portal/hold/receipt',
  portalHoldPlan: '/portal/hold/plan',
  portalLock: '/portal/lock',
  portalLeave: '/portal/leave',
  pushWorker: '/push-worker.js',
  pushRenewal: '/push-renewal',
  drill: '/drill',
  receiptKeys: '/.well-known/jwks.json',
  lockByCode: '/lock',
  lockConfirm: '/l/:token/confirm',
  lockConfirmScript: '/lock/confirm.js',
  lock: '/l/:token',
  lockStatus: '/l/:token/status',
  lockCard: '/c/:token',
  lockByPasskey: '/lock/passkey',
  lockWayStatus: '/lock/status/:ref',
  portalWays: '/portal/ways',
  portalWaysCard: '/portal/ways/card',
  portalWaysCardRemove: '/portal/ways/card/remove',
  portalWaysContact: '/portal/ways/contact',
  portalWaysContactCode: '/portal/ways/contact/code',
  portalWaysContactRemove: '/portal/ways/contact/remove',
  liftStop: '/s/:token',
  portalHoldStop: '/portal/hold/stop',
  portalHoldLift: '/portal/hold/lift',
  portalHoldRule: '/portal/hold/rule',
  opsStatus: '/v1/ops/status',
  ops: '/ops',
  opsIncidents: '/ops/incidents',
  opsAccount: '/ops/accounts/:accountId',
  opsAlert: '/ops/alerts/:accountId/:alertNumber',
  opsFind: '/ops/find',
  opsLeave: '/ops/leave',
  opsActForm: '/ops/acts/:act',
  metrics: '/metrics',
  openapi: '/openapi.json',
  docs: '/docs',
  health: '/healthz',
} as const

export function entryPath(token: string): string {
  return `/enter/${token}`
}

export function lockConfirmPath(token: string): string {
  return `/l/${token}/confirm`
}

export function lockPath(token: string): string {
  return `/l/${token}`
}

export function lockStatusPath(token: string): string {
  return `/l/${token}/status`
}

export function lockCardPath(token: string): string {
  return `/c/${token}`
}

export function liftStopPath(token: string): string {
  return `/s/${token}`
}

export function lockWayStatusPath(ref: string): string {
  return `/lock/status/${ref}`
}

export function receiptPath(provider: string, ref: string): string {
  return `/v1/receipts/${providerPart(provider)}/${ref}`
}

/** A provider's name as a part of a path: `http:zenvia` is `http-zenvia` there, since some write a colon as `%3A`. */
export function providerPart(provider: string): string {
  return provider.replace(':', '-')
}
