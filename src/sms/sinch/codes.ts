// Sinch's two sets of codes: words for a refused batch, numbers for a message that was not delivered.
// Of its "retrying will fail the same way" (402, 408) it blames no number, so others are still tried.
// Sources: https://developers.sinch.com/docs/sms/api-reference/status-codes,
// …/sms/delivery-reports/delivery-report-error-codes, https://developers.sinch.com/docs/sms/smpp/10dlc-errors

import { codeTable } from '../refusal.ts'

/** By `code` of an error answer. */
export const SINCH_REFUSALS = codeTable([
  {
    // Something of the request: the text, the sender or the number.
    class: 'unclear',
    codes: [
      'syntax_invalid_json',
      'syntax_invalid_parameter_format',
      'syntax_constraint_violation',
    ],
  },
  // A kind of sender that does not reach this kind of number.
  { class: 'provider_config', scope: 'country', codes: ['illegal_number_type'] },
  // Reports asked for, and a callback URL they did not see: the same for every message.
  { class: 'provider_config', codes: ['blocked_account', 'missing_callback_url'] },
])

/** By `code` of a delivery report: theirs from 400 to 418, SMPP ones below. */
export const SINCH_REPORTS = codeTable([
  // No such destination.
  { class: 'recipient_permanent', codes: [300] },
  // 152: a number without SMS, perhaps for now.
  { class: 'recipient_temporary', codes: [152, 404] },
  // 15 and 62 are spam filters; 411 is too many parts.
  { class: 'message_rejected', codes: [15, 62, 321, 332, 334, 349, 411] },
  { class: 'unclear', codes: [405, 407, 408] },
  { class: 'provider_config', codes: [413] },
  // No route, a US campaign that is not active, a sender or an account not set up for this region.
  { class: 'provider_config', scope: 'country', codes: [60, 310, 402, 410, 412] },
  // This campaign's quota of the day.
  { class: 'provider_transient', scope: 'country', codes: [64] },
  { class: 'provider_transient', codes: [403] },
  { class: 'expired', codes: [406] },
])
