// Twilio's codes for Programmable Messaging: of a refused send and of a failed delivery alike. What may be one thing or
// another is listed as `unclear`, though that is what an unknown code means too: so that nobody sorts it in by guessing.
// Source: https://www.twilio.com/docs/api/errors and its page per code.

import { codeTable } from '../refusal.ts'

export const TWILIO_CODES = codeTable([
  { class: 'recipient_permanent', codes: [21211, 21217, 21401, 21614, 21635] },
  // 30003 is mostly a phone that is off; 30005 and 30006 are said of phones that are off or roaming, too. The rest is
  // congestion behind Twilio.
  {
    class: 'recipient_temporary',
    codes: [30003, 30005, 30006, 30008, 30009, 30017, 30410],
  },
  // The one code that means a STOP. 30004 may be one, a registry, a filter or a carrier's mood.
  { class: 'opted_out', codes: [21610] },
  // Too long, empty, with characters no phone shows; or a filter did not like this text.
  { class: 'message_rejected', codes: [21602, 21617, 21618, 21619, 30007, 30019] },
  // 30450 is a guard against pumped traffic: of this number for now, whatever the text.
  { class: 'unclear', codes: [21214, 21265, 21421, 21604, 21605, 30004, 30011, 30450] },
  {
    class: 'provider_config',
    codes: [
      ...[10001, 10002, 20003, 20005, 20006, 20008, 20010, 20403, 20404, 30002, 63038, 90010],
      // A sender or service that is in nobody's account; a validity period or callback URL they do not take, one and the
      // same for every message.
      ...[21603, 21609, 21624, 21701, 21702, 21705, 21707, 21708, 21709, 30012, 30013, 30037],
      90007,
    ],
  },
  {
    // Refused for where the text goes: geo permission, price, a pair of sender and country that has no route, a sender
    // that is unfit or not registered there, a service without one for the country, a trial's unverified number.
    class: 'provider_config',
    scope: 'country',
    codes: [
      ...[21212, 21215, 21219, 21408, 21601, 21606, 21607, 21608, 21612, 21616],
      ...[21659, 21660, 21661, 21703, 21704, 21706, 21711, 21712, 21715, 21910],
      ...[30010, 30018, 30024, 30032, 30033, 30034, 30035, 30042],
    ],
  },
  { class: 'provider_transient', codes: [14107, 20429, 20500, 20503, 21730, 30001, 30020, 30021] },
  // Full or used up for the day: the sender of this country, not Twilio.
  { class: 'provider_transient', scope: 'country', codes: [21611, 30022, 30023, 30027] },
  { class: 'expired', codes: [30036, 30045] },
])
