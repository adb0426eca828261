// What a page of the owner's works with: who is here, in which language, and what the form said. Set by
// gate.ts before any page runs.

import type { Context as HonoContext } from 'hono'
import type { Account } from '../../account/accounts.ts'
import type { RouteEnv } from '../../lib/route-env.ts'
import { MINUTE_MS } from '../../lib/time.ts'
import type { Language } from '../../words/language.ts'
import type { PortalContext } from '../portal-context.ts'
import type { Visit } from './visits.ts'

export type VisitEnv = RouteEnv<PortalContext> & {
  Variables: {
    readonly visit: Visit
    readonly account: Account
    readonly language: Language
    /** Fields of a POST; empty on GET. Each at most 4 KiB in all. */
    readonly form: URLSearchParams
  }
}

export type VisitContext = HonoContext<VisitEnv>

const OTP_FRESH_MS = 10 * MINUTE_MS

/** A TOTP code was seen a moment ago, by the exchange or by us. */
export function hasFreshOtp(c: VisitContext): boolean {
  const { otpAt } = c.var.visit
  return otpAt !== null && c.env.context.now() - otpAt < OTP_FRESH_MS
}
