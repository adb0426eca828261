// References in receipt URLs: ours come back, everybody else's are refused, and nothing shows.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SealKeys, type SealPurpose, seal } from '../../../src/lib/seal.ts'
import { makeAlertTag } from '../../../src/login/alert-tag.ts'
import { makeReceiptRef, readReceiptRef } from '../../../src/sms/receipt-ref.ts'
import { PROVIDER_NAMES } from '../../../src/sms/registry.ts'
import { sealAsBefore } from '../../support/former-keys.ts'
import { randomBytes } from '../../support/ports.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const OTHER: SealKeys = [new Uint8Array(32).fill(2)]
const PURPOSE: SealPurpose = { use: 'receipt-ref', context: 'receipt-ref' }
const sealedRef = async (purpose: SealPurpose, text: string) =>
  (await seal(randomBytes, KEYS, purpose, text)).replace('.', '')
const anyRef = fc.record({
  accountId: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/),
  seq: fc.nat(1_000_000_000),
  attempt: fc.integer({ min: 1, max: 999 }),
  country: fc.stringMatching(/^[A-Z]{2}$/),
  startedAt: fc.nat(4_000_000_000).map((seconds) => seconds * 1_000),
  provider: fc.stringMatching(/^[a-z0-9_-]{1,9}$/),
})
const anyAlertRef = fc.record({ ref: anyRef, alertTag: fc.stringMatching(/^[0-9a-z]{1,8}$/) })

describe('a receipt reference', () => {
  it('comes back as it was made, fits every provider and hides the account', async () => {
    await fc.assert(
      fc.asyncProperty(anyRef, async (ref) => {
        const text = await makeReceiptRef(randomBytes, KEYS, ref)
        expect(await readReceiptRef(KEYS, text)).toEqual(ref)
        expect(text).toMatch(/^[A-Za-z0-9_-]{1,200}$/)
        if (ref.accountId.length > 4) expect(text).not.toContain(ref.accountId)
      }),
    )
  })

  it('brings back of which alert or notice it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyAlertRef, async ({ ref, alertTag }) => {
        const ofAlert = { ...ref, alertTag }
        const text = await makeReceiptRef(randomBytes, KEYS, ofAlert)
        expect(await readReceiptRef(KEYS, text)).toEqual(ofAlert)
      }),
    )
    const ofNotice = { accountId: '1001', seq: 0, attempt: 1, noticeId: `ntc_${'0'.repeat(26)}` }
    const text = await makeReceiptRef(randomBytes, KEYS, ofNotice)
    expect(await readReceiptRef(KEYS, text)).toEqual(ofNotice)
  })

  // Whoever adds a provider is told here where its name is one that a reference cannot carry.
  it.each(PROVIDER_NAMES)(
    'carries %s, and has at most the length its doc promises',
    async (name) => {
      const call = { attempt: 999, country: 'TH', startedAt: Date.UTC(2028, 0), provider: name }
      const longest = { accountId: 'a'.repeat(64), ...call }
      const ofAlert = {
        ...longest,
        seq: 1_000_000_000,
        alertTag: makeAlertTag(`alr_${'z'.repeat(26)}`),
      }
      const ofNotice = { ...longest, seq: 0, noticeId: `ntc_${'z'.repeat(26)}` }
      for (const ref of [ofAlert, ofNotice]) {
        const text = await makeReceiptRef(randomBytes, KEYS, ref)
        expect(await readReceiptRef(KEYS, text)).toEqual(ref)
        expect(text.length).toBeLessThanOrEqual(200)
      }
    },
  )

  it.each(['amazonsns', 'sms77', 'bulk-sms', 'text_local'])(
    'comes back from a provider that is called %s',
    async (provider) => {
      const ref = { accountId: '1001', seq: 7, attempt: 1, country: 'TH', startedAt: 0, provider }
      const text = await makeReceiptRef(randomBytes, KEYS, ref)
      expect(await readReceiptRef(KEYS, text)).toEqual(ref)
    },
  )

  it('tells the start of the call in whole seconds', async () => {
    const ref = { accountId: '1001', seq: 7, attempt: 1, country: 'TH', startedAt: 1_999 }
    const read = await readReceiptRef(KEYS, await makeReceiptRef(randomBytes, KEYS, ref))
    expect(read).toEqual({ ...ref, startedAt: 1_000 })
  })

  it('made by a former deployment, without country and start, is still read', async () => {
    const old = await sealAsBefore(KEYS[0], 'receipt-ref', '7 1 TH.abc')
    expect(await readReceiptRef([OTHER[0], KEYS[0]], old)).toEqual({
      ...{ accountId: 'TH.abc', seq: 7, attempt: 1 },
    })
  })

  it('is refused with any character changed, cut or added', async () => {
    const text = await makeReceiptRef(randomBytes, KEYS, { accountId: '1001', seq: 7, attempt: 1 })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.constantFrom(...'ABCXYZabcxyz0189-_=.'),
        async (index, character) => {
          const changed = text.slice(0, index) + character + text.slice(index + 1)
          fc.pre(changed !== text)
          expect(await readReceiptRef(KEYS, changed)).toBe(null)
        },
      ),
    )
    for (const touched of ['', text.slice(1), text.slice(0, -1), `${text}A`, `${text}=`]) {
      expect(await readReceiptRef(KEYS, touched)).toBe(null)
    }
  })

  it('outlives a rotation of keys, and dies with its key', async () => {
    const ref = { accountId: '1001', seq: 7, attempt: 1 }
    const text = await makeReceiptRef(randomBytes, OTHER, ref)
    expect(await readReceiptRef([KEYS[0], OTHER[0]], text)).toEqual(ref)
    expect(await readReceiptRef(KEYS, text)).toBe(null)
  })

  it('is not anything else we sealed', async () => {
    expect(
      await readReceiptRef(
        KEYS,
        await sealedRef({ use: 'phone', context: 'receipt-ref' }, '7 1 1'),
      ),
    ).toBe(null)
    for (const text of ['', '7 1', '7 1 ', 'x 1 a', '7 -1 a', `7 1 ${'a'.repeat(65)}`]) {
      expect(await readReceiptRef(KEYS, await sealedRef(PURPOSE, text))).toBe(null)
    }
  })

  it('is refused for any text, without a throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary-ascii' }), async (text) => {
        expect(await readReceiptRef(KEYS, text)).toBe(null)
      }),
    )
  })
})
