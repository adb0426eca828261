-- Which slots are in this database. DB has every slot that no row here denies, any other database only those that a row
-- names: without rows all accounts are in DB, as before. A slot moves by `npm run move-slot`.

CREATE TABLE slots (
  slot INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  moved_to TEXT,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
