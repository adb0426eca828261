-- A reply names a number, not an account: the tag is a keyed hash of the number, see account/phone-tag.ts.
ALTER TABLE accounts ADD COLUMN phone_tag TEXT;

CREATE INDEX accounts_by_phone ON accounts (phone_tag) WHERE phone_tag IS NOT NULL;

CREATE TABLE notices (
  account_id TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  until_at INTEGER,
  provider TEXT,
  state TEXT NOT NULL,
  attempts TEXT NOT NULL,
  lease_until INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, notice_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX notices_open ON notices (created_at) WHERE state = 'open';
