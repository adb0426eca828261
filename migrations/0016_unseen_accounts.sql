-- A row that a lock or a visit has made says nothing of whether the exchange knows the account: 1 until an import. Rows from
-- before count as imported, as they did.
ALTER TABLE accounts ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;
