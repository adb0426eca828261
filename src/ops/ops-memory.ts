// What an isolate remembers for the operator between invocations. Losing it costs a read or a fetch.

import type { AccessKeys } from './access-keys.ts'
import type { HealthWord } from './judge.ts'

export type OpsMemory = {
  /** What /healthz said last, and when it was read. */
  health: { readonly word: HealthWord; readonly readAt: number } | null
  /** The keys of Cloudflare Access, as last fetched. */
  access: AccessKeys | null
  /** When this isolate last said that the minute's work stands still. */
  cronToldAt: number
}

export function createOpsMemory(): OpsMemory {
  return { health: null, access: null, cronToldAt: Number.NEGATIVE_INFINITY }
}
