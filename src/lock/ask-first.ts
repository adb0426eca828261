// Ways that somebody else than the owner may hold: an SMS that was read, a card that was found, a word that was guessed. Each
// costs its victim one false lock at most: once a lock of such a way was lifted while it held, the same way asks the owner
// for a day instead of locking, by a link that he confirms. Link, passkey and the owner's pages stay open. Pure.

import { DAY_MS } from '../lib/time.ts'
import type { LockVia } from './hold.ts'
import type { locks } from './tables.ts'

export const ASK_FIRST_MS = DAY_MS

/**
 * way | after a lock of it was lifted
 * --- | ---
 * `reply` `code` `card` `contact` | asks the owner, for a day
 * `link` `passkey` `portal` `api` | locks again: the link once for each alert, the others are the owner's own or the exchange's
 */
export const ASKS_FIRST: Readonly<Record<LockVia, boolean>> = {
  link: false,
  reply: true,
  code: true,
  portal: false,
  api: false,
  card: true,
  passkey: false,
  contact: true,
}

type EarlierLock = Pick<
  typeof locks.$inferSelect,
  'lockId' | 'via' | 'lockedAt' | 'holdUntil' | 'liftedAt'
>

/** `earlier`: the account's locks of the last days. A lock that is there already, lifted or not, is not asked for again. */
export function asksFirst(
  earlier: readonly EarlierLock[],
  { lockId, via }: { readonly lockId: string; readonly via: LockVia },
  now: number,
): boolean {
  if (!ASKS_FIRST[via] || earlier.some((lock) => lock.lockId === lockId)) return false
  return earlier.some(
    (lock) =>
      lock.via === via &&
      lock.liftedAt !== null &&
      // A lift marks those too whose hold had run out by itself.
      lock.liftedAt < lock.holdUntil &&
      lock.liftedAt + ASK_FIRST_MS > now,
  )
}
