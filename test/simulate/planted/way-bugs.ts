// Planted where holds end early, and where an account is locked without an alert.

import type { PlantedBug } from './planted-bug.ts'

export const WAY_BUGS: readonly PlantedBug[] = [
  {
    name: 'young-proof-releases',
    harm: 'the thief adds a passkey of his own, and frees the money with it',
    changes: [
      {
        file: 'account/owner-proofs.ts',
        find: 'return since <= heldSince - PROVES_AFTER_MS',
        replace: 'return since <= heldSince',
      },
      {
        file: 'account/owner-proofs.ts',
        find: 'const before = heldSince - PROVES_AFTER_MS',
        replace: 'const before = heldSince',
      },
    ],
  },
  {
    name: 'exchange-lifts-for-the-owner',
    harm: 'whoever has an API key of the exchange frees the money that is the owner’s alone to free',
    changes: [
      {
        file: 'lock/lift/decide-lift.ts',
        find: "if (!isOwners) return { kind: 'at_once' }",
        replace: "if (isOwners || policy) return { kind: 'at_once' }",
      },
    ],
  },
  {
    name: 'lift-made-early',
    harm: 'the owner has half the time to stop it that the SMS has said',
    changes: [
      {
        file: 'lock/lift/lifts.ts',
        find: '    lte(holdLifts.dueAt, now),',
        replace: '    lte(holdLifts.dueAt, now + 1_800_000),',
      },
      {
        file: 'lock/lift/lifts.ts',
        find: '        lte(dueAt, now),',
        replace: '        lte(dueAt, now + 1_800_000),',
      },
    ],
  },
  {
    name: 'lift-takes-what-came-since',
    harm: 'support has promised a lift; the thief who logs in meanwhile comes into that hold, and is let out with it',
    changes: [
      {
        file: 'login/insert-login.ts',
        find: 'AND lift.hold_id = holds.hold_id AND lift.ended IS NULL',
        replace: 'AND lift.hold_id IS NULL',
      },
      {
        file: 'lock/holds.ts',
        find: '    eq(holdLifts.holdId, holds.holdId),\n',
        replace: '    isNull(holdLifts.holdId),\n',
      },
    ],
  },
  {
    name: 'stop-is-shown-alone',
    harm: 'the owner reads that the lift is stopped, and an hour later it is made',
    changes: [
      {
        file: 'lock/lift/lifts.ts',
        find: "set({ ended: 'stopped', endedAt: now })",
        replace: 'set({ endedAt: now })',
      },
    ],
  },
  {
    name: 'lock-outlives-its-lift',
    harm: 'a card that locked falsely locks again; an old link holds once more what the owner has freed',
    changes: [
      {
        file: 'lock/lift/lift-lock.ts',
        find: 'isNull(locks.liftedAt), isTold)',
        replace: 'isNull(locks.liftedAt), when)',
      },
    ],
  },
  {
    name: 'end-told-beside-its-batch',
    harm: 'D1 fails after the exchange has lifted the hold, and the phone never hears of it',
    changes: [
      {
        file: 'lock/hold-state.ts',
        find: 'insertNoticeStatement(db, notice, now, sql',
        replace: 'insertNoticeStatement(db, notice, now, sql`0` ?? sql',
      },
      {
        file: 'lock/hold-state.ts',
        find: '  await nudgeNotice(context, notice)',
        replace: `  await insertNoticeStatement(db, notice, now)
  await nudgeNotice(context, notice)`,
      },
    ],
  },
  {
    name: 'card-asks-nobody',
    harm: 'whoever found the card locks its owner out as often as support lifts it',
    changes: [{ file: 'lock/ask-first.ts', find: '  card: true,', replace: '  card: false,' }],
  },
  {
    name: 'asked-in-silence',
    harm: 'a real lock by a way that was abused before waits for a word that its owner is never asked for',
    changes: [
      {
        file: 'lock/lock-or-ask.ts',
        find: "await postNotice(context, { accountId, noticeId, kind: 'lock_asked' })",
        replace: 'void [postNotice, noticeId]',
      },
    ],
  },
  {
    name: 'each-press-a-lock',
    harm: 'a card pressed three times is three locks, each told, each to be carried out',
    changes: [
      {
        file: 'lock/lock-account.ts',
        find: 'const isOfItsOwn = request.isOneWhileItStands',
        replace: 'const isOfItsOwn = request.isOneWhileItStands && lockedAt === 0',
      },
    ],
  },
]
