// Locks by number and code, for a reply and for the page alike. The number finds the account, the code one
// of its alerts of the last 24 hours; every try counts before anything is compared. Refuses with one
// answer whether the number is unknown or the code wrong.

import { accountIdsByPhoneSql } from '../account/account-phone.ts'
import { phoneTags } from '../account/phone-tag.ts'
import { addressLimits } from '../guard/address-limits.ts'
import { countTry, forgetTries, type Limit, limitScope } from '../guard/limits.ts'
import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import { logInfo } from '../lib/log.ts'
import { DAY_MS, HOUR_MS } from '../lib/time.ts'
import { listRecentAlerts, type RecentAlert } from '../login/by-number.ts'
import { deriveLockCodes } from './code.ts'
import { LINK_LIFETIME_MS, lockClaims } from './link.ts'
import type { LockClaims } from './link-facts.ts'
import { type Lock, linkLockId, lockAccount } from './lock-account.ts'
import type { LockContext } from './lock-context.ts'

/** Of about 700,000 codes, with at most 20 alerts that fit: ten tries a day guess one in 3,500 accounts. */
export const TRIES_PER_NUMBER_AND_HOUR = 5
export const TRIES_PER_ACCOUNT_AND_DAY = 10
export const TRIES_PER_ADDRESS_AND_HOUR = 20
const ALERTS_MAX = 20

export type CodeTry = {
  /** E.164 with the plus. */
  readonly phone: string
  /** From `readLockCode`. */
  readonly code: string
  readonly via: 'reply' | 'code'
  /** Who typed it; null for a reply, whose sender is the number itself. */
  readonly ip: string | null
}

export type CodeVerdict =
  | { readonly kind: 'locked'; readonly lock: Lock; readonly claims: LockClaims }
  | { readonly kind: 'refused' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

/** Throws when D1 is away: without it, neither account nor count is known. */
export async function lockByCode(context: LockContext, attempt: CodeTry): Promise<CodeVerdict> {
  const { db, config } = context
  const now = context.now()
  const perNumber = await numberLimits(context, attempt)
  const verdict = await countTry(db, perNumber, now)
  if (!verdict.isAllowed) return { kind: 'limited', retryAfterMs: verdict.retryAfterMs }

  const tags = await phoneTags(config.dataKeys, attempt.phone)
  // One query, so that an unknown number takes no less time than a known one.
  const alerts = await listRecentAlerts(db, accountIdsByPhoneSql(tags, now), now - LINK_LIFETIME_MS)
  const byAccount = [...Map.groupBy(alerts, (alert) => alert.accountId)]
  // All at once, and none before another: somebody's other accounts must not keep the right code from being read.
  const counted = await Promise.all(
    byAccount.map(async ([accountId, candidates]) => {
      const limit = await accountLimit(context, accountId, attempt.via)
      return { candidates, limit, verdict: await countTry(db, [limit], now) }
    }),
  )
  for (const { candidates, verdict: ofAccount } of counted) {
    const claims = ofAccount.isAllowed && (await findMatch(context, candidates, attempt.code))
    if (!claims) continue
    const { accountId, alertNumber } = claims
    const lockId = await linkLockId(claims)
    const request = { accountId, lockId, via: attempt.via, alertNumber }
    const lock = await lockAccount(context, { ...request, lockedAt: now })
    await forgetTries(db, [perNumber[0].scope, ...counted.map(({ limit }) => limit.scope)])
    return { kind: 'locked', lock, claims }
  }
  for (const { verdict: ofAccount } of counted) {
    if (!ofAccount.isAllowed) return { kind: 'limited', retryAfterMs: ofAccount.retryAfterMs }
  }
  logInfo('typed_code.refused', { via: attempt.via, reason: 'no_match' })
  return { kind: 'refused' }
}

/** A reply and the page count apart: whoever uses up the one from afar leaves the owner the other. */
async function numberLimits(
  { config }: LockContext,
  { phone, via, ip }: CodeTry,
): Promise<readonly [Limit, ...Limit[]]> {
  const scope = await limitScope(config.dataKeys, `${via}-number`, phone)
  const perNumber = { scope, max: TRIES_PER_NUMBER_AND_HOUR, windowMs: HOUR_MS }
  if (ip === null) return [perNumber]
  const perAddress = { max: TRIES_PER_ADDRESS_AND_HOUR, windowMs: HOUR_MS }
  return [perNumber, ...(await addressLimits(config.dataKeys, 'code-ip', ip, perAddress))]
}

async function accountLimit(
  { config }: LockContext,
  accountId: string,
  via: string,
): Promise<Limit> {
  const scope = await limitScope(config.dataKeys, `${via}-account`, accountId)
  return { scope, max: TRIES_PER_ACCOUNT_AND_DAY, windowMs: DAY_MS }
}

/** Looks at all of them whatever it finds: how long it takes tells nothing. */
async function findMatch(
  { config }: LockContext,
  alerts: readonly RecentAlert[],
  typed: string,
): Promise<LockClaims | null> {
  let match: LockClaims | null = null
  for (const { accountId, alertNumber, occurredAt } of alerts.slice(0, ALERTS_MAX)) {
    const claims = lockClaims(accountId, alertNumber, occurredAt)
    for (const code of await deriveLockCodes(config.linkKeys, claims)) {
      if (timingSafeEqual(utf8(code), utf8(typed))) match ??= claims
    }
  }
  return match
}
