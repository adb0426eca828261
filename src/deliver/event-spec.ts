// The event about an alert that was given up, declared.

import * as v from 'valibot'
import { accountIdField, eventOut } from '../exchange/event-spec.ts'
import { oneWordOf, text, whole } from '../lib/answer-spec.ts'
import { ACCOUNT_ID, ALERT_ID, SESSION_ID } from '../lib/example-spec.ts'
import { failureWords } from '../sms/failure-spec.ts'
import type { UndeliveredReason } from './round.ts'

const undeliveredWords: Readonly<Record<UndeliveredReason, string>> = {
  ...failureWords,
  no_route: 'no provider is set up for the number',
  too_old: 'the warning would have come too late to help',
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
      alert_number: whole('As it would have stood in the SMS.'),
      session_id: text('The session of the login.'),
      reason: oneWordOf('Why.', undeliveredWords),
    }),
    example: {
      account_id: ACCOUNT_ID,
      alert_id: ALERT_ID,
      alert_number: 42,
      session_id: SESSION_ID,
      reason: 'recipient_permanent',
    },
  }),
} as const
