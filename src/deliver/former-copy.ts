// While a former number is told, it hears of every notice that tells the owner of a change: one rule for all who post
// notices, kept where they are sent. Answers to a text, codes and test alerts are for who asked.

import type { Account } from '../account/accounts.ts'
import { openFormerPhone, openPhone, openSealedPhone } from '../account/open-phone.ts'
import { deriveId } from '../lib/ids.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { Notice } from '../notice/notice.ts'
import type { NoticeKind } from '../notice/notice-kind.ts'
import type { NewNotice } from '../notice/notices.ts'

/** Somebody may want to hide them. They tell of nothing one could not read on the owner's pages, so push may show them too. */
const TELLING = [
  'phone_changed',
  'hold_lifted',
  'alerts_off',
  'alerts_unusual',
  'phrase_changed',
  'language_changed',
  'authenticator_added',
  'passkey_added',
  'passkey_removed',
  'push_added',
  'push_removed',
] as const satisfies readonly NoticeKind[]

export type TellingKind = (typeof TELLING)[number]

export function isTelling(kind: NoticeKind): kind is TellingKind {
  return TELLING.some((telling) => telling === kind)
}

const COPY = 'former '

/** Its subject says so: a copy is neither copied nor pushed. */
export function isFormerCopy({ subject }: Pick<Notice, 'subject'>): boolean {
  return subject?.startsWith(COPY) ?? false
}

/** What the notice is about, of a copy too; null where it needs nothing. */
export function subjectOf({ subject }: Pick<Notice, 'subject'>): string | null {
  if (subject === null) return null
  return (subject.startsWith(COPY) ? subject.slice(COPY.length) : subject) || null
}

/** The same for the former number; null without one that is told, and where it is that number's already. */
export async function formerCopy(
  keys: SealKeys,
  notice: Notice,
  account: Account | null,
  now: number,
): Promise<NewNotice | null> {
  const { accountId, noticeId, kind } = notice
  if (!account || !isTelling(kind) || isFormerCopy(notice)) return null
  const former = await openFormerPhone(keys, account, now)
  if (!former) return null
  const told =
    notice.phoneSealed === null
      ? await openPhone(keys, account)
      : await openSealedPhone(keys, accountId, notice.phoneSealed)
  if (told?.e164 === former.e164) return null
  return {
    accountId,
    noticeId: await deriveId('ntc', 'former', noticeId),
    kind,
    untilAt: notice.untilAt,
    phoneSealed: account.formerPhoneSealed,
    subject: COPY + (notice.subject ?? ''),
  }
}
