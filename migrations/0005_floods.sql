-- Devices, countries and networks of the account so far, carried from login to login as keyed marks.
ALTER TABLE logins ADD COLUMN known_marks TEXT NOT NULL DEFAULT '{}';
-- 1 when device, country and network of this login were all known.
ALTER TABLE logins ADD COLUMN is_familiar INTEGER NOT NULL DEFAULT 0;
-- Sequence of the login whose SMS tells of this one too; its own for the one that tells of others.
ALTER TABLE logins ADD COLUMN merged_into INTEGER;
