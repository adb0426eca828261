// What an isolate remembers of D1: after a call that failed or was late, events go straight into the queue for a while.
// A D1 that collapses under its load must not do each piece of work twice.

import type { Ports } from '../lib/ports.ts'
import { SECOND_MS } from '../lib/time.ts'

export type StorageHealth = { avoidedUntil: number }

const AVOIDED_MS = 5 * SECOND_MS

export function createStorageHealth(): StorageHealth {
  return { avoidedUntil: 0 }
}

type StorageContext = Pick<Ports, 'now'> & { readonly storage: StorageHealth }

export function noteStorageFailed({ storage, now }: StorageContext): void {
  storage.avoidedUntil = now() + AVOIDED_MS
}

export function isStorageAvoided({ storage, now }: StorageContext): boolean {
  const left = storage.avoidedUntil - now()
  // More than was ever asked for: the clock was set back since, and must not keep D1 out for as long.
  return left > 0 && left <= AVOIDED_MS
}
