-- Several numbers before the present one, each told for its own 72 hours: a second change must not silence the first number,
-- nor a third the second. A list in the account's row, read with it, three at most. And since when the present number is there.
ALTER TABLE accounts ADD COLUMN former_phones TEXT;
ALTER TABLE accounts ADD COLUMN phone_since INTEGER;

UPDATE accounts SET former_phones = json_array(json_object(
  'sealed', former_phone_sealed, 'tag', former_phone_tag, 'since', created_at, 'until', former_phone_until, 'stood', 1))
WHERE former_phone_sealed IS NOT NULL AND former_phone_until IS NOT NULL;

-- Their place is the list now.
UPDATE accounts SET former_phone_sealed = NULL, former_phone_until = NULL, former_phone_tag = NULL
WHERE former_phone_sealed IS NOT NULL;
DROP INDEX accounts_by_former_phone;

-- While a former number is told, its replies and its code on the lock page find the account. Written with a change of number only.
CREATE INDEX accounts_by_former_phone_1 ON accounts (json_extract(former_phones, '$[0].tag'))
  WHERE json_extract(former_phones, '$[0].tag') IS NOT NULL;
CREATE INDEX accounts_by_former_phone_2 ON accounts (json_extract(former_phones, '$[1].tag'))
  WHERE json_extract(former_phones, '$[1].tag') IS NOT NULL;
CREATE INDEX accounts_by_former_phone_3 ON accounts (json_extract(former_phones, '$[2].tag'))
  WHERE json_extract(former_phones, '$[2].tag') IS NOT NULL;
