// Each kind of act that finds an account's rows or adds to them, over the rows of former-rows.ts. An act's answer is all
// that its caller learns.

import { sql } from 'drizzle-orm'
import {
  accountIdsByPhoneSql,
  findAccountsByPhone,
  markPhoneStatement,
  optOutStatement,
} from '../../../src/account/account-phone.ts'
import {
  ensureAccountStatement,
  findAccount,
  saveAccountStatement,
} from '../../../src/account/accounts.ts'
import {
  bindPhoneStatement,
  countCodeTry,
  endBindingStatement,
  findBinding,
  isPhoneSql,
  startBindingStatement,
} from '../../../src/account/bindings.ts'
import {
  insertPasskeyStatement,
  isPasskeyUsable,
  listPasskeys,
  notePasskeyUseStatement,
  removePasskeyStatements,
} from '../../../src/account/passkeys.ts'
import { eraseAccount } from '../../../src/api/erase-account.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import { claimAlerts } from '../../../src/deliver/claim.ts'
import { storeLogin } from '../../../src/deliver/store-login.ts'
import {
  claimCallback,
  findOutcomes,
  finishAttemptStatement,
} from '../../../src/exchange/outbox.ts'
import type { Db } from '../../../src/lib/db.ts'
import { findHoldState, liftHold } from '../../../src/lock/hold-state.ts'
import { holdCallbackId, startHoldStatements } from '../../../src/lock/holds.ts'
import { lockAccount } from '../../../src/lock/lock-account.ts'
import { ALWAYS_ASKED } from '../../../src/lock/lock-actions.ts'
import { findLockState, findSessionsEndedAt } from '../../../src/lock/lock-state.ts'
import { revokeAllSessions, revokeSession } from '../../../src/lock/revoke-session.ts'
import { confirmAllStatement, storeAnswersStatement } from '../../../src/lock/store-actions.ts'
import { advanceAttemptStatement } from '../../../src/login/advance-attempt.ts'
import { makeAlertTag } from '../../../src/login/alert-tag.ts'
import { findLoginByNumberStatement, listRecentAlerts } from '../../../src/login/by-number.ts'
import { confirmLoginStatement } from '../../../src/login/confirm-login.ts'
import {
  changeLoginStatement,
  findLogin,
  findOpenLogins,
  listLogins,
  mergedCountSql,
  mergedSessionsSql,
  notePushesStatement,
  readMerged,
} from '../../../src/login/logins.ts'
import {
  countLiveSessions,
  endSession,
  findRevokedSessions,
  findSessionRows,
  listLiveSessions,
} from '../../../src/login/sessions.ts'
import {
  changeNoticeStatement,
  claimNotice,
  findNewestNotice,
  insertNotice,
} from '../../../src/notice/notices.ts'
import { deleteExpired } from '../../../src/ops/retention.ts'
import {
  findVisit,
  leaveVisit,
  noteOtpStatement,
  startVisit,
} from '../../../src/portal/visit/visits.ts'
import {
  addSubscriptionStatement,
  listSubscriptions,
  newSubscription,
  noteAccepted,
  removeSubscriptionStatement,
  renewSubscription,
} from '../../../src/push/subscriptions.ts'
import { storesOf } from '../lib/memory-d1.ts'
import { THEN } from './former-rows.ts'

const NOW = THEN + 10_000
const KEYS = [new Uint8Array(32)] as const
const DEVICE = {
  accountId: 'owner',
  name: 'Tablet',
  subscription: {
    endpoint: 'https://push.example/1',
    keys: { p256dh: 'A'.repeat(86) + 'A', auth: 'A'.repeat(22) },
  },
}

const device = () =>
  newSubscription({ randomBytes: (length) => new Uint8Array(length) }, KEYS, DEVICE)

const queue = () =>
  Object.assign(Object.create(null), { send: async () => {}, sendBatch: async () => {} })

const context = (db: Db) => ({
  ...{
    ...storesOf(db),
    now: () => NOW,
    config: { dataKeys: KEYS, lockActions: ALWAYS_ASKED },
    after: () => () => {},
    waitUntil: () => {},
    randomBytes: (length: number) => new Uint8Array(length),
  },
  callbacks: queue(),
  alerts: queue(),
})

const webhook = (accountId: string, alertId: string, sessionId: string) => ({
  ...{
    accountId,
    alertId,
    sessionId,
    occurredAt: THEN,
    receivedAt: NOW,
    country: 'DE',
    ipTail: '13.77',
  },
  ...{
    city: null,
    hosting: null,
    reserved: null,
    browser: null,
    os: null,
    deviceName: null,
    locale: null,
  },
  ...{ sessionExpiresAt: null, deviceMark: 'phone', networkMark: 'home', trace: null },
  ...{ olderDeviceMarks: [], olderNetworkMarks: [], formerNetworkMarks: [] },
  ...{ claim: `claim_${alertId}`, sendUntil: null, alertsPerWindow: 3, alertsPerDay: 20 },
  ...({ alertsLeast: 'off' } as const),
  ...{ coolingOffMs: 0, keyNames: [], erasedScopes: [] },
})

