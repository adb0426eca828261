// One account's whole story, as an operator may see it: what is stored, masked; nothing is opened but the number, for its
// last four digits.

import { phoneStateAt } from '../account/account-phone.ts'
import { type Account, findAccount } from '../account/accounts.ts'
import { openFormerPhones, openPhone } from '../account/open-phone.ts'
import { readAccountDeadStatement } from '../dead-letter/recent.ts'
import { readAccountCallbacksStatement } from '../exchange/outbox-facts.ts'
import { maskPhone } from '../lib/mask.ts'
import { readAccountHoldsStatement, readAccountLocksStatement } from '../lock/account-locks.ts'
import { findLoginByNumberStatement } from '../login/by-number.ts'
import type { Login } from '../login/login.ts'
import { listLogins } from '../login/logins.ts'
import { readAccountNoticesStatement } from '../notice/account-notices.ts'
import type { OpsContext } from './ops-context.ts'

const SHOWN = 30

type ShownAccount = Pick<Account, 'alerts' | 'locale' | 'holdUntil' | 'createdAt' | 'updatedAt'> & {
  readonly phone: string
  readonly country: string | null
  readonly phoneState: Account['phoneState']
  readonly phoneStateCode: string | null
  readonly formerPhones: readonly string[]
  readonly hasAuthenticator: boolean
}

export type AccountStory = {
  readonly accountId: string
  /** Null where only events or locks name it. */
  readonly account: ShownAccount | null
  readonly logins: readonly Login[]
  readonly locks: Awaited<ReturnType<typeof readAccountLocksStatement>>
  readonly holds: Awaited<ReturnType<typeof readAccountHoldsStatement>>
  readonly callbacks: Awaited<ReturnType<typeof readAccountCallbacksStatement>>
  readonly notices: Awaited<ReturnType<typeof readAccountNoticesStatement>>
  readonly deadLetters: Awaited<ReturnType<typeof readAccountDeadStatement>>
}

/** Null where nothing at all is known of it. */
export async function readAccountStory(
  context: OpsContext,
  accountId: string,
): Promise<AccountStory | null> {
  const db = context.dbOf(accountId)
  const [account, logins, [locks, holds, callbacks, notices], deadLetters] = await Promise.all([
    findAccount(db, accountId),
    listLogins(db, accountId, { before: null, limit: SHOWN }),
    db.batch([
      readAccountLocksStatement(db, accountId, SHOWN),
      readAccountHoldsStatement(db, accountId, SHOWN),
      readAccountCallbacksStatement(db, accountId, SHOWN),
      readAccountNoticesStatement(db, accountId, SHOWN),
    ]),
    readAccountDeadStatement(context.db, accountId),
  ])
  if (
    !account &&
    logins.length + locks.length + holds.length + callbacks.length + deadLetters.length === 0
  ) {
    return null
  }
  const shown = account && (await showAccount(context, account))
  return { accountId, account: shown, logins, locks, holds, callbacks, notices, deadLetters }
}

async function showAccount({ config, now }: OpsContext, account: Account): Promise<ShownAccount> {
  const { alerts, locale, holdUntil, createdAt, updatedAt, phoneStateCode, totpSealed } = account
  const base = {
    ...{ alerts, locale, holdUntil, createdAt, updatedAt, phoneStateCode },
    phoneState: phoneStateAt(account, now()),
    hasAuthenticator: totpSealed !== null,
  }
  try {
    const phone = await openPhone(config.dataKeys, account)
    const former = await openFormerPhones(config.dataKeys, account, now())
    return {
      ...base,
      phone: phone ? maskPhone(phone.e164) : 'none',
      country: phone?.country ?? null,
      formerPhones: former.map((one) => maskPhone(one.phone.e164)),
    }
  } catch {
    return {
      ...base,
      phone: 'sealed with a key that is not there',
      country: null,
      formerPhones: [],
    }
  }
}

/** The newest alert of that number; null without one. */
export async function findAlertByNumber(
  { dbOf }: Pick<OpsContext, 'dbOf'>,
  accountId: string,
  alertNumber: number,
): Promise<Login | null> {
  const [login] = await findLoginByNumberStatement(dbOf(accountId), accountId, alertNumber)
  return login ?? null
}
