// /l/{token}: GET shows and never acts, POST locks. Works without script, without D1 for the GET, and
// without D1 for the POST too: then the queue carries the lock.

import { Hono } from 'hono'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { LOCK_DEADLINE_MS, seeOther, show } from '../page/respond.ts'
import { lockPath, lockStatusPath, paths } from '../paths.ts'
import { linkLockId, lockAccount } from './lock-account.ts'
import type { LockContext } from './lock-context.ts'
import { findLockState } from './lock-state.ts'
import {
  lockAcceptedPage,
  lockFailedPage,
  lockPage,
  lockStatePage,
  lockUnrecordedPage,
} from './page.ts'
import { readPhrase } from './read-phrase.ts'
import { takeLock } from './take-lock.ts'
import { withClaims } from './with-claims.ts'

export const lockRoutes = new Hono<RouteEnv<LockContext>>()

lockRoutes.get(paths.lock, (c) =>
  withClaims(c, async (claims, page, token) =>
    show(lockPage(page, claims.alertNumber, token), 200),
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

lockRoutes.get(paths.lockStatus, (c) =>
  withClaims(c, async (claims, page, token) => {
    const statusPath = lockStatusPath(token)
    const lockId = await linkLockId(claims)
    const context = c.env.context
    const [state, phrase] = await Promise.all([
      readState(context, claims.accountId, lockId),
      readPhrase(context, claims.accountId),
    ])
    // Before a lock the link alone has asked: whoever found it would learn what the owner knows a page of ours by.
    const markup = state
      ? lockStatePage({ ...page, phrase }, state, statusPath, context.now())
      : lockUnrecordedPage(page, lockPath(token), statusPath)
    return show(markup, 200)
  }),
)

/** D1 may be away while the reader waits: then nothing is known, which is what the page says. */
async function readState(context: LockContext, accountId: string, lockId: string) {
  try {
    return await within(
      context.after,
      LOCK_DEADLINE_MS,
      findLockState(context.db, accountId, lockId),
    )
  } catch (error) {
    logError('request.failed', errorFields(error))
    return null
  }
}
