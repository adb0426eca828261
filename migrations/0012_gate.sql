-- Keyed hash of the number before the present one: while it is told, its replies and its code on the lock page find the
-- account. Written with a change of number only, and so is its index.
ALTER TABLE accounts ADD COLUMN former_phone_tag TEXT;
CREATE INDEX accounts_by_former_phone ON accounts (former_phone_tag) WHERE former_phone_tag IS NOT NULL;

-- When this visit ended all others of the account: those that began before, and entry links from before, are worth nothing.
ALTER TABLE portal_visits ADD COLUMN ended_others_at INTEGER;
