// An import that changes a number tells the number before, and one that weakens the protection the owner, as the owner's
// pages do: whoever talks the exchange's support into it, or does it on the exchange's own pages with a session that is not
// his, must not do it in silence. The exchange may say that it has told the owner itself.

import { sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import * as v from 'valibot'
import {
  type Account,
  type AccountChange,
  findAccount,
  openField,
  type PhoneImport,
  saveAccountStatement,
} from '../account/accounts.ts'
import { cancelBindingStatement, phoneToTellSql } from '../account/bindings.ts'
import { openPhone } from '../account/open-phone.ts'
import type { Phone } from '../account/phone.ts'
import { phoneTags } from '../account/phone-tag.ts'
import { alertUnservedCallback } from '../exchange/alert-unserved.ts'
import { insertCallbackStatement, type NewCallback } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { randomId } from '../lib/ids.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { SealKeys } from '../lib/seal.ts'
import { isRefusedAsHeld, refuseHeldStatement } from '../lock/refuse-held.ts'
import { insertNoticeStatement } from '../notice/notices.ts'
import { nudgeNotice } from '../notice/post-notice.ts'
import { isUnserved, serviceFor } from '../routing/route.ts'
import type { ApiContext } from './api-context.ts'
import { type SettingsNotice, settingsNotices } from './settings-notices.ts'

export type ImportTerms = {
  /** Null where the import takes the number away; read only if `change` holds a number. */
  readonly phone: Phone | null
  /** The exchange has told the number before. */
  readonly isFormerTold: boolean
  /** The owner has said that he wants texts again. */
  readonly isOptedIn: boolean
  /** The exchange has told the owner of what changes beside the number. */
  readonly isOwnerTold: boolean
}

/** What one import comes to, before anything is written. */
export type ImportPlan = {
  readonly accountId: string
  readonly change: AccountChange
  readonly phone: PhoneImport | 'none'
  readonly isOptedIn: boolean
  /** Who is told of what, if the batch finds it so. */
  readonly notices: readonly (SettingsNotice & { readonly noticeId: string })[]
  /** Of the number it brings, under every key of the list. */
  readonly phoneTags: readonly string[] | null
  readonly unserved: NewCallback | null
  /** Of a known account, as far as it was read; also where the exchange has told the owner itself. */
  readonly changesProtection: boolean
  /** Another number or authenticator than a known account has: not while it is held. */
  readonly takesOver: boolean
}

/** `account` as it is now, or null. */
export async function planImport(
  context: ApiContext,
  account: Account | null,
  { accountId, change: asked, terms }: ImportOfOne,
): Promise<ImportPlan> {
  const { config } = context
  const change = await withoutSameTotp(config.dataKeys, account, asked)
  const phone = await numberImport(context, account, change, terms)
  const settings = account ? await settingsNotices(config.dataKeys, account, change) : []
  const numberNotice = {
    ...({ kind: 'phone_changed', subject: null } as const),
    ...{ when: sql`true`, isExpected: true },
  }
  const notices = [
    ...(phone === 'other_told' ? [numberNotice] : []),
    ...(terms.isOwnerTold ? [] : settings),
  ]
  const unserved =
    phone !== 'none' && terms.phone
      ? await unservedCallback(context, { accountId, change, phone: terms.phone })
      : null
  return {
    accountId,
    change,
    phone,
    isOptedIn: terms.isOptedIn,
    notices: notices.map((notice) => ({
      ...notice,
      noticeId: randomId(context.randomBytes, 'ntc'),
    })),
    phoneTags: terms.phone && (await phoneTags(config.dataKeys, terms.phone.e164)),
    unserved,
    changesProtection: settings.some(({ isExpected }) => isExpected),
    takesOver:
      isTaken(account) &&
      (phone === 'other' || phone === 'other_told' || change.totpSealed !== undefined),
  }
}

/** What only logins, a lock or a visit have named is nobody's number yet: its first import takes nothing over. */
function isTaken(account: Account | null): boolean {
  if (account === null) return false
  const { unseen, phoneSealed, totpSealed } = account
  return unseen === 0 || phoneSealed !== null || totpSealed !== null
}

/** A secret that is the account's already is no change: its age is what it proves by, and says since when it was the owner's. */
async function withoutSameTotp(
  keys: SealKeys,
  account: Account | null,
  change: AccountChange,
): Promise<AccountChange> {
  const { totpSealed, ...others } = change
  if (totpSealed === undefined || account === null) return change
  return (await isSameTotp(keys, account, totpSealed)) ? others : change
}

/** What no key opens any more is no secret that anybody could compare: another takes its place. */
async function isSameTotp(
  keys: SealKeys,
  { accountId, totpSealed }: Account,
  other: string | null,
) {
  if (totpSealed === null || other === null) return totpSealed === other
  try {
    const texts = [totpSealed, other].map((sealed) => openField(keys, accountId, 'totp', sealed))
    const [one, two] = await Promise.all(texts)
    return one === two
  } catch {
    return false
  }
}

/** Those of the notices come first, in their order: whether they were posted is read by their changes. */
export function importStatements(
  db: Db,
  plan: ImportPlan,
  now: number,
): readonly [BatchItem<'sqlite'>, ...BatchItem<'sqlite'>[]] {
  const { accountId, change, phone, isOptedIn, notices, phoneTags: tags, unserved } = plan
  const before = phoneToTellSql(accountId, now)
  // Before the change: the account still has what is told of, and the number that is told.
  const told = notices.map(({ when, kind, subject, noticeId }) => {
    const notice = { accountId, noticeId, kind, subject }
    const addressed = phone === 'other_told' ? { ...notice, phoneSealed: before } : notice
    return insertNoticeStatement(db, addressed, now, sql`${before} IS NOT NULL AND ${when}`)
  })
  const save = saveAccountStatement(db, accountId, change, now, {
    phone: phone === 'none' ? 'same' : phone,
    ...(tags && { phoneTags: tags }),
    isOptedIn,
  })
  const isSame = phone === 'none' || phone === 'same'
  const rest = [
    // What was begun for an account with another number, or none, took the proof of that one.
    ...(isSame ? [] : [cancelBindingStatement(db, accountId)]),
    ...(unserved ? [insertCallbackStatement(db, unserved, now)] : []),
    ...(plan.takesOver ? [refuseHeldStatement(db, [accountId], now)] : []),
  ]
  const [head, ...others] = told
  return head ? [head, ...others, save, ...rest] : [save, ...rest]
}

const WrittenSchema = v.object({ meta: v.object({ changes: v.pipe(v.number(), v.minValue(1)) }) })

/** Of a statement's result in a batch, whose kinds no type can tell apart: whether it wrote a row. */
export function hasWritten(result: unknown): boolean {
  return v.is(WrittenSchema, result)
}

export type ImportOfOne = {
  readonly accountId: string
  readonly change: AccountChange
  readonly terms: ImportTerms
}

export async function importAccount(
  context: ApiContext,
  accountId: string,
  change: AccountChange,
  terms: ImportTerms,
): Promise<'imported' | 'held'> {
  const db = context.dbOf(accountId)
  const account = await findAccount(db, accountId)
  const plan = await planImport(context, account, { accountId, change, terms })
  const statements = importStatements(db, plan, context.now())
  const stored = await unlessHeld(
    async (): Promise<readonly unknown[]> => db.batch([...statements]),
  )
  if (stored === 'held') return 'held'
  for (const [index, { noticeId }] of plan.notices.entries()) {
    if (hasWritten(stored[index])) await nudgeNotice(context, { accountId, noticeId })
  }
  return 'imported'
}

async function unlessHeld<T>(work: () => Promise<T>): Promise<T | 'held'> {
  try {
    return await work()
  } catch (error) {
    if (isRefusedAsHeld(error)) return 'held'
    throw error
  }
}

/** `none`: the number is not imported. */
async function numberImport(
  context: ApiContext,
  account: Account | null,
  change: AccountChange,
  { phone, isFormerTold }: ImportTerms,
): Promise<PhoneImport | 'none'> {
  if (change.phoneSealed === undefined) return 'none'
  const present = await presentNumber(context, account)
  // Sealed anew, under the current key; what is known of it, a STOP above all, stays.
  if (present.kind === 'known' && present.e164 === (phone?.e164 ?? null)) return 'same'
  // A number that no key opens any more cannot be told, and as a former one would hold up every alert.
  return isFormerTold || present.kind === 'unreadable' ? 'other' : 'other_told'
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
  { config }: ApiContext,
  account: Account | null,
): Promise<PresentNumber> {
  try {
    const phone = await openPhone(config.dataKeys, account)
    return { kind: 'known', e164: phone?.e164 ?? null }
  } catch (error) {
    logError('request.failed', errorFields(error))
    return { kind: 'unreadable' }
  }
}
