// While former numbers are told, each hears of every notice that tells the owner of a change: one rule for all who post
// notices, kept where they are sent. Answers to a text, codes and test alerts are for who asked.

import type { Account } from '../account/accounts.ts'
import { openFormerPhones, openPhone, openSealedPhone } from '../account/open-phone.ts'
import { deriveId } from '../lib/ids.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { Notice } from '../notice/notice.ts'
import type { NoticeKind } from '../notice/notice-kind.ts'
import type { NewNotice } from '../notice/notices.ts'

/** Somebody may want to hide them. They tell of nothing one could not read on the owner's pages, so push may show them too. */
const TELLING = [
  'phone_changed',
  'hold_lifted',
  'hold_planned',
  'alerts_off',
  'alerts_unusual',
  'phrase_changed',
  'language_changed',
  'authenticator_added',
  'authenticator_removed',
  'passkey_added',
  'passkey_removed',
  'push_added',
  'push_removed',
  'ways_changed',
  'lift_asked',
  'lift_loosened',
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

/** The same for each former number that is told, but for one that it goes to already. */
export async function formerCopies(
  keys: SealKeys,
  notice: Notice,
  account: Account | null,
  now: number,
): Promise<readonly NewNotice[]> {
  const { accountId, noticeId, kind } = notice
  if (!account || !isTelling(kind) || isFormerCopy(notice)) return []
  const former = await openFormerPhones(keys, account, now)
  if (former.length === 0) return []
  const told =
    notice.phoneSealed === null
      ? await openPhone(keys, account)
      : await openSealedPhone(keys, accountId, notice.phoneSealed)
  const others = former.filter(({ phone }) => phone.e164 !== told?.e164)
  return Promise.all(
    others.map(async ({ sealed }) => ({
      accountId,
      noticeId: await deriveId('ntc', 'former', noticeId, sealed),
      kind,
      untilAt: notice.untilAt,
      phoneSealed: sealed,
      subject: COPY + (notice.subject ?? ''),
    })),
  )
}
