// A lock by the printed card. Whether it is the account's card still is looked up here, at once or from the queue: the page
// with the button asks nobody.

import { logInfo } from '../../lib/log.ts'
import type { NoticeContext } from '../../notice/notice-context.ts'
import type { LockActContext } from '../lock-context.ts'
import { type LockOrAsked, lockOrAsk, tellOwnerOfLock } from '../lock-or-ask.ts'
import type { CardClaims } from './card-token.ts'
import { findCard, isCurrent } from './cards.ts'

export type CardPress = CardClaims & { readonly lockId: string; readonly lockedAt: number }

/** `revoked`: by its owner, by a newer card, or with the account. */
export type CardOutcome = LockOrAsked | { readonly kind: 'revoked' }

/** Safe to repeat. Throws when D1 is away. */
export async function lockByCard(
  context: LockActContext & NoticeContext,
  press: CardPress,
): Promise<CardOutcome> {
  const { accountId, lockId, lockedAt } = press
  if (!isCurrent(await findCard(context.dbOf(accountId), accountId), press)) {
    logInfo('link.refused', { kind: 'card', reason: 'revoked', method: 'POST' })
    return { kind: 'revoked' }
  }
  const request = { accountId, lockId, via: 'card', alertNumber: null, lockedAt } as const
  const outcome = await lockOrAsk(context, { ...request, isOneWhileItStands: true })
  // Whoever holds the card need not be the owner.
  if (outcome.kind === 'locked') await tellOwnerOfLock(context, outcome.lock)
  return outcome
}
