// What a page of the owner's works with: who is here, in which language, and what the form said. Set by
// gate.ts before any page runs.

import type { Context as HonoContext } from 'hono'
import type { Account } from '../../account/accounts.ts'
import type { Passkey } from '../../account/passkeys.ts'
import type { Db } from '../../lib/db.ts'
import { type LogEvent, type LogFields, logInfo } from '../../lib/log.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { shortHash } from '../../lib/short-hash.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import type { StoredHold } from '../../lock/holds.ts'
import type { Language } from '../../words/language.ts'
import type { PortalContext } from '../portal-context.ts'
import type { Visit } from './visits.ts'

export type VisitEnv = RouteEnv<PortalContext> & {
  Variables: {
    readonly visit: Visit
    readonly account: Account
    /** What holds withdrawals beside a lock, as the visit was read. */
    readonly holds: readonly StoredHold[]
    /** The account's, oldest first, as the visit was read. */
    readonly passkeys: readonly Passkey[]
    /** Of this account. */
    readonly db: Db
    readonly language: Language
    /** Fields of a POST; empty on GET. Each at most 4 KiB in all. */
    readonly form: URLSearchParams
  }
}

export type VisitContext = HonoContext<VisitEnv>

/** For so long a TOTP code that the exchange, or we, have seen counts for what asks for a recent one. */
export const OTP_FRESH_MS = 10 * MINUTE_MS

export function addressOf(c: VisitContext): string {
  return c.req.header('cf-connecting-ip') ?? 'unknown'
}

/** One line: whose account, and by which visit, which `visit.started` has named. */
export async function logVisit(c: VisitContext, event: LogEvent, fields: LogFields): Promise<void> {
  const { accountId, visitId } = c.var.visit
  logInfo(event, { account_id: accountId, visit: await shortHash(visitId), ...fields })
}

/** Where a page of a list goes on: a login's sequence. What is none begins at the newest. */
export function readBefore(c: VisitContext): number | null {
  const text = c.req.query('before') ?? ''
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
