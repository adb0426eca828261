// POST /portal/number/remove: takes the number away, with a code of the authenticator app.

import { Hono } from 'hono'
import { removePhoneStatements } from '../../account/bindings.ts'
import { callbackBody } from '../../exchange/callback.ts'
import { nudgeCallback } from '../../exchange/nudge.ts'
import { phoneChangedCallback } from '../../exchange/phone-changed.ts'
import { randomId } from '../../lib/ids.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import { paths } from '../../paths.ts'
import { seeOther } from '../respond.ts'
import type { VisitEnv } from '../visit/visit-env.ts'
import { refuseTotp } from './refuse-totp.ts'

export const numberRemoveRoutes = new Hono<VisitEnv>()

numberRemoveRoutes.post(paths.portalNumberRemove, async (c) => {
  const context = c.env.context
  const { db } = context
  const { accountId, phoneSealed } = c.var.account
  if (phoneSealed === null) return seeOther(paths.portalNumber)
  const refused = await refuseTotp(c, 'remove')
  if (refused) return refused
  const now = context.now()
  const { callbackId, type, data } = await phoneChangedCallback(accountId, 'removed', String(now))
  const noticeId = randomId(context.randomBytes, 'ntc')
  const news = { callback: { callbackId, type, body: callbackBody(type, now, data) }, noticeId }
  const number = { accountId, phoneSealed }
  const [, , removed] = await db.batch(removePhoneStatements(db, number, news, now))
  // It is another number by now: that one was not meant.
  if (removed.meta.changes === 0) return seeOther(paths.portalNumber)
  await nudgeCallback(context, accountId, callbackId)
  await nudgeNotice(context, { accountId, noticeId })
  return seeOther(paths.portalNumber, 'removed')
})
