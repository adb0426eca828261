-- What the receipts of a provider refer to, where it sends back neither our reference nor to a URL that has it: its own
-- message id, and the sealed reference. A row for each text that such a provider took, and for no other.
CREATE TABLE receipt_ids (
  provider_message TEXT NOT NULL PRIMARY KEY,
  ref_sealed TEXT NOT NULL,
  noted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
