// What we do about one text that came back: lock, mute, unmute, help, or nothing. The number a text comes
// from can be forged, so it finds an account but proves nothing: only the code locks, and whatever was
// done is confirmed to the number itself.

import { findAccountsByPhone, optOutIsNewsSql, optOutStatement } from '../account/account-phone.ts'
import { type Account, findAccount } from '../account/accounts.ts'
import {
  endFormerPhoneStatement,
  findAccountsByFormerPhone,
  isFormerToldSql,
} from '../account/former-phone.ts'
import { parseKnownPhone } from '../account/phone.ts'
import { phoneTags } from '../account/phone-tag.ts'
import { nudgeCallback } from '../exchange/nudge.ts'
import { insertCallbackStatement } from '../exchange/outbox.ts'
import { phoneChangedCallback } from '../exchange/phone-changed.ts'
import { protectionChangedCallback } from '../exchange/protection-changed.ts'
import { countTry, limitScope } from '../guard/limits.ts'
import { deriveId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import { HOUR_MS } from '../lib/time.ts'
import { lockByCode } from '../lock/code-lock.ts'
import type { NoticeKind } from '../notice/notice-kind.ts'
import { postNotice } from '../notice/post-notice.ts'
import type { InboundMessage } from '../sms/provider.ts'
import type { ProviderName } from '../sms/registry.ts'
import type { InboundContext } from './inbound-context.ts'
import { readReply } from './reply.ts'

/** A forged sender must not make us fill somebody's phone with answers. */
const HINTS_PER_NUMBER_AND_HOUR = 1

type Incoming = { readonly provider: ProviderName; readonly message: InboundMessage }
type Inbound = Incoming & { readonly phone: string }

/** Safe to repeat: a provider that had no answer from us sends the same text again. */
export async function answerInbound(context: InboundContext, incoming: Incoming): Promise<void> {
  const { provider, message } = incoming
  if (message.from === null) {
    // Operators' own texts come from names and short codes: there is nobody to find, and nothing to repeat.
    logInfo('inbound.read', { provider, result: 'no_number' })
    return
  }
  // Some carriers write a number otherwise than it was imported.
  const known = parseKnownPhone(message.from)
  const inbound = { ...incoming, phone: known.ok ? known.value.e164 : message.from }
  const reply = readReply(message.text)
  let result: string = reply.kind
  switch (reply.kind) {
    case 'lock':
      result = await answerLock(context, inbound, reply.code)
      break
    case 'unreadable_code':
      await hint(context, inbound, 'wrong_code')
      break
    case 'unclear':
      await hint(context, inbound, 'help')
      break
    case 'stop':
    case 'start':
      await setOptOut(context, inbound, reply.kind === 'stop')
      break
    case 'help':
      if (!message.isAnswered) await hint(context, inbound, 'help')
      break
    case 'other':
      break
  }
  logInfo('inbound.read', { provider, result })
}

async function answerLock(
  context: InboundContext,
  inbound: Inbound,
  code: string,
): Promise<string> {
  const verdict = await lockByCode(context, {
    phone: inbound.phone,
    code,
    via: 'reply',
    ip: null,
  })
  if (verdict.kind === 'locked') {
    const { accountId, holdUntil, liftedAt } = verdict.lock
    // A lock that was lifted since is no news, and the same reply does not lock again.
    const account = liftedAt === null ? await findAccount(context.db, accountId) : null
    if (account) await answer(context, inbound, account, 'locked', holdUntil)
  }
  if (verdict.kind === 'refused') await hint(context, inbound, 'wrong_code')
  return verdict.kind
}

/** Opt-outs are kept for every account of the number, told to the exchange, and confirmed once. */
async function setOptOut(
  context: InboundContext,
  inbound: Inbound,
  isOptedOut: boolean,
): Promise<void> {
  const { db } = context
  const now = context.now()
  const tags = await phoneTags(context.config.dataKeys, inbound.phone)
  const accounts = await findAccountsByPhone(db, tags)
  const change = isOptedOut ? 'opted_out' : 'opted_in'
  const callbacks = await Promise.all(
    accounts.map(({ accountId }) => phoneChangedCallback(accountId, change, String(now))),
  )
  const [head, ...others] = callbacks.map((callback) =>
    insertCallbackStatement(db, callback, now, optOutIsNewsSql(callback.accountId, isOptedOut)),
  )
  // The callbacks first: their condition is what the change then undoes. It reaches every account of the number, also
  // those beyond the ones that are read here.
  const stored = head
    ? await db.batch([head, ...others, optOutStatement(db, tags, isOptedOut, now)])
    : []
  const told = callbacks.filter((_, index) => (stored[index]?.meta.changes ?? 0) > 0)
  await Promise.all(
    told.map(({ accountId, callbackId }) => nudgeCallback(context, accountId, callbackId)),
  )
  const ended = isOptedOut ? await endCopies(context, inbound, now) : null
  if (inbound.message.isAnswered) return
  const [first] = accounts
  if (first) await answer(context, inbound, first, isOptedOut ? 'stopped' : 'started', null)
  else if (ended) await answer(context, inbound, ended, 'copies_ended', null)
}

/** STOP of a former number ends what it still gets, and nothing of the present one. One of the accounts it ended for. */
async function endCopies(
  context: InboundContext,
  { phone }: Inbound,
  now: number,
): Promise<Account | null> {
  const { db, config } = context
  const tags = await phoneTags(config.dataKeys, phone)
  const accounts = await findAccountsByFormerPhone(db, tags, now)
  for (const { accountId } of accounts) {
    const callbackId = await deriveId('cbk', 'copies_ended', accountId, String(now))
    const news = { accountId, change: 'copies_ended', proof: 'reply' } as const
    const callback = protectionChangedCallback(news, callbackId, now)
    await db.batch([
      insertCallbackStatement(db, callback, now, isFormerToldSql(accountId, now)),
      endFormerPhoneStatement(db, accountId, now),
    ])
    logInfo('protection.changed', { account_id: accountId, change: news.change, proof: news.proof })
    await nudgeCallback(context, accountId, callbackId)
  }
  return accounts[0] ?? null
}

async function hint(context: InboundContext, inbound: Inbound, kind: NoticeKind): Promise<void> {
  const scope = await limitScope(context.config.dataKeys, `hint-${kind}`, inbound.phone)
  const limit = { scope, max: HINTS_PER_NUMBER_AND_HOUR, windowMs: HOUR_MS }
  const verdict = await countTry(context.db, [limit], context.now())
  const [account] = verdict.isAllowed ? await findAnyByNumber(context, inbound) : []
  if (account) await answer(context, inbound, account, kind, null)
}

async function findByNumber(
  context: InboundContext,
  { phone }: Inbound,
): Promise<readonly Account[]> {
  const tags = await phoneTags(context.config.dataKeys, phone)
  return findAccountsByPhone(context.db, tags)
}

/** Also those of which it is the former number, while that is told. */
async function findAnyByNumber(
  context: InboundContext,
  inbound: Inbound,
): Promise<readonly Account[]> {
  const present = await findByNumber(context, inbound)
  if (present.length > 0) return present
  const tags = await phoneTags(context.config.dataKeys, inbound.phone)
  return findAccountsByFormerPhone(context.db, tags, context.now())
}

/** One answer to one text, however often the provider brings it, to the number it came from. */
async function answer(
  context: InboundContext,
  { provider, message, phone }: Inbound,
  account: Account,
  kind: NoticeKind,
  untilAt: number | null,
): Promise<void> {
  const { accountId, phoneTag, formerPhoneSealed } = account
  const tags = await phoneTags(context.config.dataKeys, phone)
  const isPresent = phoneTag !== null && tags.includes(phoneTag)
  const phoneSealed = isPresent ? null : formerPhoneSealed
  const noticeId = await deriveId('ntc', provider, message.providerMessageId, kind)
  await postNotice(context, { accountId, noticeId, kind, untilAt, provider, phoneSealed })
}
