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
    class: 'message_rejected',
    codes: [
      ...[10004, 10015, 40007, 40009, 40301, 40302, 40304, 40316, 40317, 40328],
      // Spam filters of theirs and of carriers; 40020 is this number getting too many codes.
      ...[40002, 40003, 40015, 40017, 40020, 40322],
    ],
  },
  {
    class: 'provider_config',
    codes: [
      ...[10009, 10010, 20002, 20006, 20012, 20013, 20014, 20015, 20016, 20017, 20100],
      // 10003: they refuse our callback URL, which is one and the same for every message.
      ...[10003, 40013, 40100, 40150, 40151, 40305, 40306, 40307, 40308, 40311, 40312, 40313],
      ...[40314, 40315, 40320, 40321, 40325, 40333],
    ],
  },
  {
    // Refused for where the text goes: unregistered US senders (10DLC, toll-free), a region that is
    // not allowed, a number this kind of sender does not reach.
    class: 'provider_config',
    scope: 'country',
    codes: [40010, 40309, 40319, 40329, 40330, 40331],
  },
  { class: 'provider_transient', codes: [10007, 10008, 10011, 40011, 40016, 40018, 40318] },
  { class: 'expired', codes: [40005, 40014] },
])
