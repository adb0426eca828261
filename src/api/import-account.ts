// An import that changes a number tells the number before, as the owner's pages do: whoever talks the exchange's support
// into another number must not do it in silence. The exchange may say that it has told the number itself.

import { sql } from 'drizzle-orm'
import {
  type AccountChange,
  findAccount,
  type PhoneImport,
  saveAccountStatement,
} from '../account/accounts.ts'
import { cancelBindingStatement, phoneToTellSql } from '../account/bindings.ts'
import { openPhone } from '../account/open-phone.ts'
import type { Phone } from '../account/phone.ts'
import { alertUnservedCallback } from '../exchange/alert-unserved.ts'
import { insertCallbackStatement, type NewCallback } from '../exchange/outbox.ts'
import { randomId } from '../lib/ids.ts'
import { errorFields, logError } from '../lib/log.ts'
import { insertNoticeStatement } from '../notice/notices.ts'
import { nudgeNotice } from '../notice/post-notice.ts'
import { isUnserved, serviceFor } from '../routing/route.ts'
import type { ApiContext } from './api-context.ts'

export type ImportedNumber = {
  /** Null where the import takes the number away; read only if `change` holds a number. */
  readonly phone: Phone | null
  /** The exchange has told the number before. */
  readonly isFormerTold: boolean
  /** The owner has said that he wants texts again. */
  readonly isOptedIn: boolean
}

export async function importAccount(
  context: ApiContext,
  accountId: string,
  change: AccountChange,
  { phone, isFormerTold, isOptedIn }: ImportedNumber,
): Promise<void> {
  const { db } = context
  const now = context.now()
  const save = (phone: PhoneImport) =>
    saveAccountStatement(db, accountId, change, now, { phone, isOptedIn })
  if (change.phoneSealed === undefined) {
    await save('other')
    return
  }
  const present = await presentNumber(context, accountId)
  const unserved = phone && (await unservedCallback(context, { accountId, change, phone }))
  const told = unserved ? [insertCallbackStatement(db, unserved, now)] : []
  if (present.kind === 'known' && present.e164 === (phone?.e164 ?? null)) {
    // Sealed anew, under the current key; what is known of it, a STOP above all, stays.
    await db.batch([save('same'), ...told])
    return
  }
  // What was begun for an account with another number, or none, took the proof of that one.
  const cancelled = cancelBindingStatement(db, accountId)
  // A number that no key opens any more cannot be told, and as a former one would hold up every alert.
  if (isFormerTold || present.kind === 'unreadable') {
    await db.batch([save('other'), cancelled, ...told])
    return
  }
  const noticeId = randomId(context.randomBytes, 'ntc')
  const phoneSealed = phoneToTellSql(accountId, now)
  const notice = { accountId, noticeId, kind: 'phone_changed', phoneSealed } as const
  const [notified] = await db.batch([
    // Before the change: the account still has the number that is told.
    insertNoticeStatement(db, notice, now, sql`${phoneSealed} IS NOT NULL`),
    save('other_told'),
    cancelled,
    ...told,
  ])
  if (notified.meta.changes > 0) await nudgeNotice(context, notice)
}

/** The sweep sends it within a minute; there is no login yet that it would be late for. */
async function unservedCallback(
  { config, now }: ApiContext,
  {
    accountId,
    change,
    phone,
  }: { readonly accountId: string; readonly change: AccountChange; readonly phone: Phone },
): Promise<NewCallback | null> {
  const { service } = serviceFor(config, phone, now())
  if (!isUnserved(service)) return null
  const { country } = phone
  const phoneTag = change.phoneTag ?? null
  return alertUnservedCallback({ accountId, phoneTag, country, reason: service })
}

type PresentNumber =
  | { readonly kind: 'known'; readonly e164: string | null }
  | { readonly kind: 'unreadable' }

async function presentNumber(
  { db, config }: ApiContext,
  accountId: string,
): Promise<PresentNumber> {
  const account = await findAccount(db, accountId)
  try {
    const phone = await openPhone(config.dataKeys, account)
    return { kind: 'known', e164: phone?.e164 ?? null }
  } catch (error) {
    logError('request.failed', errorFields(error))
    return { kind: 'unreadable' }
  }
}
