// POST /portal/number/remove: takes the number away, with a code of the authenticator app.

import { Hono } from 'hono'
import { removePhoneStatement } from '../account/bindings.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { phoneChangedCallback } from '../exchange/phone-changed.ts'
import { randomId } from '../lib/ids.ts'
import { insertNoticeStatement } from '../notice/notices.ts'
import { nudgeNotice } from '../notice/post-notice.ts'
import { paths } from '../paths.ts'
import { refuseTotp } from './refuse-totp.ts'
import { seeOther } from './respond.ts'
import type { VisitEnv } from './visit-env.ts'

export const numberRemoveRoutes = new Hono<VisitEnv>()

numberRemoveRoutes.post(paths.portalNumberRemove, async (c) => {
  const context = c.env.context
  const { db } = context
  const { accountId, phoneSealed } = c.var.account
  if (phoneSealed === null) return seeOther(paths.portalNumber)
  const refused = await refuseTotp(c, 'remove')
  if (refused) return refused
  const now = context.now()
  const callback = await phoneChangedCallback(accountId, 'removed', String(now))
  const notice = {
    accountId,
    noticeId: randomId('ntc'),
    kind: 'phone_changed',
    untilAt: null,
    provider: null,
    phoneSealed,
  } as const
  await db.batch([
    removePhoneStatement(db, { accountId, phoneSealed }, now),
    insertCallbackStatement(db, callback, now),
    insertNoticeStatement(db, notice, now),
  ])
  await nudgeCallback(context, accountId, callback.callbackId)
  await nudgeNotice(context, notice)
  return seeOther(paths.portalNumber, 'removed')
})
