CREATE TABLE accounts (
  account_id TEXT PRIMARY KEY NOT NULL,
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
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE logins (
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
  PRIMARY KEY (account_id, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX logins_by_alert ON logins (alert_id);
CREATE INDEX logins_by_session ON logins (session_id);
CREATE INDEX logins_open ON logins (received_at) WHERE is_open = 1;

CREATE TABLE locks (
  account_id TEXT NOT NULL,
  lock_id TEXT NOT NULL,
  alert_id TEXT,
  via TEXT NOT NULL,
  locked_at INTEGER NOT NULL,
  hold_until INTEGER NOT NULL,
  lifted_at INTEGER,
  lift_reason TEXT,
  PRIMARY KEY (account_id, lock_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE early_session_ends (
  account_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, session_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE callbacks (
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
  PRIMARY KEY (account_id, callback_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX callbacks_open ON callbacks (created_at) WHERE state = 'open';

CREATE TABLE breakers (
  scope TEXT PRIMARY KEY NOT NULL,
  opened_at INTEGER NOT NULL,
  open_until INTEGER NOT NULL,
  probe_until INTEGER NOT NULL DEFAULT 0,
  trips INTEGER NOT NULL,
  code TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
  message_id TEXT PRIMARY KEY NOT NULL,
  queue TEXT NOT NULL,
  kind TEXT NOT NULL,
  account_id TEXT,
  subject_id TEXT,
  reason TEXT NOT NULL,
  died_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE retention_cursor (
  name TEXT PRIMARY KEY NOT NULL,
  account_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
