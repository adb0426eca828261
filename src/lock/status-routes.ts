// /lock/status/{ref}: how far a lock has come that has no link of its own. Never acts.

import { Hono } from 'hono'
import type { RouteEnv } from '../lib/route-env.ts'
import { pageBasics, show } from '../page/respond.ts'
import { lockWayStatusPath, paths } from '../paths.ts'
import type { LockContext } from './lock-context.ts'
import { findShownLock } from './lock-state.ts'
import { invalidLinkPage, lockStatePage, lockUnknownPage, lockUnrecordedPage } from './page.ts'
import { readLockState } from './read-lock-state.ts'
import { openStatusRef } from './status-ref.ts'

export const lockStatusRoutes = new Hono<RouteEnv<LockContext>>()

lockStatusRoutes.get(paths.lockWayStatus, async (c) => {
  const { context } = c.env
  const page = pageBasics(c)
  const ref = c.req.param('ref')
  const at = context.now()
  const found = await openStatusRef(context.config.dataKeys, ref, at)
  if (!found) return show(invalidLinkPage(page), 404)
  const { accountId, lockId } = found
  const statusPath = lockWayStatusPath(ref)
  const state = await readLockState(context, () =>
    findShownLock(context.dbOf(accountId), accountId, lockId, at),
  )
  if (state === null) return show(lockUnrecordedPage(page, paths.lockByCode, statusPath), 200)
  if (state === 'unknown') return show(lockUnknownPage(page, statusPath), 200)
  return show(lockStatePage(page, state, statusPath, at), 200)
})
