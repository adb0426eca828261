// POST /portal/number/remove: takes the number away, with a code of the authenticator app.

import { Hono } from 'hono'
import { phoneChangedCallback } from '../../exchange/phone-changed.ts'
import { randomId } from '../../lib/ids.ts'
import { paths } from '../../paths.ts'
import { seeOther } from '../respond.ts'
import type { VisitEnv } from '../visit/visit-env.ts'
import { removeNumber } from './change-number.ts'
import { refuseTotp } from './refuse-totp.ts'

export const numberRemoveRoutes = new Hono<VisitEnv>()

numberRemoveRoutes.post(paths.portalNumberRemove, async (c) => {
  const context = c.env.context
  const { accountId, phoneSealed } = c.var.account
  if (phoneSealed === null) return seeOther(paths.portalNumber)
  const refused = await refuseTotp(c, 'remove')
  if (refused) return refused
  const occasion = String(context.now())
  const callback = await phoneChangedCallback(accountId, 'removed', occasion)
  const noticeId = randomId(context.randomBytes, 'ntc')
  const isRemoved = await removeNumber(context, { accountId, phoneSealed }, { callback, noticeId })
  return seeOther(paths.portalNumber, isRemoved ? 'removed' : undefined)
})
