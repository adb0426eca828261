-- How long alerts take and what becomes of them, counted by isolates: a lump of each a minute at most, taken into the row
-- of its hour by the minute's work. No login costs a row for it.
CREATE TABLE measures (
  flushed_at INTEGER NOT NULL,
  measure_id TEXT NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (flushed_at, measure_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE measure_hours (
  hour_at INTEGER NOT NULL PRIMARY KEY,
  cells TEXT NOT NULL,
  database_bytes INTEGER
) STRICT, WITHOUT ROWID;

-- When the minute's work, and forgetting, came last.
CREATE TABLE heartbeats (
  name TEXT NOT NULL PRIMARY KEY,
  beat_at INTEGER NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;

-- What was sick, since when, on what evidence, and until when. One of a kind and scope is open at a time.
CREATE TABLE incidents (
  incident_id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  scope TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  closed_at INTEGER,
  evidence TEXT NOT NULL,
  is_told INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX incidents_by_time ON incidents (opened_at);
CREATE UNIQUE INDEX incidents_open ON incidents (kind, scope) WHERE closed_at IS NULL;
CREATE INDEX incidents_untold ON incidents (opened_at) WHERE is_told = 0;

-- A lock that the exchange has not confirmed must be found however many other callbacks are open.
CREATE INDEX callbacks_open_locks ON callbacks (created_at) WHERE state = 'open' AND type = 'account.locked';
-- Callbacks given up, by when that was: the newest first.
CREATE INDEX callbacks_given_up ON callbacks (next_attempt_at) WHERE state IN ('stopped', 'dead');
-- Messages die seldom: a row more for each is nothing beside not seeing them.
CREATE INDEX dead_letters_by_time ON dead_letters (died_at);

-- Which trace of the exchange's a login's webhook belongs to (W3C Trace Context): in its own row, so it costs none.
ALTER TABLE logins ADD COLUMN trace TEXT;
