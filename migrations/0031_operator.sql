-- Accounts of a slot that is being copied to another database, whose rows have changed since: they are copied once more. Empty
-- unless a slot is on its way from here. `changes` counts, so that a change that came meanwhile is not taken for the one before.
CREATE TABLE changed_accounts (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (slot, account_id)
) STRICT, WITHOUT ROWID;

-- Holds that nobody has ended, by when they end: how many run is counted for the operator's page, and for it alone.
CREATE INDEX holds_running ON holds (until, reason) WHERE lifted_at IS NULL;
