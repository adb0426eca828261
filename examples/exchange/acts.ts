// What a user, or whoever is signed in as one, does at the exchange: each act gives the account as it will be, and what
// Lockline is to be told of it. Pure; ids come from outside. Whether money goes out is decided elsewhere (withdrawals.ts).

import { type Account, kept, type Session, withSession, withSessionsOver } from './account.ts'
import { eventJob, type Job } from './job.ts'
import type { Update } from './store.ts'

/** Of the device, for the alert: all for display, and mostly chosen by whoever signs in. */
export type LoginFacts = {
  readonly deviceName?: string
  readonly locale?: string
  readonly country?: string
  readonly city?: string
}

/** Who acts, as far as it is known. */
export type Actor = Pick<Session, 'ip' | 'userAgent'> & { readonly id: string | null }

export type Activity =
  | 'password_changed'
  | 'two_factor_disabled'
  | 'two_factor_changed'
  | 'email_changed'
  | 'phone_changed'
  | 'api_key_created'
  | 'address_added'
  | 'logins_failed'
  | 'password_reset'
  | 'withdrawal_requested'

export type ActRefusal =
  | 'credentials_frozen'
  | 'locked'
  | 'unknown_address'
  | 'address_frozen'
  | 'amount'
  | 'address'
export type ActResult =
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'refused'; readonly why: ActRefusal }

/** In a row; strangers can cause them, so that the first few are nobody's news. */
const FAILED_LOGINS_TOLD = 5

const done = (account: Account, id: string, jobs: readonly Job[] = []): Update<ActResult> => ({
  account,
  jobs,
  result: { kind: 'done', id },
})
const refuse = (account: Account, why: ActRefusal): Update<ActResult> => ({
  account,
  result: { kind: 'refused', why },
})

/** What a lock takes away stays away for its whole hold, or a thief who has the password would just make it again. */
function isTakenByLock({ locks }: Account, action: string, now: number): boolean {
  return locks.some(({ holdUntil, actions }) => holdUntil > now && action in actions)
}

function activityJob(
  account: Account,
  activity: { id: string; kind: Activity; actor: Actor; detail?: string },
  now: number,
): Job {
  const { id, kind, actor, detail } = activity
  const data = {
    account_id: account.id,
    kind,
    ...(actor.id !== null && { session_id: actor.id }),
    ...(actor.ip !== null && { ip: actor.ip }),
    ...(actor.userAgent !== null && { user_agent: actor.userAgent }),
    ...(detail !== undefined && { detail }),
  }
  return eventJob({ id, type: 'activity.occurred', at: now, data }, now)
}

export function logIn(account: Account, session: Session, facts: LoginFacts): Update<Session> {
  const { id, ip, userAgent, startedAt } = session
  const data = {
    account_id: account.id,
    session_id: id,
    ...(ip !== null && { ip }),
    ...(userAgent !== null && { user_agent: userAgent }),
    ...(facts.deviceName !== undefined && { device_name: facts.deviceName }),
    ...(facts.locale !== undefined && { locale: facts.locale }),
    ...(facts.country !== undefined && { country: facts.country }),
    ...(facts.city !== undefined && { city: facts.city }),
  }
  const event = { id: `login.${id}`, type: 'login.succeeded', at: startedAt, data }
  const jobs = [eventJob(event, startedAt)]
  return { account: withSession(account, session), jobs, result: session }
}

export function logOut(account: Account, sessionId: string, now: number): Update<ActResult> {
  const data = { account_id: account.id, session_id: sessionId }
  const event = { id: `end.${sessionId}`, type: 'session.ended', at: now, data }
  const after = withSessionsOver(account, [sessionId], 'ended', now)
  return done(after, sessionId, [eventJob(event, now)])
}

/** The password was wrong. */
export function failLogin(
  account: Account,
  id: string,
  actor: Actor,
  now: number,
): Update<ActResult> {
  const failedLogins = account.failedLogins + 1
  const activity = { id, kind: 'logins_failed', actor, detail: String(failedLogins) } as const
  const isNews = failedLogins % FAILED_LOGINS_TOLD === 0
  const jobs = isNews ? [activityJob(account, activity, now)] : []
  return done({ ...account, failedLogins }, id, jobs)
}

