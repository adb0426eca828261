-- Who holds the lease of an alert: a random token, given with the insert or with the claim.
ALTER TABLE logins ADD COLUMN claim TEXT;

-- Devices, countries and networks of an account: keyed marks, and the day (since 1970) on which each was last seen.
-- logins.known_marks is written no more; it is read where an account has no row here yet.
CREATE TABLE known_marks (
  account_id TEXT PRIMARY KEY NOT NULL,
  marks TEXT NOT NULL
) STRICT, WITHOUT ROWID;
