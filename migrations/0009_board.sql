-- What a breaker was opened on, in words.
ALTER TABLE breakers ADD COLUMN figure TEXT NOT NULL DEFAULT '';

-- What isolates saw of a provider since somebody complained of it: written with faults alone, read for half a minute,
-- deleted by the minute's work.
CREATE TABLE route_faults (
  noted_at INTEGER NOT NULL,
  note_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  faults INTEGER NOT NULL,
  successes INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (noted_at, note_id)
) STRICT, WITHOUT ROWID;

-- Every automatic change of whom we ask first, with who made it, on what figure, until when. Kept for 30 days.
CREATE TABLE route_changes (
  opened_at INTEGER NOT NULL,
  scope TEXT NOT NULL,
  change TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  figure TEXT NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (opened_at, scope, change)
) STRICT, WITHOUT ROWID;
