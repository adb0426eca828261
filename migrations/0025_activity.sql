-- What happens in an account beside its logins is told as they are: with a number, a link and a code of the same row. The
-- newest login before it is carried, since what is known of logins must not be read from such a row, and so are the SMS
-- that each kind has used up today.
ALTER TABLE logins ADD COLUMN activity TEXT;
ALTER TABLE logins ADD COLUMN activity_as_sent TEXT;
ALTER TABLE logins ADD COLUMN detail TEXT;
ALTER TABLE logins ADD COLUMN login_seq INTEGER;
ALTER TABLE logins ADD COLUMN activities_today TEXT;

-- Activities beyond what is told and kept of one kind: only that they came, so that one that comes again is known, and
-- how many there were. No number, no text and no row among the logins: a stranger can cause them without end.
CREATE TABLE counted_activities (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  activity TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (slot, account_id, alert_id)
) STRICT, WITHOUT ROWID;
