// The events of a lock, declared.

import * as v from 'valibot'
import { accountIdField, eventOut } from '../exchange/event-spec.ts'
import { instant, listOf, oneWordOf, text, textOrNull } from '../lib/answer-spec.ts'
import { ACCOUNT_ID, ALERT_ID, HELD_UNTIL, LOCK_ID, SESSION_ID } from '../lib/example-spec.ts'
import type { LockVia } from './hold.ts'

const viaWords: Readonly<Record<LockVia, string>> = {
  link: 'the link in the SMS',
  reply: 'an answer to the SMS with its code',
  code: 'number and code, typed into the lock page',
  portal: "the owner's pages",
  api: 'a call of this API',
}

export const lockEventSpecs = {
  'account.locked': eventOut('account.locked', {
    operationId: 'onAccountLocked',
    schemaName: 'AccountLocked',
    summary: 'End all sessions and put withdrawals on hold',
    description:
      'Confirm only once both are done: the owner is then told that the account is locked. Never dropped: repeated after 0, 1, 2, 5, 10 and 30 seconds, then within minutes, then hourly, even after 410.',
    data: v.object({
      account_id: accountIdField,
      lock_id: text('Locks of one alert share it.'),
      alert_id: textOrNull('The alert that was used; null where there is none.'),
      via: oneWordOf('Who asked.', viaWords),
      hold_until: instant('Let no withdrawal out until then.'),
      session_ids: listOf(
        'The sessions known to be live, at most 1000. End all others too.',
        v.string(),
      ),
      actions: listOf(
        'What you are asked to do: always both.',
        v.picklist(['sessions.revoke', 'withdrawals.hold']),
      ),
    }),
    example: {
      account_id: ACCOUNT_ID,
      lock_id: LOCK_ID,
      alert_id: ALERT_ID,
      via: 'link',
      hold_until: HELD_UNTIL,
      session_ids: [SESSION_ID],
      actions: ['sessions.revoke', 'withdrawals.hold'],
    },
  }),
  'hold.lifted': eventOut('hold.lifted', {
    operationId: 'onHoldLifted',
    schemaName: 'HoldLifted',
    summary: 'Withdrawals may go out again',
    description: 'The hold was lifted early, by the API. Nothing is sent for a hold that expires.',
    data: v.object({
      account_id: accountIdField,
      lock_id: textOrNull('The lock that made the hold.'),
      reason: text('As given when it was lifted.'),
      lifted_at: instant('When.'),
    }),
    example: {
      account_id: ACCOUNT_ID,
      lock_id: LOCK_ID,
      reason: 'Owner identified by support',
      lifted_at: '2026-11-23T18:40:00.000Z',
    },
  }),
} as const
