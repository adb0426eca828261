// What an isolate remembers for the operator between invocations. Losing it costs a read or a fetch.

import type { JSONWebKeySet } from 'jose'
import type { HealthWord } from './judge.ts'

/** Of Cloudflare Access. */
export type AccessKeys = {
  /** As last fetched, however long ago; null while they never were. */
  readonly keys: JSONWebKeySet | null
  /** When they were last asked for. */
  readonly askedAt: number
  /** `asking`: that request is still out · `failed`: it brought nothing. */
  readonly state: 'asking' | 'fetched' | 'failed'
}

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