export function makeApiKey(
  account: Account,
  made: { readonly id: string; readonly secretHash: string; readonly name: string },
  actor: Actor,
  now: number,
): Update<ActResult> {
  if (isTakenByLock(account, 'api_keys.revoke', now)) return refuse(account, 'locked')
  const key = { ...made, madeAt: now, state: 'live' } as const
  const apiKeys = kept([...account.apiKeys, key], ({ state }) => state === 'revoked')
  const activity = {
    id: `act.${made.id}`,
    kind: 'api_key_created',
    actor,
    detail: made.name,
  } as const
  return done({ ...account, apiKeys }, made.id, [activityJob(account, activity, now)])
}

export function addAddress(
  account: Account,
  added: { readonly id: string; readonly name: string; readonly address: string },
  actor: Actor,
  now: number,
): Update<ActResult> {
  if (!/^[A-Za-z0-9]{16,128}$/.test(added.address)) return refuse(account, 'address')
  const isLocked = isTakenByLock(account, 'addresses.freeze', now)
  const address = { ...added, addedAt: now, state: isLocked ? 'frozen' : 'usable' } as const
  const addresses = [...account.addresses, address]
  const activity = {
    id: `act.${added.id}`,
    kind: 'address_added',
    actor,
    detail: added.name,
  } as const
  return done({ ...account, addresses }, added.id, [activityJob(account, activity, now)])
}

export function placeOrder(
  account: Account,
  placed: { readonly id: string; readonly text: string },
  now: number,
): Update<ActResult> {
  const order = { ...placed, placedAt: now, state: 'open' } as const
  const orders = kept([...account.orders, order], ({ state }) => state === 'cancelled')
  return done({ ...account, orders }, placed.id)
}

/** Stored as pending, whatever is held: it goes out when it may. */
export function requestWithdrawal(
  account: Account,
  asked: { readonly id: string; readonly addressId: string; readonly amount: number },
  actor: Actor,
  now: number,
): Update<ActResult> {
  const { id, addressId, amount } = asked
  if (!Number.isSafeInteger(amount) || amount <= 0) return refuse(account, 'amount')
  const address = account.addresses.find((one) => one.id === addressId)
  if (address === undefined) return refuse(account, 'unknown_address')
  if (address.state === 'frozen') return refuse(account, 'address_frozen')
  const withdrawal = {
    id,
    addressId,
    amount,
    requestedAt: now,
    state: 'pending',
    waitsFor: null,
    settledAt: null,
  } as const
  const withdrawals = kept([...account.withdrawals, withdrawal], ({ state }) => state !== 'pending')
  const activity = {
    id: `act.${id}`,
    kind: 'withdrawal_requested',
    actor,
    detail: String(amount),
  } as const
  return done({ ...account, withdrawals }, id, [
    activityJob(account, activity, now),
    { kind: 'withdrawal', id, dueAt: now, accountId: account.id, withdrawalId: id },
  ])
}

const CREDENTIALS = [
  'password_changed',
  'two_factor_disabled',
  'two_factor_changed',
  'email_changed',
  'phone_changed',
] as const
export type CredentialChange = (typeof CREDENTIALS)[number]

export function isCredentialChange(text: string): text is CredentialChange {
  return CREDENTIALS.some((kind) => kind === text)
}

/** Before yours changes it: refused while a lock has frozen them. */
export function changeCredential(
  account: Account,
  change: { readonly id: string; readonly kind: CredentialChange | 'password_reset' },
  actor: Actor,
  now: number,
): Update<ActResult> {
  const frozenUntil = account.credentialsFrozenUntil
  if (frozenUntil !== null && frozenUntil > now) return refuse(account, 'credentials_frozen')
  return done(account, change.id, [activityJob(account, { ...change, actor }, now)])
}
