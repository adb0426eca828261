// /l/{token}: GET shows and never acts, POST locks. Works without script, without D1 for the GET, and
// without D1 for the POST too: then the queue carries the lock.

import { Hono, type Context as HonoContext } from 'hono'
import type { RouteEnv } from '../lib/route-env.ts'
import type { PageBasics } from '../page/markup.ts'
import { seeOther, show } from '../page/respond.ts'
import { lockPath, lockStatusPath, paths } from '../paths.ts'
import type { LockClaims } from './link-facts.ts'
import { linkLockId, lockAccount } from './lock-account.ts'
import type { LockContext } from './lock-context.ts'
import { findLockState, findShownLock, isStillShown, type LockState } from './lock-state.ts'
import {
  lockAcceptedPage,
  lockFailedPage,
  lockPage,
  lockStatePage,
  lockUnknownPage,
  lockUnrecordedPage,
} from './page.ts'
import { readLockState } from './read-lock-state.ts'
import { readPhrase } from './read-phrase.ts'
import { takeLock } from './take-lock.ts'
import { refuseExpired, withClaims } from './with-claims.ts'

export const lockRoutes = new Hono<RouteEnv<LockContext>>()

lockRoutes.get(paths.lock, (c) =>
  withClaims(c, async (claims, page, token) =>
    show(lockPage(page, claims.alertNumber, token, c.env.context.config.lockActions), 200),
  ),
)

lockRoutes.post(paths.lock, (c) =>
  withClaims(c, async (claims, page, token) => {
    const context = c.env.context
    const { accountId, alertNumber } = claims
    const lockedAt = context.now()
    const lockId = await linkLockId(claims)
    const request = { accountId, lockId, via: 'link', alertNumber, lockedAt } as const
    const job = { kind: 'lock', ...claims, lockedAt } as const
    const taken = await takeLock(context, () => lockAccount(context, request), job)
    switch (taken.kind) {
      case 'done':
        return seeOther(lockStatusPath(token))
      case 'kept':
        return show(lockAcceptedPage(page, lockStatusPath(token)), 202)
      case 'lost':
        return show(lockFailedPage(page), 503, { 'retry-after': '2' })
    }
  }),
)

// Goes on when the link has expired, for as long as there is something to see: expiry bars the lock alone.
lockRoutes.get(paths.lockStatus, (c) =>
  withClaims(
    c,
    async (claims, page, token) => {
      const { state, phrase } = await look(c, claims, findShownLock)
      return state === null
        ? show(lockUnrecordedPage(page, lockPath(token), lockStatusPath(token)), 200)
        : showState(c, state, { ...page, phrase }, token)
    },
    async (claims, page, token) => {
      // Of its own lock alone: what came later is not for whoever found an old link.
      const { state, phrase } = await look(c, claims, findLockState)
      return state === null || (state !== 'unknown' && !isStillShown(state, c.env.context.now()))
        ? refuseExpired(c, page, null)
        : showState(c, state, { ...page, phrase }, token)
    },
  ),
)

type LockHono = HonoContext<RouteEnv<LockContext>>

/** `unknown` while D1 is away: nothing may be said of a lock then, not even that there is none. */
type Seen = { readonly state: LockState | 'unknown' | null; readonly phrase: string | null }

/** The phrase with its own lock only: before that the link alone has asked, and whoever found it would learn the phrase. */
async function look(
  { env: { context } }: LockHono,
  claims: LockClaims,
  find: typeof findShownLock,
): Promise<Seen> {
  const lockId = await linkLockId(claims)
  const [state, phrase] = await Promise.all([
    readLockState(context, () =>
      find(context.dbOf(claims.accountId), claims.accountId, lockId, context.now()),
    ),
    readPhrase(context, claims.accountId),
  ])
  const isOwn = state !== null && state !== 'unknown' && state.lock.lockId === lockId
  return { state, phrase: isOwn ? phrase : null }
}

/** With the phrase of the owner: before a lock the link alone has asked, and whoever found it would learn that. */
function showState(
  { env: { context } }: LockHono,
  state: LockState | 'unknown',
  page: PageBasics,
  token: string,
): Promise<Response> {
  const statusPath = lockStatusPath(token)
  const { phrase: _phrase, ...basics } = page
  return state === 'unknown'
    ? show(lockUnknownPage(basics, statusPath), 200)
    : show(lockStatePage(page, state, statusPath, context.now()), 200)
}
