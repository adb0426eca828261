// The code of a binding and how often it may be sent.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bindingCode, isBindingCode } from '../../../src/account/binding-code.ts'
import { decideResend } from '../../../src/account/binding-rules.ts'

const KEY = new Uint8Array(32).fill(1)
const OLD_KEY = new Uint8Array(32).fill(2)
const BINDING = { accountId: '10482113', bindingId: 'bnd_1' }

describe('the code of a binding', () => {
  it('is six digits, the same each time', async () => {
    const code = await bindingCode([KEY], BINDING)
    expect(code).toMatch(/^\d{6}$/)
    expect(await bindingCode([KEY], BINDING)).toBe(code)
  })

  it('is another one for another binding, account or key', async () => {
    const codes = await Promise.all([
      bindingCode([KEY], BINDING),
      bindingCode([KEY], { ...BINDING, bindingId: 'bnd_2' }),
      bindingCode([KEY], { ...BINDING, accountId: '10482114' }),
      bindingCode([OLD_KEY], BINDING),
    ])
    expect(new Set(codes).size).toBe(4)
  })

  it('is taken while its key is in the list, and not after', async () => {
    const code = await bindingCode([OLD_KEY], BINDING)
    expect(await isBindingCode([KEY, OLD_KEY], BINDING, code)).toBe(true)
    expect(await isBindingCode([KEY], BINDING, code)).toBe(false)
  })

  it('uses the whole room of a million', async () => {
    const ids = Array.from({ length: 400 }, (_, index) => `bnd_${index}`)
    const codes = await Promise.all(
      ids.map((bindingId) => bindingCode([KEY], { ...BINDING, bindingId })),
    )
    const firsts = new Set(codes.map((code) => code[0]))
    expect(firsts.size).toBe(10)
  })
})

describe('sending a code again', () => {
  const AT = 1_000_000

  it.each([
    [1, 30],
    [2, 60],
    [3, 120],
    [4, 240],
  ])('waits after %i sent for %i seconds', (sent, seconds) => {
    const codesSentAt = Array.from({ length: sent }, () => AT)
    expect(decideResend(codesSentAt, AT + seconds * 1_000 - 1)).toEqual({ kind: 'wait', waitMs: 1 })
    expect(decideResend(codesSentAt, AT + seconds * 1_000)).toEqual({ kind: 'now' })
  })

  it('ends after five', () => {
    fc.assert(
      fc.property(fc.nat(), (laterMs) => {
        const codesSentAt = Array.from({ length: 5 }, () => AT)
        expect(decideResend(codesSentAt, AT + laterMs)).toEqual({ kind: 'never' })
      }),
    )
  })
})
