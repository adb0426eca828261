-- The key of every table that belongs to accounts begins with `slot`: the first byte of SHA-256(account_id), which the
-- Worker sets. SQLite cannot reckon it, so the rows that are there get -1, and the minute's walk moves them, an account
-- at a time. No default: a Worker of a former version must fail here, and leave what it has to the queues, rather than
-- store a row that nobody finds.

-- Accounts that have not been moved yet, see lib/slot.ts. A later migration may drop it once it is empty.
CREATE TABLE slotless_accounts (
  account_id TEXT PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM accounts;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM logins;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM known_marks;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM early_session_ends;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM locks;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM callbacks;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM notices;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM portal_visits;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM phone_bindings;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM passkeys;
INSERT OR IGNORE INTO slotless_accounts SELECT DISTINCT account_id FROM push_subscriptions;

-- Indexes that are read in an order name it in full: slot would come into it otherwise.

CREATE TABLE accounts_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  phone_sealed TEXT,
  phone_state TEXT NOT NULL DEFAULT 'ok',
  phone_state_code TEXT,
  locale TEXT,
  alerts TEXT NOT NULL DEFAULT 'all',
  phrase_sealed TEXT,
  totp_sealed TEXT,
  hold_until INTEGER,
  hold_lock_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  phone_tag TEXT,
  totp_last_step INTEGER,
  former_phone_sealed TEXT,
  former_phone_until INTEGER,
  PRIMARY KEY (slot, account_id)
) STRICT, WITHOUT ROWID;

INSERT INTO accounts_in_slots (slot,
  account_id, phone_sealed, phone_state, phone_state_code, locale, alerts, phrase_sealed, totp_sealed,
  hold_until, hold_lock_id, created_at, updated_at, phone_tag, totp_last_step, former_phone_sealed,
  former_phone_until)
SELECT -1,
  account_id, phone_sealed, phone_state, phone_state_code, locale, alerts, phrase_sealed, totp_sealed,
  hold_until, hold_lock_id, created_at, updated_at, phone_tag, totp_last_step, former_phone_sealed,
  former_phone_until
FROM accounts ORDER BY account_id;

DROP TABLE accounts;
ALTER TABLE accounts_in_slots RENAME TO accounts;

CREATE INDEX accounts_by_phone ON accounts (phone_tag, account_id) WHERE phone_tag IS NOT NULL;

CREATE TABLE logins_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  alert_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  country TEXT,
  city TEXT,
  hosting TEXT,
  reserved TEXT,
  ip_tail TEXT NOT NULL,
  browser TEXT,
  os TEXT,
  device_name TEXT,
  locale TEXT,
  is_parallel INTEGER NOT NULL,
  session_expires_at INTEGER,
  session_ended_at INTEGER,
  session_end TEXT,
  live_seqs TEXT NOT NULL,
  alert_number INTEGER,
  alert_count INTEGER NOT NULL,
  state TEXT NOT NULL,
  suppression_reason TEXT,
  is_open INTEGER NOT NULL,
  lease_until INTEGER,
  wave INTEGER NOT NULL DEFAULT 1,
  version INTEGER NOT NULL DEFAULT 0,
  attempts TEXT NOT NULL,
  known_marks TEXT NOT NULL DEFAULT '{}',
  is_familiar INTEGER NOT NULL DEFAULT 0,
  merged_into INTEGER,
  confirmed_at INTEGER,
  pushes TEXT NOT NULL DEFAULT '[]',
  claim TEXT,
  PRIMARY KEY (slot, account_id, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO logins_in_slots (slot,
  account_id, seq, alert_id, session_id, occurred_at, received_at, country, city, hosting, reserved, ip_tail,
  browser, os, device_name, locale, is_parallel, session_expires_at, session_ended_at, session_end,
  live_seqs, alert_number, alert_count, state, suppression_reason, is_open, lease_until, wave, version,
  attempts, known_marks, is_familiar, merged_into, confirmed_at, pushes, claim)
SELECT -1,
  account_id, seq, alert_id, session_id, occurred_at, received_at, country, city, hosting, reserved, ip_tail,
  browser, os, device_name, locale, is_parallel, session_expires_at, session_ended_at, session_end,
  live_seqs, alert_number, alert_count, state, suppression_reason, is_open, lease_until, wave, version,
  attempts, known_marks, is_familiar, merged_into, confirmed_at, pushes, claim
FROM logins ORDER BY account_id, seq;

DROP TABLE logins;
ALTER TABLE logins_in_slots RENAME TO logins;

CREATE UNIQUE INDEX logins_by_alert ON logins (alert_id);
CREATE INDEX logins_by_session ON logins (session_id);
CREATE INDEX logins_open ON logins (received_at, account_id, seq) WHERE is_open = 1;

CREATE TABLE known_marks_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  marks TEXT NOT NULL,
  PRIMARY KEY (slot, account_id)
) STRICT, WITHOUT ROWID;

INSERT INTO known_marks_in_slots (slot,
  account_id, marks)
SELECT -1,
  account_id, marks
FROM known_marks ORDER BY account_id;

DROP TABLE known_marks;
ALTER TABLE known_marks_in_slots RENAME TO known_marks;

CREATE TABLE early_session_ends_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (slot, account_id, session_id)
) STRICT, WITHOUT ROWID;

INSERT INTO early_session_ends_in_slots (slot,
  account_id, session_id, ended_at)
