-- Until when what providers said of a number counts; null for a STOP of the owner's, which only he takes back.
ALTER TABLE accounts ADD COLUMN phone_state_until INTEGER;

-- Marks that one provider's word was enough for are over.
UPDATE accounts SET phone_state_until = 0
WHERE phone_state <> 'ok' AND coalesce(phone_state_code, '') <> 'stop_reply';
