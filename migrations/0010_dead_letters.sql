-- The body of the message, sealed under DATA_SECRETS for its message id; null in rows from before.
ALTER TABLE dead_letters ADD COLUMN message_sealed TEXT;

-- Erasure of an account finds its own.
CREATE INDEX dead_letters_by_account ON dead_letters (account_id) WHERE account_id IS NOT NULL;