SELECT -1,
  account_id, session_id, ended_at
FROM early_session_ends ORDER BY account_id, session_id;

DROP TABLE early_session_ends;
ALTER TABLE early_session_ends_in_slots RENAME TO early_session_ends;

CREATE TABLE locks_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  lock_id TEXT NOT NULL,
  alert_id TEXT,
  via TEXT NOT NULL,
  locked_at INTEGER NOT NULL,
  hold_until INTEGER NOT NULL,
  lifted_at INTEGER,
  lift_reason TEXT,
  PRIMARY KEY (slot, account_id, lock_id)
) STRICT, WITHOUT ROWID;

INSERT INTO locks_in_slots (slot,
  account_id, lock_id, alert_id, via, locked_at, hold_until, lifted_at, lift_reason)
SELECT -1,
  account_id, lock_id, alert_id, via, locked_at, hold_until, lifted_at, lift_reason
FROM locks ORDER BY account_id, lock_id;

DROP TABLE locks;
ALTER TABLE locks_in_slots RENAME TO locks;

CREATE TABLE callbacks_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  callback_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_status INTEGER,
  last_error TEXT,
  lease_until INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  PRIMARY KEY (slot, account_id, callback_id)
) STRICT, WITHOUT ROWID;

INSERT INTO callbacks_in_slots (slot,
  account_id, callback_id, type, body, state, attempts, last_status, last_error, lease_until,
  next_attempt_at, created_at, confirmed_at)
SELECT -1,
  account_id, callback_id, type, body, state, attempts, last_status, last_error, lease_until,
  next_attempt_at, created_at, confirmed_at
FROM callbacks ORDER BY account_id, callback_id;

DROP TABLE callbacks;
ALTER TABLE callbacks_in_slots RENAME TO callbacks;

CREATE INDEX callbacks_open ON callbacks (created_at, account_id, callback_id) WHERE state = 'open';

CREATE TABLE notices_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  until_at INTEGER,
  provider TEXT,
  state TEXT NOT NULL,
  attempts TEXT NOT NULL,
  lease_until INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  phone_sealed TEXT,
  subject TEXT,
  PRIMARY KEY (slot, account_id, notice_id)
) STRICT, WITHOUT ROWID;

INSERT INTO notices_in_slots (slot,
  account_id, notice_id, kind, until_at, provider, state, attempts, lease_until, created_at, phone_sealed,
  subject)
SELECT -1,
  account_id, notice_id, kind, until_at, provider, state, attempts, lease_until, created_at, phone_sealed,
  subject
FROM notices ORDER BY account_id, notice_id;

DROP TABLE notices;
ALTER TABLE notices_in_slots RENAME TO notices;

CREATE INDEX notices_open ON notices (created_at, account_id, notice_id) WHERE state = 'open';

CREATE TABLE portal_visits_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  visit_id TEXT NOT NULL,
  secret_tag TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  otp_at INTEGER,
  PRIMARY KEY (slot, account_id, visit_id)
) STRICT, WITHOUT ROWID;

INSERT INTO portal_visits_in_slots (slot,
  account_id, visit_id, secret_tag, started_at, expires_at, otp_at)
SELECT -1,
  account_id, visit_id, secret_tag, started_at, expires_at, otp_at
FROM portal_visits ORDER BY account_id, visit_id;

DROP TABLE portal_visits;
ALTER TABLE portal_visits_in_slots RENAME TO portal_visits;

CREATE TABLE phone_bindings_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  binding_id TEXT NOT NULL,
  phone_sealed TEXT NOT NULL,
  phone_tag TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  codes_sent_at TEXT NOT NULL,
  PRIMARY KEY (slot, account_id)
) STRICT, WITHOUT ROWID;

INSERT INTO phone_bindings_in_slots (slot,
  account_id, binding_id, phone_sealed, phone_tag, started_at, expires_at, tries, codes_sent_at)
SELECT -1,
  account_id, binding_id, phone_sealed, phone_tag, started_at, expires_at, tries, codes_sent_at
FROM phone_bindings ORDER BY account_id;

DROP TABLE phone_bindings;
ALTER TABLE phone_bindings_in_slots RENAME TO phone_bindings;

CREATE TABLE passkeys_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  public_key TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  transports TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (slot, account_id, credential_id)
) STRICT, WITHOUT ROWID;

INSERT INTO passkeys_in_slots (slot,
  account_id, credential_id, public_key, sign_count, transports, name, created_at, last_used_at)
SELECT -1,
  account_id, credential_id, public_key, sign_count, transports, name, created_at, last_used_at
FROM passkeys ORDER BY account_id, credential_id;

DROP TABLE passkeys;
ALTER TABLE passkeys_in_slots RENAME TO passkeys;

CREATE TABLE push_subscriptions_in_slots (
  slot INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  subscription_id TEXT NOT NULL,
  subscription_sealed TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_accepted_at INTEGER,
  PRIMARY KEY (slot, account_id, subscription_id)
) STRICT, WITHOUT ROWID;

INSERT INTO push_subscriptions_in_slots (slot,
  account_id, subscription_id, subscription_sealed, name, created_at, last_accepted_at)
SELECT -1,
  account_id, subscription_id, subscription_sealed, name, created_at, last_accepted_at
FROM push_subscriptions ORDER BY account_id, subscription_id;

DROP TABLE push_subscriptions;
ALTER TABLE push_subscriptions_in_slots RENAME TO push_subscriptions;
