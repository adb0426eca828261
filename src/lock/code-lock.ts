// Locks by number and code, for a reply and for the page alike. The number finds the accounts, the code one of their
// alerts of the last 24 hours; every try counts before anything is compared. A number that is not known costs what a
// known one costs, and gets the same answer as a wrong code. Everything here is made of keyed hashes, so that a try can
// wait in the queue while D1 is away.

import { accountIdsByPhoneSql } from '../account/account-phone.ts'
import { phoneTags } from '../account/phone-tag.ts'
import { TIMES_PER_48 } from '../guard/address-limits.ts'
import {
  countPlaceTry,
  forgetPlaceTries,
  type PlaceOfTry,
  placeOfTry,
} from '../guard/address-tries.ts'
import {
  countTryOnce,
  forgetTries,
  type LimitVerdict,
  limitScope,
  limitScopes,
} from '../guard/limits.ts'
import { utf8 } from '../lib/base64.ts'
import { timingSafeEqual } from '../lib/constant-time.ts'
import { logInfo } from '../lib/log.ts'
import { askAll } from '../lib/shards.ts'
import { HOUR_MS } from '../lib/time.ts'
import { listRecentAlerts, RECENT_ALERTS_MAX, type RecentAlert } from '../login/by-number.ts'
import { deriveCodesLike } from './code.ts'
import { LINK_LIFETIME_MS, lockClaims } from './link.ts'
import type { LockClaims } from './link-facts.ts'
import { type Lock, linkLockId } from './lock-account.ts'
import type { LockContext } from './lock-context.ts'
import { lockOrAsk } from './lock-or-ask.ts'

/**
 * Replies: from one number. Its sender may be forged, so that a few wrong codes must not keep its owner's right one from
 * locking; what so many give a guesser is worked out in docs/security.md.
 */
export const REPLIES_PER_NUMBER_AND_HOUR = 60
/** The page: from one address, for one number and for all. They bound what it costs; the code needs no bound. */
export const TRIES_PER_NUMBER_AND_ADDRESS = 5
export const TRIES_PER_ADDRESS_AND_HOUR = 60

const PAGE_LIMITS = {
  kind: 'typed-code',
  perSubject: TRIES_PER_NUMBER_AND_ADDRESS,
  perPlace: TRIES_PER_ADDRESS_AND_HOUR,
  perWidePlace: TRIES_PER_ADDRESS_AND_HOUR * TIMES_PER_48,
  windowMs: HOUR_MS,
} as const

/** One try, as it may wait in the queue: no number stands in it. */
export type CodeTry = {
  /** Keyed hashes of the number, one per key. */
  readonly tags: readonly string[]
  /** From `readReplyCode` or `readTypedCode`. */
  readonly code: string
  /** Where tries are counted: the number, for a reply; place and number, for the page. */
  readonly counted:
    | { readonly via: 'reply'; readonly scope: string }
    | { readonly via: 'code'; readonly place: PlaceOfTry }
  /** When it was sent. */
  readonly triedAt: number
}

export type CodeVerdict =
  | { readonly kind: 'locked'; readonly lock: Lock; readonly claims: LockClaims }
  /** A lock of this way was lifted a short while ago: the owner confirms this one. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }

/** `tags` of the number it came from; needs no storage. */
export async function replyTry(
  { config, now }: LockContext,
  tags: readonly string[],
  code: string,
): Promise<CodeTry> {
  const scope = await limitScope(config.dataKeys, 'reply-number', tags[0] ?? '')
  return { tags, code, counted: { via: 'reply', scope }, triedAt: now() }
}

/** What was typed into the page, its number as E.164 with the plus; `ip` as the platform says it. Needs no storage. */
export async function pageTry(
  { config, now }: LockContext,
  typed: { readonly phone: string; readonly code: string; readonly ip: string },
): Promise<CodeTry> {
  const place = await placeOfTry(config.dataKeys, PAGE_LIMITS.kind, typed.ip, typed.phone)
  const tags = await phoneTags(config.dataKeys, typed.phone)
  return { tags, code: typed.code, counted: { via: 'code', place }, triedAt: now() }
}

