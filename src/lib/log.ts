// One wide JSON line per fact. What goes in is chosen field by field: numbers, tokens, full
// addresses and message bodies have no field here, and errors give their kind, not their values.

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export type LogEvent =
  | 'alert.budget_used'
  | 'alert.undelivered'
  | 'account.erased'
  | 'account.imported'
  | 'accounts.imported'
  | 'api.refused'
  | 'breaker.closed'
  | 'breaker.opened'
  | 'callback.attempted'
  | 'code.refused'
  | 'code.spend_cap'
  | 'config.invalid'
  | 'cookie.refused'
  | 'delivery.attempted'
  | 'event.deferred'
  | 'event.refused'
  | 'history.exported'
  | 'hold.kept'
  | 'hold.lifted'
  | 'hold.started'
  | 'hold.released'
  | 'lift.asked'
  | 'lift.stopped'
  | 'inbound.read'
  | 'inbound.refused'
  | 'incident.closed'
  | 'incident.opened'
  | 'incident.posted'
  | 'job.dead'
  | 'job.failed'
  | 'job.unknown'
  | 'keys.worn'
  | 'limit.reached'
  | 'link.refused'
  | 'lock.answered'
  | 'lock.deferred'
  | 'lock.unreadable'
  | 'lock.used'
  | 'lock.void'
  | 'lock.asked'
  | 'ops.acted'
  | 'ops.refused'
  | 'ops.viewed'
  | 'passkey.refused'
  | 'portal_link.made'
  | 'protection.changed'
  | 'push.dropped'
  | 'push.renewed'
  | 'push.sent'
  | 'receipt.applied'
  | 'receipt.refused'
  | 'request.cross_site'
  | 'request.failed'
  | 'route.weight_changed'
  | 'session.confirmed'
  | 'session.revoked'
  | 'signature.refused'
  | 'sweep.done'
  | 'sweep.left'
  | 'tick.done'
  | 'totp.refused'
  | 'typed_code.refused'
  | 'visit.started'

export function logInfo(event: LogEvent, fields: LogFields): void {
  // biome-ignore lint/suspicious/noConsole: the runtime's log is the console
  console.log(JSON.stringify({ event, ...fields }))
}

export function logError(event: LogEvent, fields: LogFields): void {
  // biome-ignore lint/suspicious/noConsole: the runtime's log is the console
  console.error(JSON.stringify({ event, ...fields }))
}

/**
 * What may be said of an unknown error. Drizzle's message quotes the bound values, phone numbers
 * among them, so only the driver's cause is quoted, and only its first 200 characters.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  const cause = error.cause instanceof Error ? error.cause.message : undefined
  const isQuery = error.message.startsWith('Failed query')
  return {
    error: error.name,
    message: (cause ?? (isQuery ? 'query failed' : error.message)).slice(0, 200),
  }
}
