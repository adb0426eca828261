// /portal/ways, and the lock card there: made, made anew, revoked. Each takes the owner's own code and is told.

import { Hono } from 'hono'
import { keyName } from '../../lib/derived-key.ts'
import { SECOND_MS } from '../../lib/time.ts'
import {
  findCard,
  isCardSql,
  revokeCardStatement,
  saveCardStatement,
} from '../../lock/card/cards.ts'
import { paths } from '../../paths.ts'
import { makeChange } from '../change/make-change.ts'
import { seeOther } from '../respond.ts'
import type { VisitEnv } from '../visit/visit-env.ts'
import { proveWay, showWays } from './view.ts'

/** Bytes of a card's number. */
const NUMBER_BYTES = 4

export const cardPageRoutes = new Hono<VisitEnv>()

cardPageRoutes.get(paths.portalWays, (c) => showWays(c))

cardPageRoutes.post(paths.portalWaysCard, async (c) => {
  const { config, now, randomBytes } = c.env.context
  const { db, account } = c.var
  const proof = await proveWay(c, 'card_made', { form: 'card' })
  if (!proof.ok) return proof.error
  const card = {
    accountId: account.accountId,
    cardNumber: randomBytes(NUMBER_BYTES).reduce((number, byte) => number * 256 + byte, 0),
    issuedAt: Math.floor(now() / SECOND_MS) * SECOND_MS,
    keyName: await keyName(config.linkKeys[0]),
  }
  await makeChange(c, {
    changes: ['card_made'],
    proof: proof.value,
    statements: [saveCardStatement(db, card)],
  })
  return seeOther(paths.portalWays, 'saved')
})

cardPageRoutes.post(paths.portalWaysCardRemove, async (c) => {
  const { db, account } = c.var
  const card = await findCard(db, account.accountId)
  if (!card) return seeOther(paths.portalWays)
  const proof = await proveWay(c, 'card_revoked', { form: 'card' })
  if (!proof.ok) return proof.error
  const isRevoked = await makeChange(c, {
    changes: ['card_revoked'],
    proof: proof.value,
    statements: [revokeCardStatement(db, card)],
    // Another one by now is not meant.
    when: isCardSql(card),
  })
  return seeOther(paths.portalWays, isRevoked ? 'saved' : undefined)
})
