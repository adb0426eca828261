-- Counts of guesses in fixed windows; a scope is a keyed hash and says nothing of a number or an address.
CREATE TABLE attempt_limits (
  scope TEXT PRIMARY KEY NOT NULL,
  window_started_at INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
