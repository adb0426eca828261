-- One browser, one account: whoever registers a device finds it in every other account. And how often its push service
-- has refused us since it last took something.
ALTER TABLE push_subscriptions ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
CREATE INDEX push_subscriptions_by_device ON push_subscriptions (subscription_id);
