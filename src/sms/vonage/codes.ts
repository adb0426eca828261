// Vonage's codes of the Messages API: the fragment of an error's `type`, or the `title` of a failed
// status. One list for both, as Vonage keeps it; where the meaning of a number has changed over time,
// the milder reading is taken. Source: https://developer.vonage.com/en/api-errors/messages and, for
// the named ones, https://developer.vonage.com/en/api-errors

import { codeTable } from '../refusal.ts'

export const VONAGE_CODES = codeTable([
  { class: 'recipient_permanent', codes: [1170, 1300, 1310] },
  // They blame the number without saying that it will last; 1190 is a subscriber who is "absent for good".
  { class: 'recipient_temporary', codes: [1180, 1190, 1200, 1220, 1260, 1290, 1330, 1430] },
  // "Illegal number": the recipient has opted out.
  { class: 'opted_out', codes: [1240] },
  // Filters, and texts they cannot carry.
  { class: 'message_rejected', codes: [1090, 1110, 1210, 1270, 1282, 1320, 1340] },
  {
    // 1050 is a blacklist of somebody's, 1280 a plan without SMS or a suspended one; the rest may be our request, the
    // sender or the recipient ("parameters").
    class: 'unclear',
    codes: [
      ...[1010, 1020, 1021, 1022, 1040, 1050, 1130, 1150, 1280],
      ...[1400, 1410, 1431, 1440, 1450, 1451, 1461, 1473, 1483, 2001],
      ...['invalid-params', 'invalid-json', 'invalid-id', 'wrong-verb'],
      ...['accept-header', 'content-type-header', 'not-found'],
    ],
  },
  {
    class: 'provider_config',
    codes: [
      ...[1060, 1070, 1080, 1140, 1242, 1460, 1476],
      ...['low-balance', 'unauthorized', 'forbidden', 'unprovisioned', 'account-suspended'],
      ...['application-suspended', 'invalid-api-key', 'invalid-signature', 'invalid-ip'],
      ...['multiple-auth-methods', 'jwt-expired', 'jwt-revoked'],
    ],
  },
  {
    // A sender the country does not take, a route it lacks, a rule for it, India's registry.
    class: 'provider_config',
    scope: 'country',
    codes: [
      ...[1120, 1160, 1250, 1251, 1420, 1470, 1472, 1474, 1475, 1480, 1481, 1482, 1484],
      'unavailable-legal',
    ],
  },
  { class: 'provider_transient', codes: [1000, 1030, 1100, 1230, 1241, 1331, 'throttled'] },
  { class: 'expired', codes: [1360] },
  // Some segments were confirmed, others not.
  { class: 'ambiguous', codes: [1490] },
])
