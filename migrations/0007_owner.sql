-- The last time step of a TOTP code that was used: no code counts twice (RFC 6238 §5.2).
ALTER TABLE accounts ADD COLUMN totp_last_step INTEGER;
-- The number before this one: told of each alert for a while, so that nobody changes a number in silence.
ALTER TABLE accounts ADD COLUMN former_phone_sealed TEXT;
ALTER TABLE accounts ADD COLUMN former_phone_until INTEGER;

-- The owner said "it was me", with a passkey.
ALTER TABLE logins ADD COLUMN confirmed_at INTEGER;
-- Push notifications of this login: one entry per device.
ALTER TABLE logins ADD COLUMN pushes TEXT NOT NULL DEFAULT '[]';

-- To another number than the account's; null: to the account's.
ALTER TABLE notices ADD COLUMN phone_sealed TEXT;
-- What the notice is about: a login's sequence, a binding.
ALTER TABLE notices ADD COLUMN subject TEXT;

-- A visit to the owner's pages; the row is also what makes its entry link work once.
CREATE TABLE portal_visits (
  account_id TEXT NOT NULL,
  visit_id TEXT NOT NULL,
  -- Keyed hash of the cookie's secret; empty once the owner has left.
  secret_tag TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- When the exchange, or we, last saw a TOTP code.
  otp_at INTEGER,
  PRIMARY KEY (account_id, visit_id)
) STRICT, WITHOUT ROWID;

-- The number that is being bound, until its code is typed; the code is derived from binding_id.
CREATE TABLE phone_bindings (
  account_id TEXT PRIMARY KEY NOT NULL,
  binding_id TEXT NOT NULL,
  phone_sealed TEXT NOT NULL,
  phone_tag TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  -- Instants of the code's SMS, a JSON list.
  codes_sent_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
  account_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  -- COSE key, base64url.
  public_key TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  transports TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (account_id, credential_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE push_subscriptions (
  account_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  -- Endpoint and keys, sealed: the endpoint names a device.
  subscription_sealed TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_accepted_at INTEGER,
  PRIMARY KEY (account_id, subscription_id)
) STRICT, WITHOUT ROWID;
