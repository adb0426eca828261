// What the owner's release of a hold makes known: the marks of logins that waited with it. Reads the hold's row and the
// account's locks, since what may become known is decided where it is written.

import { nameParameters } from '../lib/named-parameters.ts'
import { ACCOUNT_PARAMETERS, ofAccountText, SLOT } from '../lib/slot.ts'
import { lastLoginJoin, MARKS_BEFORE, MARKS_MAX } from './known-marks.ts'
import { LOCK_ENDS_UNTIL } from './login.ts'

export type MarksToRelease = {
  readonly accountId: string
  readonly holdId: string
  /** Of the logins that the owner says were his. Not all that wait: one of them may be the thief's. */
  readonly alertIds: readonly string[]
  /** By which the hold is known to be ended as was meant: another may have been first. */
  readonly liftReason: string
}

// A login before a lock stays unknown: a lock says that one of those was not the owner's.
const TEXT = `
INSERT INTO known_marks (slot, account_id, marks)
WITH released AS MATERIALIZED (
  SELECT mark.key AS key, mark.value AS day
  FROM holds, json_each(holds.pending_marks) AS pending, json_each(pending.value) AS mark
  WHERE ${ofAccountText('holds')} AND holds.hold_id = :holdId AND holds.lift_reason = :liftReason
    AND pending.key IN (SELECT value FROM json_each(:alertIds))
    AND NOT EXISTS (SELECT 1 FROM locks, logins AS login
      WHERE ${ofAccountText('locks')} AND login.alert_id = pending.key AND ${ofAccountText('login')}
        AND ${LOCK_ENDS_UNTIL} >= login.occurred_at)
), before AS MATERIALIZED (
  SELECT ${MARKS_BEFORE} AS marks FROM (SELECT 1)
  LEFT JOIN known_marks AS kept ON ${ofAccountText('kept')}
  LEFT JOIN (SELECT seq, activity, login_seq FROM logins WHERE ${ofAccountText('logins')}
    ORDER BY seq DESC LIMIT 1) AS last
  ${lastLoginJoin('last')}
)
SELECT ${SLOT}, :accountId, (SELECT json_group_object(key, day) FROM (
  SELECT key, max(day) AS day FROM (
    SELECT key, day FROM released UNION ALL SELECT each.key, each.value FROM before, json_each(before.marks) AS each)
  GROUP BY key ORDER BY day DESC, key IN (SELECT key FROM released) DESC LIMIT ${MARKS_MAX}))
FROM before WHERE EXISTS (SELECT 1 FROM released)
ON CONFLICT (slot, account_id) DO UPDATE SET marks = excluded.marks`

const RELEASE_MARKS = nameParameters<MarksToRelease>(TEXT, {
  ...ACCOUNT_PARAMETERS,
  holdId: ({ holdId }) => holdId,
  alertIds: ({ alertIds }) => JSON.stringify(alertIds),
  liftReason: ({ liftReason }) => liftReason,
})

/** For the batch of the release, after the hold was ended there: writes nothing where it was not. */
export function releaseMarksStatement(
  database: D1Database,
  release: MarksToRelease,
): D1PreparedStatement {
  return database.prepare(RELEASE_MARKS.text).bind(...RELEASE_MARKS.valuesOf(release))
}
