-- Ways to lock without an alert. A card that is printed: one row for the account's own card, gone when it is revoked. A trusted
-- contact: a number, sealed, and the word that its owner is to send; found by the number's tag, as accounts are. And passkeys
-- by which somebody is found who says nothing else: those of before do not sign without being named, and stay as they are.
CREATE TABLE lock_cards (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  card_number INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  key_name TEXT NOT NULL,
  PRIMARY KEY (slot, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE lock_contacts (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  phone_sealed TEXT NOT NULL,
  phone_tag TEXT NOT NULL,
  word_sealed TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  asked_at INTEGER NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (slot, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lock_contacts_by_tag ON lock_contacts (phone_tag);

ALTER TABLE passkeys ADD COLUMN is_discoverable INTEGER NOT NULL DEFAULT 0;
CREATE INDEX passkeys_by_credential ON passkeys (credential_id);
