// Planted on the way of what holds by itself, of activities, and of a lock's single actions.

import type { PlantedBug } from './planted-bug.ts'

export const HOLD_BUGS: readonly PlantedBug[] = [
  {
    name: 'hold-beside-the-batch',
    harm: 'D1 fails between the change and its hold, and the thief with the new address is through',
    changes: [
      {
        file: 'deliver/store-activity.ts',
        find: 'results.slice(start.length)',
        replace: 'results',
      },
      {
        file: 'deliver/store-activity.ts',
        find: `  const results = await database.batch<RawRow>([
    ...start.map((statement) => asBound(db, statement)),`,
        replace: `  const statements = start.map((statement) => asBound(db, statement))
  if (statements.length > 0) void database.batch(statements).catch(() => [])
  const results = await database.batch<RawRow>([`,
      },
    ],
  },
  {
    name: 'hold-lost-in-the-queue',
    harm: 'D1 fails for a moment, the change to the account comes by the queue, and holds nothing',
    changes: [
      {
        file: 'deliver/store-deferred.ts',
        find: 'storeActivity(db, activity, await holdTerms(config, activity.accountId))',
        replace: `storeActivity(db, activity, {
      ...(await holdTerms(config, activity.accountId)),
      ...(terms.sendUntil === null && { coolingOffMs: 0 }),
    })`,
      },
    ],
  },
  {
    name: 'hold-extended',
    harm: 'each further change keeps the owner’s money for as long again',
    changes: [
      {
        file: 'lock/holds.ts',
        find: 'isHeldToItsEndSql(accountId, reason, startedAt)',
        replace: 'sql`false`',
      },
    ],
  },
  {
    name: 'hold-in-the-first-day',
    harm: 'who has just arrived cannot withdraw, since all of him is new',
    changes: [
      {
        file: 'account/first-day.ts',
        find: 'now - DAY_MS',
        replace: 'now + DAY_MS',
      },
    ],
  },
  {
    name: 'held-device-becomes-known',
    harm: 'the thief waits for a lift, logs in again on the device that was held, and is taken for the owner',
    changes: [
      {
        file: 'login/known-marks.ts',
        find: 'CASE WHEN hold_until IS NOT NULL THEN $',
        replace: 'CASE WHEN false THEN $',
      },
    ],
  },
  {
    name: 'hold-untold',
    harm: 'the exchange that asks nobody lets the money out, since no event tells it of the hold',
    changes: [
      {
        file: 'lock/holds.ts',
        find: 'callback, now, sql`EXISTS (',
        replace: 'callback, now, sql`0 AND EXISTS (',
      },
    ],
  },
  {
    name: 'hold-denied',
    harm: 'withdrawals go through while a hold runs that no lock made',
    changes: [
      {
        file: 'lock/hold-state.ts',
        find: 'hold: mergeHolds(lock, stored),',
        replace: 'hold: mergeHolds(lock, lock ? stored : []),',
      },
    ],
  },
  {
    name: 'planned-hold-lifted',
    harm: 'whoever talks support into it ends what the owner has planned against just that',
    changes: [
      {
        file: 'lock/hold-state.ts',
        find: "if (stored.some((hold) => hold.reason === 'planned')) return 'planned'",
        replace: '',
      },
    ],
  },
  {
    name: 'stranger-holds',
    harm: 'anybody who knows a name stops its owner’s money by typing a wrong password',
    changes: [
      {
        file: 'login/activity.ts',
        find: 'const STRANGERS: Activity = { startsHold: false,',
        replace: 'const STRANGERS: Activity = { startsHold: true,',
      },
    ],
  },
  {
    name: 'third-sms-of-strangers',
    harm: 'anybody who knows a name spends the exchange’s money on SMS',
    changes: [
      {
        file: 'login/insert-activity.ts',
        find: 'WHEN :isStrangers AND sms >= $',
        replace: 'WHEN false AND sms >= $',
      },
    ],
  },
  {
    name: 'activity-is-newest-login',
    harm: 'whoever keeps an old link and knocks at the door moves the end of a hold for ever',
    changes: [
      {
        file: 'login/newest-login.ts',
        find: "sql.raw(newestLoginSeq('newest'))",
        replace: "sql.raw('newest.seq')",
      },
    ],
  },
  {
    name: 'failed-after-done',
    harm: 'what the owner was shown as done is taken back by a late answer',
    changes: [
      {
        file: 'lock/lock-actions.ts',
        find: "if (doneAt !== null) return { action, state: 'done', at: doneAt }",
        replace:
          "if (doneAt !== null && !answers?.failed[action]) return { action, state: 'done', at: doneAt }",
      },
    ],
  },
  {
    name: 'answer-in-part-confirms-all',
    harm: 'the owner reads that his API keys are revoked, and the exchange has only taken note',
    changes: [
      {
        file: 'lock/confirm-actions.ts',
        find: "      case 'unreadable':",
        replace: `      case 'unreadable':
        return confirmAllStatement(db, lock, actions, now)
      case 'never' as string:`,
      },
    ],
  },
]
