-- An alert of one login says that its device is new, as it says it of a country. A yes or no is no byte of a row's payload.
ALTER TABLE logins ADD COLUMN is_new_device INTEGER NOT NULL DEFAULT 0;
