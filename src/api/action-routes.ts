// What the exchange has done of a lock, said after its answer to the callback: one action after the other, as each is done.

import { Hono } from 'hono'
import * as v from 'valibot'
import { tellConfirmedLock } from '../deliver/tell-confirmed.ts'
import { problem } from '../lib/problem.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { formatInstant } from '../lib/time.ts'
import { confirmActions } from '../lock/confirm-actions.ts'
import type { LockState } from '../lock/lock-state.ts'
import { paths } from '../paths.ts'
import type { LockActionsAnswer } from './action-spec.ts'
import type { ApiContext } from './api-context.ts'
import { keyName } from './api-key.ts'
import { ActionsDoneSchema, LockIdSchema, readAccountId, readJson } from './requests.ts'

export const actionRoutes = new Hono<RouteEnv<ApiContext>>()

// Repeated, it changes nothing; nor does it take back what is done.
actionRoutes.post(paths.accountLockActions, async (c) => {
  const context = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const lockId = v.safeParse(LockIdSchema, c.req.param('lockId'))
  if (!lockId.success) return problem('not_found')
  const said = await readJson(c, ActionsDoneSchema)
  if (!said.ok) return said.error
  const lock = { accountId: accountId.value, lockId: lockId.output, key: await keyName(c) }
  const { done = [], failed = [] } = said.value
  const confirmed = await confirmActions(context, lock, { done, failed })
  if (confirmed === null) return problem('not_found')
  if (confirmed.isNews) await tellConfirmedLock(context, accountId.value, confirmed.callbackId)
  return c.json(actionsAnswer(confirmed.state))
})

function actionsAnswer({ lock, actions, confirmedAt }: LockState): LockActionsAnswer {
  return {
    lock_id: lock.lockId,
    actions: actions.map(({ action, state, at }) => ({ action, state, at: formatInstant(at) })),
    confirmed_at: formatInstant(confirmedAt),
  }
}
