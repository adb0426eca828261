-- Holds that no lock made: planned by the owner, begun by an activity, or by a login that was not recognised. The hold of a
-- lock stays where it is, in the account and its lock.
CREATE TABLE holds (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  hold_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  alert_id TEXT,
  cause TEXT NOT NULL,
  pending_marks TEXT,
  lifted_at INTEGER,
  lift_reason TEXT,
  PRIMARY KEY (slot, account_id, hold_id)
) STRICT, WITHOUT ROWID;

-- Until when the login began a hold: what its SMS says of it, at every try. Null of one that began none.
ALTER TABLE logins ADD COLUMN hold_until INTEGER;
