-- What an operator does by hand, and what of it holds for a while. Control data: no number and no secret in it.

-- Who did what, when and why.
CREATE TABLE ops_acts (
  acted_at INTEGER NOT NULL,
  act_id TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  who TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  until_at INTEGER,
  PRIMARY KEY (acted_at, act_id)
) STRICT, WITHOUT ROWID;

-- Providers (or providers in one country) that are asked first or last for an hour. Empty in good times.
CREATE TABLE route_orders (
  scope TEXT NOT NULL PRIMARY KEY,
  place TEXT NOT NULL,
  since_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Countries that no code SMS goes to, until an instant or, where there is none, until it is undone.
CREATE TABLE code_stops (
  country TEXT NOT NULL PRIMARY KEY,
  since_at INTEGER NOT NULL,
  until_at INTEGER
) STRICT, WITHOUT ROWID;
