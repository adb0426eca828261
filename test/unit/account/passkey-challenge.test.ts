// A challenge: opens for its purpose and its five minutes, and for nothing else.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CHALLENGE_LIFETIME_MS,
  openChallenge,
  sealChallenge,
} from '../../../src/account/passkey-challenge.ts'
import type { SealKeys } from '../../../src/lib/seal.ts'
import { randomBytes } from '../../support/ports.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const keys: SealKeys = [new Uint8Array(32).fill(7)]

describe('a challenge', () => {
  it('opens until its five minutes are over', async () => {
    const sealed = await sealChallenge(randomBytes, keys, 'add/a', 'Y2hhbGxlbmdl', NOW)
    const lastAt = NOW + CHALLENGE_LIFETIME_MS - 1
    expect(await openChallenge(keys, 'add/a', sealed, lastAt)).toBe('Y2hhbGxlbmdl')
    expect(await openChallenge(keys, 'add/a', sealed, lastAt + 1)).toBeNull()
  })

  it('does not open for another purpose', async () => {
    const sealed = await sealChallenge(randomBytes, keys, 'add/a', 'Y2hhbGxlbmdl', NOW)
    expect(await openChallenge(keys, 'add/b', sealed, NOW)).toBeNull()
  })

  it('is nothing that anybody can write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await openChallenge(keys, 'add/a', text, NOW)).toBeNull()
      }),
    )
  })
})
