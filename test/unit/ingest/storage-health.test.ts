// How long D1 is avoided after it failed: a few seconds, whatever the clock does meanwhile.

import { describe, expect, it } from 'vitest'
import {
  createStorageHealth,
  isStorageAvoided,
  noteStorageFailed,
} from '../../../src/ingest/storage-health.ts'
import { NOW } from '../deliver/fixtures.ts'

function failedAt(failed: number) {
  const storage = createStorageHealth()
  noteStorageFailed({ storage, now: () => failed })
  return (now: number) => isStorageAvoided({ storage, now: () => now })
}

describe('D1 that failed', () => {
  it('is avoided for five seconds', () => {
    const isAvoidedAt = failedAt(NOW)
    expect([NOW, NOW + 4_999, NOW + 5_000].map(isAvoidedAt)).toEqual([true, true, false])
  })

  it('is asked again where the clock was set back since', () => {
    const isAvoidedAt = failedAt(NOW)
    expect([NOW - 1, NOW - 3_600_000].map(isAvoidedAt)).toEqual([false, false])
  })

  it('is not avoided before it failed', () => {
    expect(isStorageAvoided({ storage: createStorageHealth(), now: () => NOW })).toBe(false)
  })
})
