-- Lifts that the exchange has asked for and that are due later. A row for each hold, for as long as the hold is kept: what was
-- stopped once is not asked for again. The index has a row only while one waits, so that the minute's look finds nothing else.
CREATE TABLE hold_lifts (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  hold_id TEXT NOT NULL,
  request_number INTEGER NOT NULL,
  reason TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  ended TEXT,
  ended_at INTEGER,
  PRIMARY KEY (slot, account_id, hold_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_lifts_due ON hold_lifts (due_at) WHERE ended IS NULL;

-- 1: the owner lets nobody but their own passkey end a hold early, whatever the deployment's policy.
ALTER TABLE accounts ADD COLUMN owner_lifts INTEGER NOT NULL DEFAULT 0;
