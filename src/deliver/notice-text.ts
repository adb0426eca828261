// The text of one notice for one number: what its kind needs, read and derived. Sends nothing.

import { type Account, openField } from '../account/accounts.ts'
import { bindingCode } from '../account/binding-code.ts'
import { BINDING_LIFETIME_MS } from '../account/binding-rules.ts'
import type { Phone } from '../account/phone.ts'
import type { Db } from '../lib/db.ts'
import { findLatestEnd } from '../lock/latest-end.ts'
import { stopClaims, stopUrl } from '../lock/lift/stop-token.ts'
import { lockClaims, lockUrl, mintLockToken } from '../lock/link.ts'
import { findLockNews } from '../lock/lock-progress.ts'
import { findLogin } from '../login/logins.ts'
import {
  composeNotice,
  type LockProgress,
  lockCallbackOf,
  type Notice,
  type WordedKind,
} from '../notice/notice.ts'
import { paths } from '../paths.ts'
import type { RouteStep } from '../routing/route.ts'
import type { Language } from '../words/language.ts'
import { ownerLanguage } from './alert-language.ts'
import { alertTextFor } from './alert-text.ts'
import { copyNoticeId } from './copy-notice.ts'
import type { DeliverContext } from './deliver-context.ts'
import { subjectOf } from './former-copy.ts'
import { registeredNotice, type SmsText } from './registered.ts'
import { textRules } from './text-rules.ts'

/**
 * Null when there is nothing left to tell: its login was deleted; of one sender, where its country takes registered texts alone
 * and this one is not. `progress`: from `lockProgress`.
 */
export async function noticeTextFor(
  context: DeliverContext,
  notice: Notice,
  account: Account,
  progress: LockProgress,
): Promise<((step: RouteStep, to: Phone) => SmsText | null) | null> {
  const { kind } = notice
  if (kind === 'alert_copy') {
    const key = { accountId: notice.accountId, seq: Number(notice.subject) }
    const login = await findLogin(context.dbOf(key.accountId), key)
    // Posted by a round that outlived its account: the login of that sequence is another one now.
    if (!login || notice.phoneSealed === null) return null
    if (notice.noticeId !== (await copyNoticeId(login, notice.phoneSealed))) return null
    const latestEnd = await findLatestEnd(context.dbOf(key.accountId), key.accountId, context.now())
    return alertTextFor(context, login, account, latestEnd)
  }
  const languageFor = await noticeLanguage(context.dbOf(notice.accountId), notice, account)
  const { exchangeName } = context.config
  const code = await codeOf(context, notice)
  const link = await linkOf(context, notice, kind)
  const phrase = link === null ? null : await phraseOf(context, account)
  return (step, to) => {
    const language = languageFor(to.country)
    const { hasLink, isNameBarred } = textRules(step, to, context.config)
    const { untilAt } = notice
    const said = { kind, untilAt, exchange: exchangeName, code, isNameBarred, phrase, ...progress }
    const facts = { ...said, link: hasLink ? link : null }
    const { templates } = step.sender
    if (!templates) return composeNotice(facts, language)
    const isAsked = kind === 'locked' && !progress.isConfirmed
    const name = isAsked ? 'locked, not confirmed yet' : kind
    const registered = registeredNotice(templates, name, language)
    if (registered === null) return null
    // No text of a lock in part is registered: it is one that is not confirmed yet.
    const plain = { ...facts, partly: null }
    return { ...composeNotice(plain, registered.language), template: registered.template }
  }
}

async function phraseOf({ config }: DeliverContext, { accountId, phraseSealed }: Account) {
  return openField(config.dataKeys, accountId, 'phrase', phraseSealed)
}

/**
 * The owner's, by the country of the number that is told; a change of language is told in the one before: the owner can
 * read that one.
 */
export function noticeLanguage(
  db: Db,
  notice: Notice,
  account: Account | null,
): Promise<(country: string | null) => Language> {
  const isChange = notice.kind === 'language_changed'
  const locale = isChange ? subjectOf(notice) : (account?.locale ?? null)
  return ownerLanguage(db, notice.accountId, locale)
}

async function codeOf({ config }: DeliverContext, { accountId, kind, subject }: Notice) {
  const isOfCode = kind === 'code' || kind === 'proof_code' || kind === 'contact_code'
  if (!isOfCode || subject === null) return null
  const digits = await bindingCode(config.linkKeys, { accountId, bindingId: subject })
  return { digits, lifetimeMs: BINDING_LIFETIME_MS }
}

/** Of a `locked`: a text tells of its lock by what is known when it is written. */
export async function lockProgress(
  { dbOf }: DeliverContext,
  notice: Notice,
): Promise<LockProgress> {
  const { accountId } = notice
  const callbackId = notice.kind === 'locked' ? lockCallbackOf(notice) : null
  if (callbackId === null) return { isConfirmed: false, partly: null }
  const { isAll, partly } = await findLockNews(dbOf(accountId), accountId, callbackId)
  return { isConfirmed: isAll, partly }
}

/** The lock's link belongs to no alert: its number is 0. */
async function linkOf({ config }: DeliverContext, notice: Notice, kind: WordedKind) {
  if (kind === 'drill') return config.publicOrigin + paths.drill
  if (kind === 'lift_asked') {
    if (notice.untilAt === null) return null
    const claims = stopClaims(notice.accountId, Number(subjectOf(notice)), notice.untilAt)
    return stopUrl(config.publicOrigin, config.linkKeys, claims)
  }
  if (kind !== 'phone_changed' && kind !== 'lock_asked') return null
  const claims = lockClaims(notice.accountId, 0, notice.createdAt)
  return lockUrl(config.publicOrigin, await mintLockToken(config.linkKeys, claims))
}
