-- Who may end a hold early. When the authenticator's secret became the account's: NULL of one from before, which counts from
-- the row's last change, since nobody knows better. When a passkey went away: its owner's holds are not the exchange's to
-- lift at once. And when a visit saw a passkey, as it notes when it saw a code.
ALTER TABLE accounts ADD COLUMN totp_since INTEGER;
ALTER TABLE accounts ADD COLUMN passkey_lost_at INTEGER;
ALTER TABLE portal_visits ADD COLUMN passkey_at INTEGER;
