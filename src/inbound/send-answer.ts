// One SMS to the number that a text came from: what was done, or that nothing was. Bounded by the hour for each reason,
// since the sender may be forged; goes to nobody but an account's own number, or its former one while that is told.

import { findAccountsByPhone } from '../account/account-phone.ts'
import type { Account } from '../account/accounts.ts'
import { findAccountsByFormerPhone } from '../account/former-phone.ts'
import { countTry, type LimitVerdict, limitScope } from '../guard/limits.ts'
import { deriveId } from '../lib/ids.ts'
import { askAll } from '../lib/shards.ts'
import { HOUR_MS } from '../lib/time.ts'
import type { NoticeKind } from '../notice/notice-kind.ts'
import { postNotice } from '../notice/post-notice.ts'
import type { ProviderName } from '../sms/registry.ts'
import type { InboundContext } from './inbound-context.ts'

/** Of each kind. A forged sender must not make us fill somebody's phone with answers. */
export const ANSWERS_PER_NUMBER_AND_HOUR = 1
/** Of each way in which a reply locks nothing: who is frightened tries again, and must not take silence for a lock. */
const LOCK_HINTS_PER_NUMBER_AND_HOUR = 3

/** What came, and keyed hashes of whom it came from. */
export type Inbound = {
  readonly provider: ProviderName
  readonly providerMessageId: string
  readonly tags: readonly string[]
}

/** Why nothing was done: what the number is told then, how often in an hour. */
type Hint = {
  readonly cause: string
  readonly kind: NoticeKind
  readonly perHour: number
  /** Whoever sent STOP hears only what he asks for. */
  readonly isForMuted: boolean
}

export const HINTS = {
  refused: hintOf('wrong_code', 'wrong_code', LOCK_HINTS_PER_NUMBER_AND_HOUR),
  unreadable_code: hintOf('unreadable', 'not_locked', LOCK_HINTS_PER_NUMBER_AND_HOUR),
  not_alone: hintOf('not_alone', 'not_locked', LOCK_HINTS_PER_NUMBER_AND_HOUR),
  lock_lifted: hintOf('lock_lifted', 'not_locked', LOCK_HINTS_PER_NUMBER_AND_HOUR),
  limited: hintOf('limited', 'not_locked', ANSWERS_PER_NUMBER_AND_HOUR),
  unclear: hintOf('help', 'help', ANSWERS_PER_NUMBER_AND_HOUR),
  help: hintOf('help', 'help', ANSWERS_PER_NUMBER_AND_HOUR),
  other: { ...hintOf('help', 'help', ANSWERS_PER_NUMBER_AND_HOUR), isForMuted: false },
} as const satisfies Readonly<Record<string, Hint>>

function hintOf(cause: string, kind: NoticeKind, perHour: number): Hint {
  return { cause, kind, perHour, isForMuted: true }
}

/** False where the number was found to be no account's, or was not looked for any more. */
export async function hint(
  context: InboundContext,
  inbound: Inbound,
  { cause, kind, perHour, isForMuted }: Hint,
): Promise<boolean> {
  const verdict = await countAnswer(context, inbound, cause, perHour)
  const [account] = verdict.isAllowed ? await findAnyByNumber(context, inbound) : []
  if (!account) return false
  if (!isForMuted && account.phoneState === 'opted_out') return true
  await sendAnswer(context, inbound, account, kind)
  return true
}

export async function countAnswer(
  { config, db, now }: InboundContext,
  { tags: [tag = ''] }: Inbound,
  cause: string,
  max: number,
): Promise<LimitVerdict> {
  const scope = await limitScope(config.dataKeys, `hint-${cause}`, tag)
  return countTry(db, [{ scope, max, windowMs: HOUR_MS }], now())
}

/** Also those of which it is a former number, while that is told. Throws where none is found and not all could be asked. */
async function findAnyByNumber(
  { shards, now }: InboundContext,
  { tags }: Inbound,
): Promise<readonly Account[]> {
  const present = await askAll(shards, (db) => findAccountsByPhone(db, tags))
  if (present.rows.length > 0) return present.rows
  const former = await askAll(shards, (db) => findAccountsByFormerPhone(db, tags, now()))
  const missing = present.missing ?? former.missing
  if (former.rows.length === 0 && missing !== null) throw missing
  return former.rows
}

/** One answer to one text, however often the provider brings it, to the number it came from. */
export async function sendAnswer(
  context: InboundContext,
  inbound: Inbound,
  account: Account,
  kind: NoticeKind,
): Promise<void> {
  const { accountId } = account
  const noticeId = await deriveId('ntc', inbound.provider, inbound.providerMessageId, kind)
  const notice = { accountId, noticeId, kind, provider: inbound.provider }
  await postNotice(context, { ...notice, phoneSealed: sealedSender(account, inbound) })
}

/** Null for the account's own number, which may have been sealed anew by the time of the answer. */
export function sealedSender(
  { phoneTag, formerPhones }: Account,
  { tags }: Inbound,
): string | null {
  if (phoneTag !== null && tags.includes(phoneTag)) return null
  const former = formerPhones?.find(({ tag }) => tag !== null && tags.includes(tag))
  return former?.sealed ?? null
}
