// Whose each table is, as the databases are divided: what lies with its account and moves with its slot; what there is once,
// in `DB`; and what every database keeps of itself. A test holds these lists against the schema.

/** Keyed by (slot, account_id, …): in the order in which a slot is copied. */
export const ACCOUNT_TABLES = [
  'accounts',
  'phone_bindings',
  'passkeys',
  'logins',
  'known_marks',
  'early_session_ends',
  'locks',
  'holds',
  'callbacks',
  'notices',
  'portal_visits',
  'push_subscriptions',
  'counted_activities',
  'lock_cards',
  'lock_contacts',
  'hold_lifts',
] as const

/** The column of an account's table that is unique in a database whatever the account: a slot that comes may find it taken. */
export const UNIQUE_OF_ALL: Readonly<Record<string, string>> = { logins: 'alert_id' }

/** Of no account, or of one only by its id: in `DB` alone. */
export const CONTROL_TABLES = [
  'breakers',
  'route_faults',
  'route_changes',
  'route_samples',
  'route_weights',
  'route_orders',
  'receipt_ids',
  'code_counts',
  'code_caps',
  'code_stops',
  'dead_letters',
  'ops_acts',
  'incidents',
  'heartbeats',
  'measures',
] as const

/**
 * Of each database. `attempt_limits` has tries of an account in the account's database, those of numbers and addresses in
 * `DB`.
 */
export const OWN_TABLES = [
  'slots',
  'changed_accounts',
  'slotless_accounts',
  'retention_cursor',
  'attempt_limits',
  'seal_walks',
  'sealing_keys',
  'measure_hours',
] as const
