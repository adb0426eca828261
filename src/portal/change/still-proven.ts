// A proof that is added, in the batch that adds it: what proved it is looked at once more there, since a passkey may have come
// or gone since the request was read.

import { type SQL, sql } from 'drizzle-orm'
import { hasNoPasskeySql, hasPasskeySql } from '../../account/passkeys.ts'
import type { ProofVerdict } from './prove.ts'

export type Proven = Extract<ProofVerdict, { kind: 'proven' }>

/** Whether it still is enough to add a proof: for a `WHERE`. */
export function isStillProvenSql(
  accountId: string,
  { proof, credentialId }: Omit<Proven, 'kind'>,
): SQL {
  if (credentialId !== undefined) return hasPasskeySql({ accountId, credentialId })
  return proof === 'totp' ? sql`true` : hasNoPasskeySql(accountId)
}
