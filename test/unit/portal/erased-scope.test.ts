// An entry link from before an erasure is worth nothing, whatever became of the keys since.

import { describe, expect, it } from 'vitest'
import { eraseAccount } from '../../../src/api/erase-account.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { MINUTE_MS } from '../../../src/lib/time.ts'
import { erasedScopes } from '../../../src/portal/visit/erased-scope.ts'
import { startVisit } from '../../../src/portal/visit/visits.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const OLD = new Uint8Array(32).fill(1)
const NEW = new Uint8Array(32).fill(2)

describe('an entry link from before an erasure', () => {
  it.each<readonly [string, SealKeys, boolean]>([
    ['as it was', [OLD], false],
    ['behind a new one', [NEW, OLD], false],
    ['gone', [NEW], true],
  ])('with its key %s', async (_, keys, isStarted) => {
    const db = openMemoryDb()
    await eraseAccount({ ...storesOf(db), now: () => NOW, config: { dataKeys: [OLD] } }, '1001')
    const entry = { accountId: '1001', visitId: 'vis_1', hasOtp: false }
    const link = { ...entry, mintedAt: NOW - MINUTE_MS, expiresAt: NOW + MINUTE_MS }
    const tags = { secretTag: 'tag', erasedScopes: await erasedScopes(keys, '1001') }
    expect(await startVisit(db, link, tags, NOW + 1)).toBe(isStarted)
  })
})
