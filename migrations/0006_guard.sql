-- Code SMS per hour in each country, in each block of 10,000 numbers (a keyed hash) and in all ('*').
CREATE TABLE code_counts (
  scope TEXT NOT NULL,
  hour_at INTEGER NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  segments INTEGER NOT NULL DEFAULT 0,
  verified INTEGER NOT NULL DEFAULT 0,
  excused INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (scope, hour_at)
) STRICT, WITHOUT ROWID;

-- A row for each day on which the cap on code SMS was reached.
CREATE TABLE code_caps (
  day_at INTEGER PRIMARY KEY NOT NULL,
  reached_at INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  cap_segments INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
