// Sinch's two sets of codes: words for a refused batch, numbers for a message that was not delivered.
// Of its "retrying will fail the same way" (402, 408) it blames no number, so others are still tried.
// Sources: https://developers.sinch.com/docs/sms/api-reference/status-codes,
// …/sms/delivery-reports/delivery-report-error-codes, https://developers.sinch.com/docs/sms/smpp/10dlc-errors

import { codeTable } from '../refusal.ts'

/** By `code` of an error answer. */
export const SINCH_REFUSALS = codeTable([
  {
    class: 'message_rejected',
    codes: [
      ...['syntax_invalid_json', 'syntax_invalid_parameter_format', 'syntax_constraint_violation'],
      'illegal_number_type',
    ],
  },
  // Reports asked for, and a callback URL they did not see: the same for every message.
  { class: 'provider_config', codes: ['blocked_account', 'missing_callback_url'] },
])

/** By `code` of a delivery report: theirs from 400 to 418, SMPP ones below. */
export const SINCH_REPORTS = codeTable([
  // 152: a number without SMS. 300: no such destination.
  { class: 'recipient_permanent', codes: [152, 300] },
  { class: 'recipient_temporary', codes: [404] },
  // 15 and 62 are spam filters; 405 and 411 are faults of the text.
  { class: 'message_rejected', codes: [15, 62, 321, 332, 334, 349, 402, 405, 407, 408, 411] },
  { class: 'provider_config', codes: [413] },
  // A US campaign that is not active, a sender or an account not set up for this region.
  { class: 'provider_config', scope: 'country', codes: [60, 310, 410, 412] },
  // 64: this campaign's quota of the day.
  { class: 'provider_transient', codes: [64, 403] },
  { class: 'expired', codes: [406] },
])
