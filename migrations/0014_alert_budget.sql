-- The daily budget of alert SMS, carried from login to login like the account's numbering: what is spent, whose SMS
-- gathers others, and what its text has to say first.
ALTER TABLE logins ADD COLUMN alerts_today INTEGER NOT NULL DEFAULT 0;
ALTER TABLE logins ADD COLUMN carrier_seq INTEGER;
ALTER TABLE logins ADD COLUMN is_new_country INTEGER NOT NULL DEFAULT 0;
