// The hold on withdrawals: asked before every withdrawal, lifted by the exchange, set by it too.

import { Hono } from 'hono'
import { randomId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { formatInstant } from '../lib/time.ts'
import { findHoldState } from '../lock/hold-state.ts'
import { liftByApi } from '../lock/lift/lift-by-api.ts'
import { lockByApi } from '../lock/lock-job.ts'
import { takeLock } from '../lock/take-lock.ts'
import { paths } from '../paths.ts'
import type { ApiContext } from './api-context.ts'
import { keyName } from './api-key.ts'
import type { HoldAnswer, LiftLaterAnswer, LockAnswer, LockKeptAnswer } from './hold-spec.ts'
import { LiftSchema, readAccountId, readInput, readJson } from './requests.ts'

const NO_HOLD = { held: false, until: null, reason: null, hold_id: null, lock_id: null } as const

export const holdRoutes = new Hono<RouteEnv<ApiContext>>()

holdRoutes.get(paths.accountHold, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  return c.json(await readHold(c.env.context, accountId.value))
})

// Reason and lock come in a JSON body or, for clients whose DELETE has none, in the query.
holdRoutes.delete(paths.accountHold, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const reason = c.req.query('reason')
  const lockId = c.req.query('lock_id')
  const query = { reason, ...(lockId === undefined ? {} : { lock_id: lockId }) }
  const lift = reason === undefined ? await readJson(c, LiftSchema) : readInput(LiftSchema, query)
  if (!lift.ok) return lift.error
  // Repeating it is no error: what was asked for is so.
  const { reason: why, lock_id: known = null } = lift.value
  const key = await keyName(c)
  const wish = { reason: why, lockId: known, key }
  const lifted = await liftByApi(c.env.context, accountId.value, wish)
  switch (lifted.kind) {
    case 'lock_changed':
      return problem('lock_changed')
    case 'planned':
      return problem('hold_planned')
    case 'owner_required':
      logInfo('hold.kept', { account_id: accountId.value, key })
      return problem('owner_required')
    case 'stopped':
      return problem('lift_stopped')
    case 'later':
      return c.json({ due_at: formatInstant(lifted.dueAt) } satisfies LiftLaterAnswer, 202)
    case 'lifted':
      logInfo('hold.lifted', { account_id: accountId.value, key })
      return c.json(await readHold(c.env.context, accountId.value))
    case 'not_held':
      return c.json(await readHold(c.env.context, accountId.value))
  }
})

holdRoutes.post(paths.accountLock, async (c) => {
  const context = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const lockId = randomId(context.randomBytes, 'lck')
  const order = { accountId: accountId.value, lockId, lockedAt: context.now() }
  const job = { kind: 'lock_by_api', ...order, key: await keyName(c) } as const
  const taken = await takeLock(context, () => lockByApi(context, job), job)
  switch (taken.kind) {
    case 'done': {
      const until = formatInstant(taken.value.holdUntil)
      return c.json({ lock_id: lockId, hold_until: until } satisfies LockAnswer, 201)
    }
    case 'kept':
      return c.json({ lock_id: lockId } satisfies LockKeptAnswer, 202)
    case 'lost':
      return problem('unavailable', { headers: { 'retry-after': '2' } })
  }
})

async function readHold({ dbOf, now }: ApiContext, accountId: string): Promise<HoldAnswer> {
  const { hold, isKnown } = await findHoldState(dbOf(accountId), accountId, now())
  if (!hold) return { ...NO_HOLD, known: isKnown }
  return {
    held: true,
    until: formatInstant(hold.until),
    reason: hold.reason,
    hold_id: hold.holdId,
    lock_id: hold.lockId,
    known: isKnown,
  }
}
