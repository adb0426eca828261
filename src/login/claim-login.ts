// A claim: one conditional update, so that of two consumers holding the same message one wins and the other has
// nothing to do.

import { and, eq, lte, or, sql } from 'drizzle-orm'
import { toBase64Url } from '../lib/base64.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import { ofAccount } from '../lib/slot.ts'
import { SECOND_MS } from '../lib/time.ts'
import type { Login } from './login.ts'
import { logins } from './tables.ts'

/** A timer may ring a little early. */
const EARLY_MS = 2 * SECOND_MS

export type LoginToClaim = Pick<Login, 'accountId' | 'alertId'> & {
  /** Of somebody who is known to have let go of it: his lease need not have run out. */
  readonly formerClaim?: string | undefined
}

/** Whose it is from now on: `claim` is a token of his own. */
export type ClaimTerms = { readonly claim: string; readonly leaseUntil: number }

/** 72 random bits: enough that no two claims of one alert are alike. */
export function newClaim(random: Ports['randomBytes']): string {
  return toBase64Url(random(9))
}

/**
 * Takes an alert for one consumer until `leaseUntil`; returns it, or nothing where another has it, it is done, or
 * its time has not come, of a retry or of an SMS that gathers others: that it has not, whoever nudges.
 */
export function claimLoginStatement(
  db: Db,
  { accountId, alertId, formerClaim }: LoginToClaim,
  { claim, leaseUntil }: ClaimTerms,
  now: number,
) {
  // A retry has its time, too: each message that came before it would else be followed by one more of its own.
  const isDue = sql`coalesce(${logins.leaseUntil}, 0) <= ${now + EARLY_MS}`
  const isFormer = formerClaim === undefined ? undefined : eq(logins.claim, formerClaim)
  return db
    .update(logins)
    .set({
      state: 'sending',
      leaseUntil,
      claim,
      version: sql`${logins.version} + 1`,
    })
    .where(
      and(
        eq(logins.alertId, alertId),
        ofAccount(logins, accountId),
        or(
          and(eq(logins.state, 'queued'), isDue),
          and(eq(logins.state, 'sending'), or(lte(logins.leaseUntil, now), isFormer)),
        ),
      ),
    )
    .returning()
}
