// Infobip's two number spaces: the status of a message and the error of a delivery. Source:
// https://www.infobip.com/docs/developer-resources/api-fundamentals (message status codes, error
// code reference). Its `permanent` flag says that it will not try again, not that the number is none.

import { codeTable } from '../refusal.ts'

/** By `status.id`. The undeliverable ones (4, 9, 31) say too little: their error decides. */
export const INFOBIP_STATUSES = codeTable([
  { class: 'recipient_permanent', codes: [8, 51, 52] },
  { class: 'message_rejected', codes: [24, 25] },
  {
    // 10 is a registry of numbers that want no advertising, 14 a blocklist of the account's or the user's. 20 is the
    // flood filter and 87 the fraud score, both of this number for now.
    class: 'unclear',
    codes: [10, 14, 20, 87, 99],
  },
  { class: 'provider_config', codes: [12, 17] },
  // 6: network not covered; 11, 13: the sender; 18: test account, other number; 19: no route.
  { class: 'provider_config', scope: 'country', codes: [6, 11, 13, 18, 19] },
  { class: 'provider_transient', codes: [21, 100] },
  { class: 'expired', codes: [15, 29] },
  // They have this id already: what became of the first request is not known.
  { class: 'ambiguous', codes: [23] },
])

/** India's registry of senders and templates (DLT) refuses with 4106 to 4158. */
const DLT = Array.from({ length: 4158 - 4106 + 1 }, (_, index) => 4106 + index)

/** By `error.id`. */
export const INFOBIP_ERRORS = codeTable([
  { class: 'provider_config', scope: 'country', codes: DLT },
  { class: 'message_rejected', codes: [4144] },
  // Unknown to its network, or switched off for good.
  { class: 'recipient_permanent', codes: [1, 3041] },
  {
    // A plan without SMS, barred, roaming, suspended, ported: lasting or not, they do not say.
    class: 'recipient_temporary',
    codes: [9, 11, 12, 352, 541, 542, 565, 568, 569, 628, 629, 630, 631, 2049],
  },
  // The one that is a STOP. The rest are blocklists of the user, the operator or the account.
  { class: 'opted_out', codes: [603] },
  { class: 'unclear', codes: [573, 604, 2050, 2051, 2052] },
  {
    class: 'message_rejected',
    codes: [323, 355, 561, 607, 608, 4096, 4103, 4104, 5492],
  },
  {
    class: 'provider_config',
    codes: [368, 375, 433, 488, 571, 572, 577, 578, 579, 580, 592, 597, 601, 609, 2053, 4099, 4202],
  },
  { class: 'provider_transient', codes: [4097, 4102, 4107] },
  // Flagged permanent by Infobip, yet it is only time that ran out.
  { class: 'expired', codes: [811, 4098, 4100, 4101] },
])
