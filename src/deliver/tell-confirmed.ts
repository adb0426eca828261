// A lock by reply is answered with what was asked for; a lock by typed code with a page that may be closed by then. Once the
// exchange has confirmed all of it, the number that asked is told that too, once, if the hold still runs; and once before, where
// the exchange says that a part of it failed. Whoever comes second calls this: what the exchange says, or the answer that said
// "not confirmed yet".

import * as v from 'valibot'
import { type Account, findAccount } from '../account/accounts.ts'
import { formerPhonesAt } from '../account/former-phone-list.ts'
import { type Callback, findCallback } from '../exchange/outbox.ts'
import { deriveId } from '../lib/ids.ts'
import { findLockNews } from '../lock/lock-progress.ts'
import { askedSubject, type Notice } from '../notice/notice.ts'
import type { NoticeContext } from '../notice/notice-context.ts'
import { findNewestNotice } from '../notice/notices.ts'
import { postNotice } from '../notice/post-notice.ts'

/** `callbackId` of an `account.locked`. Safe to repeat; nothing where there is no news of it, or nobody waits to hear of it. */
export async function tellConfirmedLock(
  context: NoticeContext,
  accountId: string,
  callbackId: string,
): Promise<void> {
  const db = context.dbOf(accountId)
  const callback = await findCallback(db, accountId, callbackId)
  const { isAll, hasFailed } = await findLockNews(db, accountId, callbackId)
  // What is merely not confirmed yet may be within seconds.
  if (callback === null || (!isAll && !hasFailed)) return
  const account = await findAccount(db, accountId)
  // Lifted by now, it is a lock no more.
  const untilAt = account?.holdUntil ?? 0
  if (!account || untilAt <= context.now()) return
  for (const to of await whoAsked(context, account, callback)) {
    const noticeId = await deriveId(
      'ntc',
      isAll ? 'locked_confirmed' : 'locked_partly',
      callbackId,
      to.name,
    )
    const notice = { accountId, noticeId, kind: 'locked', untilAt, subject: callbackId } as const
    await postNotice(context, { ...notice, provider: to.provider, phoneSealed: to.phoneSealed })
  }
}

type Asker = { readonly name: string } & Pick<Notice, 'provider' | 'phoneSealed'>

async function whoAsked(
  { dbOf, now }: NoticeContext,
  account: Account,
  callback: Callback,
): Promise<readonly Asker[]> {
  const { accountId } = account
  const subject = askedSubject(callback.callbackId)
  const asked = await findNewestNotice(dbOf(accountId), accountId, 'locked', subject)
  if (asked) return [{ name: 'reply', provider: asked.provider, phoneSealed: asked.phoneSealed }]
  if (!isByCode(callback.body)) return []
  // Which of its numbers was typed is not kept.
  const own = { name: 'own', provider: null, phoneSealed: null }
  const former = formerPhonesAt(account, now()).map(
    ({ sealed }): Asker => ({ name: `former ${sealed}`, provider: null, phoneSealed: sealed }),
  )
  return [own, ...former]
}

const ByCodeSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ data: v.object({ via: v.literal('code') }) }),
)

function isByCode(body: string): boolean {
  return v.is(ByCodeSchema, body)
}
