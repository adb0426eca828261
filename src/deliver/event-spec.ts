// The event about an alert that was given up, declared.

import * as v from 'valibot'
import { accountIdField, eventOut } from '../exchange/event-spec.ts'
import {
  instant,
  listOf,
  oneWordOf,
  text,
  textOrNull,
  whole,
  wholeOrNull,
} from '../lib/answer-spec.ts'
import { ACCOUNT_ID, ALERT_ID, SESSION_ID } from '../lib/example-spec.ts'
import { failureWords } from '../sms/failure-spec.ts'
import type { UndeliveredReason } from './round.ts'

const undeliveredWords: Readonly<Record<UndeliveredReason, string>> = {
  ...failureWords,
  no_route: 'no provider is set up for the number',
  unserved:
    'every sender set up for the number is blocked, or marked as a fraud, by a rule of its country; `alert.unserved` said so at the import',
  too_old: 'the warning would have come too late to help',
  login_too_old:
    'the login was reported more than a day after it happened, and the owner was told nothing',
  dead_letter: 'all retries were used',
}

export const alertEventSpecs = {
  'alert.undelivered': eventOut('alert.undelivered', {
    operationId: 'onAlertUndelivered',
    schemaName: 'AlertUndelivered',
    summary: 'The owner could not be warned',
    description: 'Every way was tried or ruled out. Warn the owner by other means.',
    data: v.object({
      account_id: accountIdField,
      alert_id: text('As answered to the login event.'),
      alert_number: wholeOrNull(
        'As the SMS would have shown it; null for a login that was reported too late.',
      ),
      session_id: textOrNull(
        'The session of the login; with several, of the first. Null for an activity without one.',
      ),
      activity: textOrNull(
        'The `kind` of an activity, as in the event; null for a login. Of one that was only counted, nothing is said.',
      ),
      reason: oneWordOf('Why.', undeliveredWords),
      logins: whole(
        'How many logins, or activities of one kind, the SMS was to report: more than 1 where it gathered several.',
      ),
      session_ids: listOf('The sessions of all of them, newest first, at most 100.', v.string()),
    }),
    example: {
      account_id: ACCOUNT_ID,
      alert_id: ALERT_ID,
      alert_number: 42,
      session_id: SESSION_ID,
      activity: null,
      reason: 'recipient_permanent',
      logins: 1,
      session_ids: [SESSION_ID],
    },
  }),
  'alert.budget_used': eventOut('alert.budget_used', {
    operationId: 'onAlertBudgetUsed',
    schemaName: 'AlertBudgetUsed',
    summary: 'So many logins that one SMS now reports several',
    description:
      'At most once a day per account, when `ALERTS_PER_DAY` is spent: until the end of the day, in UTC, one SMS every ten minutes counts the further logins and names the worst of them. A login from a country the account was never seen in is still reported at once, a few times. Look at the account: nobody logs in that often on new devices.',
    data: v.object({
      account_id: accountIdField,
      alert_id: text('The alert that spent it, or the one at which this was noticed.'),
      alerts: whole('The budget: SMS about a single login, per day.'),
      resumes_at: instant('When the next budget begins: midnight UTC.'),
    }),
    example: {
      account_id: ACCOUNT_ID,
      alert_id: ALERT_ID,
      alerts: 20,
      resumes_at: '2026-11-24T00:00:00.000Z',
    },
  }),
} as const
