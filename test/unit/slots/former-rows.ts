// What a version from before slots left behind, as its own SQL wrote it: an alert in the midst of its round, a lock that
// the exchange has not confirmed, with its hold, a visit that was entered, a number that is being bound, and a row of
// every other kind. Of the accounts, `early` has nothing but the end of a session.

import type { FormerRows } from '../../support/migrated-database.ts'

const AT = Date.UTC(2026, 10, 23, 14, 3, 27)

/** The moment of these rows. */
export const THEN = AT

const login = (accountId: string, seq: number, state: string, more: string) =>
  `INSERT INTO logins (account_id, seq, alert_id, session_id, occurred_at, received_at, country, ip_tail, is_parallel,
     live_seqs, alert_number, alert_count, state, is_open, lease_until, claim, attempts, session_ended_at, session_end)
   VALUES ('${accountId}', ${seq}, 'alr_${accountId}_${seq}', 's_${accountId}_${seq}', ${AT}, ${AT}, 'DE', '13.77', 0,
     '[${seq}]', ${seq}, ${seq}, '${state}', ${more});`

export const FORMER_ROWS: FormerRows = {
  lastMigration: '0010_dead_letters.sql',
  sql: `
  INSERT INTO accounts (account_id, phone_sealed, phone_tag, totp_sealed, created_at, updated_at)
    VALUES ('owner', 'sealed', 'tag_owner', 'secret', 1, 1), ('other', 'sealed', 'tag_owner', NULL, 1, 1);
  INSERT INTO accounts (account_id, hold_until, hold_lock_id, created_at, updated_at)
    VALUES ('locked', ${AT + 86_400_000}, 'lck_1', 1, 1);
  ${login('owner', 1, 'delivered', "0, NULL, 'c1', '[]', NULL, NULL")}
  ${login('owner', 2, 'sending', `1, ${AT + 9_000}, 'c2', '[[1,"twilio","accepted",${AT},120,2]]', NULL, NULL`)}
  ${login('other', 1, 'queued', "1, NULL, 'c3', '[]', NULL, NULL")}
  ${login('locked', 1, 'delivered', `0, NULL, 'c4', '[]', ${AT}, 'revoked'`)}
  INSERT INTO known_marks (account_id, marks) VALUES ('owner', '{"d:phone":20000,"c:DE":20000,"n:home":20000}');
  INSERT INTO early_session_ends (account_id, session_id, ended_at) VALUES ('early', 's_early', ${AT + 5});
  INSERT INTO locks (account_id, lock_id, alert_id, via, locked_at, hold_until)
    VALUES ('locked', 'lck_1', 'alr_locked_1', 'link', ${AT}, ${AT + 86_400_000});
  INSERT INTO callbacks (account_id, callback_id, type, body, state, next_attempt_at, created_at)
    VALUES ('locked', 'cbk_1', 'account.locked', '{}', 'open', ${AT}, ${AT});
  INSERT INTO notices (account_id, notice_id, kind, state, attempts, created_at)
    VALUES ('owner', 'ntc_1', 'locked', 'open', '[]', ${AT});
  INSERT INTO portal_visits (account_id, visit_id, secret_tag, started_at, expires_at)
    VALUES ('owner', 'vis_1', 'tag', ${AT}, ${AT + 1_800_000});
  INSERT INTO phone_bindings (account_id, binding_id, phone_sealed, phone_tag, started_at, expires_at, codes_sent_at)
    VALUES ('owner', 'bnd_1', 'new_sealed', 'tag_new', ${AT}, ${AT + 600_000}, '[${AT}]');
  INSERT INTO passkeys (account_id, credential_id, public_key, sign_count, transports, name, created_at)
    VALUES ('owner', 'cred_1', 'key', 3, '[]', 'Phone', ${AT});
  INSERT INTO push_subscriptions (account_id, subscription_id, subscription_sealed, name, created_at)
    VALUES ('owner', 'psh_1', 'sealed', 'Phone', ${AT});`,
}

/** In how many tables there is something of theirs. */
export const FORMER_ACCOUNTS = ['owner', 'other', 'locked', 'early'] as const