const LOCK_2 = { accountId: 'locked', lockId: 'lck_2', callbackId: 'cbk_2' } as const
const DONE = { done: ['withdrawals.hold'], failed: [] } as const

const lockOf = (accountId: string, lockId: string, via: 'link' | 'api' = 'link') => ({
  ...{ accountId, lockId, via, alertNumber: 1, lockedAt: NOW },
})

async function login(db: Db, accountId: string, seq: number) {
  const found = await findLogin(db, { accountId, seq })
  if (!found) throw new Error('no such login')
  return found
}

export const ACTS: Readonly<Record<string, (db: Db) => Promise<unknown>>> = {
  'a receipt of an alert in its midst': (db) =>
    advance(db, {
      accountId: 'owner',
      seq: 2,
      alertTag: makeAlertTag('alr_owner_2'),
      attempt: 1,
      provider: 'twilio',
      providerMessageId: 'SM1',
    }),
  'a round that ends': async (db) =>
    changeLoginStatement(db, await login(db, 'owner', 2), {
      state: 'delivered',
      isOpen: false,
    }).run(),
  'push notes': async (db) => notePushesStatement(db, await login(db, 'owner', 1), []),
  'a claim of what waits': async (db) => {
    const alerts = ['owner', 'other', 'locked', 'early', 'a', 'b'].map((accountId) => ({
      ...{ accountId, alertId: `alr_${accountId}_1` },
    }))
    return [...(await claimAlerts(db, alerts, { claim: 'taken', leaseUntil: NOW + 9_000 }, NOW))]
  },
  'a webhook that comes again': (db) =>
    storeLogin(db, webhook('owner', 'alr_owner_2', 's_owner_2')),
  'the next login': (db) => storeLogin(db, webhook('owner', 'alr_new', 's_new')),
  'and the one after it': (db) => storeLogin(db, webhook('owner', 'alr_newer', 's_newer')),
  'the first login of a session that has ended': (db) =>
    storeLogin(db, webhook('early', 'alr_early', 's_early')),
  'an end that comes again': (db) =>
    endSession(db, { accountId: 'early', sessionId: 's_early', endedAt: THEN + 5 }),
  'a login after a lock': (db) => storeLogin(db, webhook('locked', 'alr_late', 's_late')),
  'the history': (db) => listLogins(db, 'owner', { before: 3, limit: 9 }),
  'a burst': async (db) => readMerged(db, await login(db, 'owner', 1)),
  'a burst that is given up': async (db) => {
    const first = await login(db, 'owner', 1)
    return db.all(
      sql`SELECT ${mergedCountSql(first)} AS count, ${mergedSessionsSql(first, 9)} AS ids`,
    )
  },
  'open alerts': (db) => findOpenLogins(db, null, 100),
  'an alert by its number': async (db) => findLoginByNumberStatement(db, 'owner', 1),
  'alerts of a number': (db) => listRecentAlerts(db, accountIdsByPhoneSql(['tag_owner'], NOW), 0),
  'accounts of a number': (db) => findAccountsByPhone(db, ['tag_owner']),
  'live sessions': (db) => listLiveSessions(db, 'owner', NOW, { before: null, limit: 9 }),
  'where they are': (db) => findSessionRows(db, 'owner'),
  'how many sessions are live': (db) => countLiveSessions(db, 'owner', NOW, 'all'),
  'a session that is revoked': (db) => revokeSession(context(db), 'owner', 's_owner_1'),
  'sessions that are revoked all at once': (db) => revokeAllSessions(context(db), 'owner'),
  'revoked sessions': (db) => findRevokedSessions(db, 'owner', NOW, { limit: 9, among: 'all' }),
  'it was me': async (db) =>
    confirmLoginStatement(
      db,
      await login(db, 'owner', 2),
      sql`${isPasskeyUsable({ accountId: 'owner', credentialId: 'cred_1', signCount: 4 })} AND ${isPhoneSql({ accountId: 'owner', phoneSealed: 'sealed' })}`,
      NOW,
    ),
  'a second tap on a lock': (db) => lockAccount(context(db), lockOf('locked', 'lck_1')),
  'a further lock': (db) => lockAccount(context(db), lockOf('locked', 'lck_2')),
  'a first lock': (db) => lockAccount(context(db), lockOf('other', 'lck_3', 'api')),
  'a lock by its page': (db) => findLockState(db, 'locked', 'lck_1'),
  'a hold that begins': async (db) => {
    const hold = {
      ...({ accountId: 'owner', holdId: 'hld_1', reason: 'activity' } as const),
      ...{ cause: 'password_changed' },
      ...{ startedAt: NOW, until: NOW + 3_600_000, alertId: null },
    } as const
    const callbackId = await holdCallbackId('hold.started', hold)
    const results = await db.batch(
      startHoldStatements(db, { ...hold, callbackId, erasedScopes: [] }),
    )
    return results.map(({ meta }) => meta.changes)
  },
  'a hold that is asked': (db) => findHoldState(db, 'locked', NOW),
  'a callback that is taken': (db) => claimCallback(db, 'locked', 'cbk_1', NOW),
  'and confirmed': async (db) => {
    const callback = await claimCallback(db, 'locked', 'cbk_1', NOW + 60_000)
    if (callback) {
      const note = { status: 200, error: null }
      await finishAttemptStatement(db, callback, { state: 'confirmed' }, note, NOW)
    }
    return [...(await findOutcomes(db, 'locked', ['cbk_1']))]
  },
  'an action that is done': (db) => storeAnswersStatement(db, LOCK_2, DONE, NOW),
  'all of them': (db) => confirmAllStatement(db, LOCK_2, ALWAYS_ASKED, NOW),
  'sessions that a lock has ended': (db) => findSessionsEndedAt(db, 'locked'),
  'a hold that is lifted': (db) =>
    liftHold(context(db), 'locked', { reason: 'by phone', lockId: null }),
  'an answer that is given again': (db) =>
    insertNotice(db, { accountId: 'owner', noticeId: 'ntc_1', kind: 'locked' }, NOW),
  'a notice that is sent': async (db) => {
    const notice = await claimNotice(db, { accountId: 'owner', noticeId: 'ntc_1' }, NOW + 1, NOW)
    if (!notice) return null
    return changeNoticeStatement(db, notice, { state: 'accepted', attempts: [], leaseUntil: 0 })
  },
  'the newest notice': (db) => findNewestNotice(db, 'owner', 'locked'),
  'an entry link that was used': (db) =>
    startVisit(
      db,
      { accountId: 'owner', visitId: 'vis_1', hasOtp: false, mintedAt: THEN, expiresAt: NOW },
      { secretTag: 'x', erasedScopes: ['none'] },
      NOW,
    ),
  'a visit': (db) => findVisit(db, { accountId: 'owner', visitId: 'vis_1' }, ['tag'], NOW),
  'a code that is seen in it': async (db) =>
    noteOtpStatement(db, { accountId: 'owner', visitId: 'vis_1' }, NOW),
  'a visit that is left': (db) => leaveVisit(db, { accountId: 'owner', visitId: 'vis_1' }),
  'a code that is typed': (db) => countCodeTry(db, 'owner', NOW),
  'a number that is bound': async (db) => {
    const binding = await findBinding(db, 'owner', NOW)
    if (!binding) return null
    await db.batch([
      bindPhoneStatement(db, binding, [binding.phoneTag], NOW),
      endBindingStatement(db, binding),
    ])
    return findAccount(db, 'owner')
  },
  'another number': async (db) => {
    const binding = { accountId: 'owner', bindingId: 'bnd_2', phoneSealed: 'x', phoneTag: 'y' }
    await startBindingStatement(db, binding, NOW)
    return startBindingStatement(db, { ...binding, bindingId: 'bnd_3' }, NOW)
  },
  'a passkey that is registered again': async (db) =>
    insertPasskeyStatement(db, {
      ...{ accountId: 'owner', credentialId: 'cred_1', publicKey: 'other', signCount: 0 },
      ...{ transports: [], name: 'Again', createdAt: NOW, isDiscoverable: 1 },
    }),
  'a passkey that is used': async (db) =>
    notePasskeyUseStatement(db, { accountId: 'owner', credentialId: 'cred_1', signCount: 9 }, NOW),
  passkeys: (db) => listPasskeys(db, 'owner'),
  'a device that is registered': async (db) => addSubscriptionStatement(db, await device(), NOW),
  'and once more': async (db) => [
    await renewSubscription(db, await device()),
    await addSubscriptionStatement(db, await device(), NOW + 1),
  ],
  'a device that lives': (db) =>
    noteAccepted(db, { accountId: 'owner', subscriptionId: 'psh_1' }, NOW),
  devices: (db) => listSubscriptions(db, 'owner'),
  'STOP and what a carrier says': async (db) => [
    await optOutStatement(db, ['tag_owner'], true, NOW),
    await markPhoneStatement(
      db,
      {
        accountId: 'other',
        state: 'invalid',
        code: '1',
        calledAt: NOW,
        isFamiliar: true,
        profile: NO_PROFILE,
      },
      sql`true`,
      NOW,
    ),
  ],
  'an import': async (db) => saveAccountStatement(db, 'other', { locale: 'de' }, NOW),
  'an account that is known': async (db) => ensureAccountStatement(db, 'locked', NOW),
  'a passkey that is removed': async (db) =>
    db.batch(removePasskeyStatements(db, { accountId: 'owner', credentialId: 'cred_1' }, NOW)),
  'a device that is removed': async (db) =>
    removeSubscriptionStatement(db, { accountId: 'owner', subscriptionId: 'psh_1' }),
  'a lift before an erasure': (db) =>
    liftHold(context(db), 'other', { reason: 'by phone', lockId: null }),
  'an erasure': (db) => eraseAccount(context(db), 'other'),
  'the account after it': (db) => storeLogin(db, webhook('other', 'alr_anew', 's_anew')),
  'what has expired': (db) => deleteExpired(db, NOW + 40 * 86_400_000),
}

async function advance(db: Db, key: Parameters<typeof advanceAttemptStatement>[1]) {
  return advanceAttemptStatement(db, key, { state: 'sent', at: NOW }).run()
}
