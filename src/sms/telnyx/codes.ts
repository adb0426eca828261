// Telnyx's codes: of a refused send (1xxxx, 2xxxx, 403xx) and of a failed delivery (400xx) alike. The
// webhook guide gives some of them other meanings; the code reference is what is followed here.
// Source: https://developers.telnyx.com/docs/messaging/messages/error-codes and, for 1xxxx and 2xxxx,
// https://developers.telnyx.com/development/api-fundamentals/api-errors

import { codeTable } from '../refusal.ts'

export const TELNYX_CODES = codeTable([
  { class: 'recipient_permanent', codes: [10002, 10016, 40001, 40012, 40310] },
  // 40008 is their word for "the carrier did not say why".
  { class: 'recipient_temporary', codes: [40004, 40006, 40008] },
  { class: 'opted_out', codes: [40300] },
  {
    // Spam filters of theirs and of carriers, a body they cannot carry.
    class: 'message_rejected',
    codes: [40002, 40007, 40009, 40015, 40017, 40302, 40304, 40316, 40317, 40322, 40328],
  },
  // 40020 is this number getting too many codes, for a day. The rest may be our request, its sender or its recipient.
  { class: 'unclear', codes: [10004, 10015, 40020, 40301] },
  {
    class: 'provider_config',
    codes: [
      ...[10009, 10010, 20002, 20006, 20012, 20013, 20014, 20015, 20016, 20017, 20100],
      // 10003: they refuse our callback URL. 10005, 10013: the profile that is set, or the path, is none of theirs.
      ...[10003, 10005, 10006, 10013, 10017, 40311, 40312, 40313, 40314, 40333],
    ],
  },
  {
    // Refused for the sender (40003: blocked by carriers for good; 40306: a name that is not set up), its registration,
    // or where the text goes.
    class: 'provider_config',
    scope: 'country',
    codes: [
      ...[10001, 40003, 40010, 40013, 40019, 40100, 40150, 40151, 40155],
      ...[40305, 40306, 40307, 40308, 40309, 40315, 40319, 40320, 40321, 40323, 40325],
      ...[40329, 40330, 40331],
    ],
  },
  { class: 'provider_transient', codes: [10007, 10008, 10011, 40016] },
  // The sender's own limits and queue.
  { class: 'provider_transient', scope: 'country', codes: [40011, 40018, 40318] },
  { class: 'expired', codes: [40005, 40014] },
])
