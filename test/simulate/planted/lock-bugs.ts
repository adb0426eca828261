// Planted on a lock's way: stored, held, told to the exchange.

import type { PlantedBug } from './planted-bug.ts'

export const LOCK_BUGS: readonly PlantedBug[] = [
  {
    name: 'outbox-row-forgotten',
    harm: 'the owner is told "locked", and the exchange never hears of it',
    changes: [
      {
        file: 'lock/lock-account.ts',
        find: `      lockedAt,
      isInForce,
    ),`,
        replace: `      lockedAt,
      sql\`0\`,
    ),`,
      },
    ],
  },
  {
    name: 'revoked-before-listed',
    harm: 'the lock names no session, and the thief keeps his',
    changes: [
      {
        file: 'lock/lock-account.ts',
        find: '    // Before the sessions are revoked',
        replace: `    revokeSessionsStatement(db, sessions),
    // Before the sessions are revoked`,
      },
      {
        file: 'lock/lock-account.ts',
        find: 'const [, , , , , found, standing] =',
        replace: 'const [, , , , , , found, standing] =',
      },
    ],
  },
  {
    name: 'deferred-lock-dropped',
    harm: 'a tap that went into the queue is gone when D1 fails once more',
    changes: [
      {
        file: 'queue.ts',
        find: `    await runLock(context, job)
    return null`,
        replace: `    await runLock(context, job).catch(() => {})
    return null`,
      },
    ],
  },
  {
    name: 'hold-too-long',
    harm: 'an owner cannot withdraw for two days',
    changes: [
      {
        file: 'lock/lock-account.ts',
        find: 'lockedAt + HOLD_MS}',
        replace: 'lockedAt + 2 * HOLD_MS}',
      },
    ],
  },
  {
    name: 'hold-not-stored',
    harm: 'withdrawals go through after "locked"',
    changes: [
      {
        file: 'account/hold.ts',
        find: ', 0) < excluded.hold_until`',
        replace: ', 0) > excluded.hold_until`',
      },
    ],
  },
  {
    name: 'error-confirms',
    harm: 'the exchange answers 500, and is not told again',
    changes: [
      {
        file: 'exchange/callback.ts',
        find: 'answer.status < 300',
        replace: 'answer.status < 600',
      },
    ],
  },
  {
    name: 'callback-sweep-is-blind',
    harm: 'a lock whose message was lost never reaches the exchange',
    changes: [
      {
        file: 'exchange/sweep.ts',
        find: 'overdue.map(({ accountId, callbackId }) => ({',
        replace: 'overdue.slice(0, 0).map(({ accountId, callbackId }) => ({',
      },
    ],
  },
  {
    name: 'late-login-keeps-its-session',
    harm: 'a login stored after the lock lives on, though it came before it',
    changes: [
      {
        file: 'login/insert-login.ts',
        find: '>= :occurredAt\n  ) AS lock',
        replace: '< 0 * :occurredAt\n  ) AS lock',
      },
    ],
  },
]
