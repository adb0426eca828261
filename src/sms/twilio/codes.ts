// Twilio's codes for Programmable Messaging: of a refused send and of a failed delivery alike.
// Source: https://www.twilio.com/docs/api/errors and its page per code.

import { codeTable } from '../refusal.ts'

export const TWILIO_CODES = codeTable([
  {
    class: 'recipient_permanent',
    codes: [
      ...[21211, 21214, 21217, 21265, 21401, 21421, 21604, 21614],
      // 21635: a landline where Twilio does not even try.
      ...[21635, 30005, 30006, 30011],
    ],
  },
  // 30003 is mostly a phone that is off; the rest are congestion and carriers' daily caps.
  {
    class: 'recipient_temporary',
    codes: [30003, 30008, 30009, 30017, 30022, 30023, 30027, 30410],
  },
  { class: 'opted_out', codes: [21610, 30004] },
  {
    class: 'message_rejected',
    codes: [
      ...[21602, 21605, 21617, 21618, 21619, 30007, 30010, 30012, 30013, 30019, 30450],
      // A validity period they do not take is our request at fault, not time that has passed.
      ...[21624, 90007],
    ],
  },
  {
    class: 'provider_config',
    codes: [
      ...[10001, 10002, 20003, 20005, 20006, 20008, 20010, 20403, 20404, 30002, 63038, 90010],
      ...[21212, 21603, 21607, 21616, 30042],
      // 21609: they refuse our callback URL, which is one and the same for every message.
      ...[21609, 21701, 21702, 21703, 21704, 21705, 21706, 21707, 21708, 21709],
    ],
  },
  {
    // Refused for where the text goes: geo permission, a pair of sender and country that has no
    // route, a sender not registered there, a trial account's unverified number.
    class: 'provider_config',
    scope: 'country',
    codes: [
      ...[21215, 21219, 21408, 21606, 21608, 21612],
      ...[30018, 30024, 30032, 30033, 30034, 30035],
    ],
  },
  {
    class: 'provider_transient',
    codes: [14107, 20429, 20500, 20503, 21611, 30001, 30020, 30021],
  },
  { class: 'expired', codes: [30036, 30045] },
])
