// Every D1 table, gathered from the rooms that own them. Each is clustered on the account it belongs to
// and WITHOUT ROWID, because D1 bills rows and every extra index is one more row written.
// docs/storage.md says why each exists, how long it is kept and what in it is sealed or masked.

export * from './account/tables.ts'
export * from './dead-letter/tables.ts'
export * from './exchange/tables.ts'
export * from './guard/tables.ts'
export * from './lock/tables.ts'
export * from './login/tables.ts'
export * from './notice/tables.ts'
export * from './ops/tables.ts'
export * from './portal/visit/tables.ts'
export * from './push/tables.ts'
export * from './routing/tables.ts'
export * from './watch/tables.ts'
