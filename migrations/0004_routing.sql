-- Samples of calls and receipts in lumps, one row for 32 or more; read and deleted within minutes.
CREATE TABLE route_samples (
  flushed_at INTEGER NOT NULL,
  sample_id TEXT NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (flushed_at, sample_id)
) STRICT, WITHOUT ROWID;

-- Only providers that were lowered lately have a row; no row means all of its points at rest.
CREATE TABLE route_weights (
  scope TEXT PRIMARY KEY NOT NULL,
  kept_percent INTEGER NOT NULL,
  relapses INTEGER NOT NULL,
  retry_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