/** Throws when D1 is away: without it, neither account nor count is known. */
export async function lockByCode(context: LockContext, attempt: CodeTry): Promise<CodeVerdict> {
  const verdict = await countCodeTry(context, attempt)
  if (!verdict.isAllowed) return { kind: 'limited', retryAfterMs: verdict.retryAfterMs }
  return lockByKeptCode(context, attempt)
}

/**
 * What was typed into the page and kept by the queue. Not counted, as a passkey's answer is not: five deliveries while one database
 * is away would use up the owner's tries. A reply's code is short: it is counted, but once.
 */
export async function lockByKeptCode(
  context: LockContext,
  attempt: CodeTry,
): Promise<Exclude<CodeVerdict, { kind: 'limited' }>> {
  const { db, shards } = context
  const { counted, triedAt } = attempt
  // One query of every database, so that an unknown number takes no less time than a known one.
  const accountIds = accountIdsByPhoneSql(attempt.tags, context.now())
  const { rows, missing } = await askAll(shards, (each) =>
    listRecentAlerts(each, accountIds, triedAt - LINK_LIFETIME_MS),
  )
  const alerts = [...rows].sort((a, b) => b.occurredAt - a.occurredAt).slice(0, RECENT_ALERTS_MAX)
  const claims = await findMatch(context, alerts, attempt.code)
  // It may be of an account that could not be looked at.
  if (!claims && missing !== null) throw missing
  if (!claims) {
    logInfo('typed_code.refused', { via: counted.via, reason: 'no_match' })
    return { kind: 'refused' }
  }
  const { accountId, alertNumber } = claims
  const lockId = await linkLockId(claims)
  const request = { accountId, lockId, via: counted.via, alertNumber }
  const outcome = await lockOrAsk(context, { ...request, lockedAt: triedAt })
  await (counted.via === 'reply'
    ? forgetTries(db, [counted.scope])
    : forgetPlaceTries(db, counted.place))
  return outcome.kind === 'locked' ? { ...outcome, claims } : outcome
}

/** A reply and the page count apart: whoever uses up the one leaves the owner the other. */
async function countCodeTry(
  { db, now, config }: LockContext,
  { counted, code, triedAt }: CodeTry,
): Promise<LimitVerdict> {
  if (counted.via === 'code') return countPlaceTry(db, counted.place, PAGE_LIMITS, now())
  const { scope } = counted
  const limit = { scope, max: REPLIES_PER_NUMBER_AND_HOUR, windowMs: HOUR_MS }
  // The same code of the same moment is no further guess.
  const seen = await limitScopes(config.dataKeys, 'reply-try', `${scope} ${code} ${triedAt}`)
  return countTryOnce(db, limit, seen, now())
}

/** Derives as many codes whatever there is, and looks at all of them whatever it finds: how long it takes tells nothing. */
async function findMatch(
  { config }: LockContext,
  alerts: readonly RecentAlert[],
  typed: string,
): Promise<LockClaims | null> {
  const padding = Math.max(0, RECENT_ALERTS_MAX - alerts.length)
  const matches = await Promise.all(
    [...alerts, ...Array<null>(padding).fill(null)].map(async (alert) => {
      const { accountId, alertNumber, occurredAt } = alert ?? NO_ALERT
      const claims = lockClaims(accountId, alertNumber, occurredAt)
      const codes = await deriveCodesLike(typed, config.linkKeys, claims)
      const isMatch = codes.filter((code) => timingSafeEqual(utf8(code), utf8(typed))).length > 0
      return isMatch && alert !== null ? claims : null
    }),
  )
  return matches.find((claims) => claims !== null) ?? null
}

/** Of no account: an id that none can have. */
const NO_ALERT: RecentAlert = { accountId: '.', alertNumber: 0, occurredAt: 0 }
