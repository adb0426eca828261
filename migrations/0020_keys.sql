-- Which key of DATA_SECRETS still holds what: found by a walk that seals anew what an older key, or a version from before keys
-- had names, has sealed. One row a walk, and one a key (the name '' stands for values without one).
CREATE TABLE seal_walks (
  name TEXT NOT NULL PRIMARY KEY,
  key_names TEXT NOT NULL,
  part TEXT NOT NULL,
  after TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  counts TEXT NOT NULL,
  outstanding INTEGER NOT NULL DEFAULT 0,
  alerts INTEGER NOT NULL DEFAULT 0,
  unrecognised INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE sealing_keys (
  key_name TEXT NOT NULL PRIMARY KEY,
  current_from INTEGER,
  current_until INTEGER,
  held TEXT NOT NULL,
  counted_at INTEGER,
  seals INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
