// One code SMS: asked for within limits, let through by the guard, stored with its notice. The guard comes
// last, since what it counts costs money.

import type { Phone } from '../../account/phone.ts'
import { addressLimits } from '../../guard/address-limits.ts'
import { checkCode, codeScopes } from '../../guard/code-counts.ts'
import { countTry, type Limit, limitScope } from '../../guard/limits.ts'
import { takeVisitTry, type VisitTries } from '../../guard/visit-tries.ts'
import { randomId } from '../../lib/ids.ts'
import type { Ports } from '../../lib/ports.ts'
import type { SealKeys } from '../../lib/seal.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/time.ts'
import type { NewNotice } from '../../notice/notices.ts'
import { isUnserved, serviceFor } from '../../routing/route.ts'
import type { PortalContext } from '../portal-context.ts'

/**
 * To the number there is: a visit three, and one more in twenty minutes; an account ten, and one more in an hour, of which
 * the last three are for the first one of a visit. A hijacker who asks for them all has them sent to the owner's phone,
 * where each can be typed by the owner too.
 */
const CODES_TO_BOUND: VisitTries = {
  kind: 'prove',
  perVisit: { max: 3, refillMs: 20 * MINUTE_MS },
  perAccount: { max: 10, refillMs: HOUR_MS },
  leftForFirstTries: 3,
}
const BINDINGS_PER_ACCOUNT = { max: 5, windowMs: DAY_MS }
const CODES_PER_ACCOUNT = { max: 10, windowMs: DAY_MS }
const CODES_PER_NUMBER = { max: 5, windowMs: HOUR_MS }
const CODES_PER_ADDRESS = { max: 20, windowMs: HOUR_MS }
/** In every language: a code's text is short. */
const CODE_SEGMENTS = 1

/**
 * Codes a day of an account that the exchange has known for longer than this: strangers who leave codes open cannot stop
 * them. More of one account are as a stranger's, so that aged accounts are no way around the guard.
 */
const KNOWN_AFTER_MS = DAY_MS
const CODES_PER_KNOWN_ACCOUNT = { max: 3, windowMs: DAY_MS }

export type CodeRequest = {
  readonly accountId: string
  /** Of the account. */
  readonly createdAt: number
  readonly phone: Phone
  /** Of the visitor. */
  readonly ip: string
  /** Of a new binding: it is counted as one too, since each has tries of its own. */
  readonly isFirstSend: boolean
  /** Of the number that is the account's already: strangers must not keep its owner from proving a change. */
  readonly boundVisitId?: string
}

export type CodePermission =
  | { readonly kind: 'ok' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  /** No sender may be used there, or the guard does not let it pass; nobody is told which. */
  | { readonly kind: 'refused' }

/** To be asked before each code SMS, also for one that is sent again; it is counted then. */
export async function permitCode(
  context: PortalContext,
  request: CodeRequest,
): Promise<CodePermission> {
  const { db, config } = context
  const { dataKeys, codePolicy } = config
  const now = context.now()
  // What nobody may send would be said to be on its way until it is too old.
  if (isUnserved(serviceFor(config, request.phone, now).service)) return { kind: 'refused' }
  const isBound = request.boundVisitId !== undefined
  const retryAfterMs = await countCode(context, request, now)
  if (retryAfterMs !== null) return { kind: 'limited', retryAfterMs }
  const decision = await checkCode(
    db,
    {
      scopes: await codeScopes(dataKeys, request.phone),
      // What the account has verified it need not bind again; a former number is counted like any other,
      // or its code would earn without having been counted.
      isVerified: isBound,
      isKnown: await isKnown(context, request, now),
      segments: CODE_SEGMENTS,
      policy: codePolicy,
    },
    now,
  )
  return decision.kind === 'refuse' ? { kind: 'refused' } : { kind: 'ok' }
}

/** How long to wait; null where it may be sent. */
async function countCode(
  { config, db, dbOf }: PortalContext,
  request: CodeRequest,
  now: number,
): Promise<number | null> {
  const { dataKeys } = config
  const { accountId, boundVisitId } = request
  if (boundVisitId !== undefined) {
    const key = { accountId, visitId: boundVisitId, dataKeys }
    const taken = await takeVisitTry(dbOf(accountId), CODES_TO_BOUND, key, now)
    return taken.kind === 'limited' ? taken.retryAfterMs : null
  }
  const verdict = await countTry(db, await codeLimits(dataKeys, request), now)
  return verdict.isAllowed ? null : verdict.retryAfterMs
}

async function isKnown(
  { config, db }: PortalContext,
  { accountId, createdAt }: CodeRequest,
  now: number,
): Promise<boolean> {
  if (createdAt > now - KNOWN_AFTER_MS) return false
  const scope = await limitScope(config.dataKeys, 'bind-known', accountId)
  return (await countTry(db, [{ scope, ...CODES_PER_KNOWN_ACCOUNT }], now)).isAllowed
}

async function codeLimits(
  keys: SealKeys,
  { accountId, phone, ip, isFirstSend }: CodeRequest,
): Promise<readonly [Limit, ...Limit[]]> {
  const scope = (kind: string, value: string) => limitScope(keys, kind, value)
  const ofCodes = [
    { scope: await scope('bind-account', accountId), ...CODES_PER_ACCOUNT },
    { scope: await scope('bind-number', phone.e164), ...CODES_PER_NUMBER },
    ...(await addressLimits(keys, 'bind-ip', ip, CODES_PER_ADDRESS)),
  ] as const
  if (!isFirstSend) return ofCodes
  return [...ofCodes, { scope: await scope('bind-new', accountId), ...BINDINGS_PER_ACCOUNT }]
}

/** A notice for each time the code is sent: the same code, another SMS. */
export function codeNotice(
  random: Ports['randomBytes'],
  binding: {
    readonly accountId: string
    readonly bindingId: string
    readonly phoneSealed: string
  },
): NewNotice {
  const { accountId, bindingId, phoneSealed } = binding
  const noticeId = randomId(random, 'ntc')
  return {
    accountId,
    noticeId,
    kind: 'code',
    untilAt: null,
    provider: null,
    phoneSealed,
    subject: bindingId,
  }
}
