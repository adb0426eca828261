// POST /portal/number/remove: takes the number away, with a code of the authenticator app.

import { Hono } from 'hono'
import { isPhoneSql, removePhoneStatement } from '../../account/bindings.ts'
import { phoneChangedCallback } from '../../exchange/phone-changed.ts'
import { paths } from '../../paths.ts'
import { makeChange } from '../change/make-change.ts'
import { seeOther } from '../respond.ts'
import type { VisitEnv } from '../visit/visit-env.ts'
import { proveNumber } from './refuse-proof.ts'

export const numberRemoveRoutes = new Hono<VisitEnv>()

numberRemoveRoutes.post(paths.portalNumberRemove, async (c) => {
  const { now } = c.env.context
  const { db } = c.var
  const { accountId, phoneSealed } = c.var.account
  if (phoneSealed === null) return seeOther(paths.portalNumber)
  const proof = await proveNumber(c, 'number_removed', 'remove')
  if (!proof.ok) return proof.error
  const at = now()
  const phone = { accountId, phoneSealed }
  const isRemoved = await makeChange(c, {
    changes: ['number_removed'],
    proof: proof.value,
    statements: [removePhoneStatement(db, phone, at)],
    // Another number by now is not meant.
    when: isPhoneSql(phone),
    callbacks: [await phoneChangedCallback(accountId, 'removed', String(at))],
  })
  return seeOther(paths.portalNumber, isRemoved ? 'removed' : undefined)
})
