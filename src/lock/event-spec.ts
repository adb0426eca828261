// The events of a lock, declared.

import * as v from 'valibot'
import { accountIdField, eventOut } from '../exchange/event-spec.ts'
import { instant, listOf, oneWordOf, text, textOrNull } from '../lib/answer-spec.ts'
import { ACCOUNT_ID, ALERT_ID, HELD_UNTIL, LOCK_ID, SESSION_ID } from '../lib/example-spec.ts'
import type { LockVia } from './hold.ts'
import type { HoldReason } from './hold-reason.ts'
import { LOCK_ACTION_NAMES, LOCK_ACTIONS } from './lock-actions.ts'

const viaWords: Readonly<Record<LockVia, string>> = {
  link: 'the link in the SMS',
  reply: 'an answer to the SMS with its code',
  code: 'number and code, typed into the lock page',
  portal: "the owner's pages",
  api: 'a call of this API',
  card: 'the printed lock card',
  passkey: 'a passkey, on the lock page',
  contact: 'an SMS of the trusted contact, with the word',
}

/** What holds, as events and the answer about a hold say it. */
export const holdReasonWords: Readonly<Record<HoldReason, string>> = {
  planned: 'the owner wanted it for a time of their own choice; nobody ends it early',
  lock: 'a lock',
  activity: 'a change to the account, such as a new password',
  cooling_off: 'a login whose device, country or network was new',
}

const HOLD_ID = 'hld_3w5xv0cq1n8rz7m2k9jtdfa4be'
const STARTED_AT = '2026-11-23T14:03:27.312Z'
const actionWords = LOCK_ACTION_NAMES.map((name) => `\`${name}\` (${LOCK_ACTIONS[name]})`).join(
  ', ',
)

export const lockEventSpecs = {
  'account.locked': eventOut('account.locked', {
    operationId: 'onAccountLocked',
    schemaName: 'AccountLocked',
    summary: 'End all sessions and put withdrawals on hold',
    description:
      'An answer 2xx without a body confirms all actions; give it only once all are done: the owner is then told that the account is locked. Or say which are, with `{"done":["withdrawals.hold"],"failed":[]}` as JSON: those named in neither list stay asked for, are shown to the owner as not confirmed, and are not sent again; say later what became of them with `POST /v1/accounts/{accountId}/locks/{lockId}/actions`. Names that are not known are ignored. Never dropped: repeated after 0, 1, 2, 5, 10 and 30 seconds, then within minutes, then hourly, even after 410.',
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
        `What you are asked to do, as set when the account was locked (\`LOCK_ACTIONS\`): ${actionWords}.`,
        v.picklist(LOCK_ACTION_NAMES),
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
  'hold.started': eventOut('hold.started', {
    operationId: 'onHoldStarted',
    schemaName: 'HoldStarted',
    summary: 'Put withdrawals on hold',
    description:
      'Nobody has locked the account: leave its sessions alone. A lock has a hold of its own, which `account.locked` tells of. Nothing is sent when it runs out, and 410 does not end the retries.',
    data: v.object({
      account_id: accountIdField,
      hold_id: text('Also in `GET …/hold`.'),
      reason: oneWordOf('What holds.', {
        planned: holdReasonWords.planned,
        activity: holdReasonWords.activity,
        cooling_off: holdReasonWords.cooling_off,
      }),
      cause: text(
        'Of `cooling_off`: which of `device`, `country` and `network` were new, separated by blanks. Of `activity`: its kind, or on the owner’s pages `passkey_added`, `passkey_removed` or `two_factor_changed`. Of `planned`: `owner`.',
      ),
      alert_id: textOrNull(
        'As answered to the event that began it; null of a planned one, and of one that began on the owner’s pages.',
      ),
      started_at: instant('When.'),
      until: instant('Let no withdrawal out until then.'),
    }),
    example: {
      account_id: ACCOUNT_ID,
      hold_id: HOLD_ID,
      reason: 'cooling_off',
      cause: 'device network',
      alert_id: ALERT_ID,
      started_at: STARTED_AT,
      until: HELD_UNTIL,
    },
  }),
  'hold.lifted': eventOut('hold.lifted', {
    operationId: 'onHoldLifted',
    schemaName: 'HoldLifted',
    summary: 'A hold ended early',
    description:
      'By the API, at once or when it was due, or by its owner (`reason` is `owner` then). Each hold that ended is told by itself; ask `GET …/hold` before you let anything out, since another may run. Nothing is sent for a hold that expires.',
    data: v.object({
      account_id: accountIdField,
      hold_id: textOrNull('As `hold.started` had it; of a lock’s hold, the lock’s id.'),
      lock_id: textOrNull('The lock that made the hold; null of a hold that no lock made.'),
      hold_reason: oneWordOf('What held.', holdReasonWords),
      reason: text('As given when it was lifted.'),
      lifted_at: instant('When.'),
      assertion: v.optional(
        v.pipe(
          v.object({
            credential_id: text('As in `passkey.added`.'),
            authenticator_data: text('base64url, as all of these.'),
            client_data_json: text(
              'Its challenge is the SHA-256 of `lift`, `account_id`, `signed_hold_ids` with blanks between them (most often `hold_id` alone) and `expires_at`, separated by line feeds.',
            ),
            signature: text('Of the passkey (WebAuthn Level 3, §7.2).'),
          }),
          v.description(
            'Of a hold that its owner ended by passkey: check it yourself, once. None where a code of the authenticator app ended it.',
          ),
        ),
      ),
      expires_at: v.optional(instant('Of a signed one: as it was signed.')),
      signed_hold_ids: v.optional(
        listOf(
          'Of a signed one: the holds that were ended by this signature, each told by an event of its own.',
          v.string(),
        ),
      ),
    }),
    example: {
      account_id: ACCOUNT_ID,
      hold_id: LOCK_ID,
      lock_id: LOCK_ID,
      hold_reason: 'lock',
      reason: 'Owner identified by support',
      lifted_at: '2026-11-23T18:40:00.000Z',
    },
  }),
} as const
