-- Who may end a hold early. When the authenticator's secret became the account's: NULL of one from before, which counts from
-- the row's last change, since nobody knows better. When a passkey went away: its owner's holds are not the exchange's to
-- lift at once.
ALTER TABLE accounts ADD COLUMN totp_since INTEGER;
ALTER TABLE accounts ADD COLUMN passkey_lost_at INTEGER;
