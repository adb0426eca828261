// The hold that a login begins which is not recognised, and the marks of such logins, which wait with it: they become known
// only if the owner releases it. Whether a login holds was decided where it was stored; here that is written down.

import { nameParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS, ofAccountText, SLOT } from '../lib/slot.ts'
import { DAY_MS } from '../lib/time.ts'
import { COOLING_OFF_CAUSE } from '../login/cooling-off.ts'
import type { LoginToInsert } from '../login/insert-login.ts'
import {
  KNOWS,
  KNOWS_PARAMETERS,
  lastLoginJoin,
  MARKS_BEFORE,
  TODAY,
} from '../login/known-marks.ts'

/** Logins whose marks wait in one hold, the first of them: whoever logs in all night must not push out who began it. */
const PENDING_MAX = 20

type HeldLogin = Pick<LoginToInsert, 'claim'> & LoginToInsert & { readonly holdId: string }

/** A path of JSON, `$."d:…"`, without what stands around the name. */
const nameOf = (path: string) => `substr(${path}, 4, length(${path}) - 4)`

/**
 * What was new is found again: the marks of the account are as they were before the login. Run once more by a queue, for a login
 * that came into a hold which was lifted since, it begins none: the login's own would have another end.
 */
const TEXT = `
INSERT INTO holds (slot, account_id, hold_id, reason, started_at, until, alert_id, cause, pending_marks)
WITH before AS MATERIALIZED (
  SELECT ${MARKS_BEFORE} AS marks, this.hold_until AS until
  FROM logins AS this
  LEFT JOIN known_marks AS kept ON ${ofAccountText('kept')}
  LEFT JOIN logins AS last ON ${ofAccountText('last')} AND last.seq = this.seq - 1
  ${lastLoginJoin('last')}
  WHERE this.alert_id = :alertId AND ${ofAccountText('this')} AND this.claim = :claim
    AND this.hold_until IS NOT NULL
), running AS MATERIALIZED (
  SELECT hold_id, max(until) FROM holds WHERE ${ofAccountText('holds')}
    AND reason = 'cooling_off' AND lifted_at IS NULL AND until = (SELECT until FROM before)
)
SELECT ${SLOT}, :accountId, coalesce((SELECT hold_id FROM running), :holdId), 'cooling_off', :receivedAt, until,
  :alertId, ${COOLING_OFF_CAUSE}, json_object(:alertId, json_object(
    ${nameOf(':devicePath')}, ${TODAY}, ${nameOf(':countryPath')}, ${TODAY}, ${nameOf(':networkPath')}, ${TODAY}))
FROM (SELECT until, ${KNOWS} FROM before)
WHERE (SELECT hold_id FROM running) IS NOT NULL OR until = :receivedAt + :coolingOffMs
ON CONFLICT (slot, account_id, hold_id) DO UPDATE SET pending_marks = json_patch(pending_marks, excluded.pending_marks)
  WHERE (SELECT count(*) FROM json_each(holds.pending_marks)) < ${PENDING_MAX}`

const NOTE_HOLD = nameParameters<HeldLogin>(TEXT, {
  ...KNOWS_PARAMETERS,
  ...ACCOUNT_PARAMETERS,
  alertId: (login) => login.alertId,
  claim: (login) => login.claim,
  holdId: (login) => login.holdId,
  receivedAt: (login) => login.receivedAt,
  coolingOffMs: (login) => login.coolingOffMs,
  today: (login) => Math.floor(login.receivedAt / DAY_MS),
})

/** For the batch of the login, after its marks: writes nothing unless that batch stored it, and it holds. */
export function beginLoginHoldStatement(
  database: D1Database,
  login: HeldLogin,
): D1PreparedStatement {
  return database.prepare(NOTE_HOLD.text).bind(...NOTE_HOLD.valuesOf(login))
}
