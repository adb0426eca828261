// Many calls under way and not a word: known before the first of them counts as silent.

import { describe, expect, it } from 'vitest'
import {
  createCallsUnderWay,
  isMute,
  noteCalled,
  noteEnded,
} from '../../../src/routing/mute-provider.ts'
import { NOW } from '../deliver/fixtures.ts'

const TIMEOUT_MS = 1_500
const provider = 'twilio'

/** One call each 10 ms, from NOW on. */
function called(count: number) {
  const memory = createCallsUnderWay()
  for (let call = 0; call < count; call += 1) {
    noteCalled(memory, { provider, startedAt: NOW + call * 10 }, TIMEOUT_MS)
  }
  return memory
}

describe('a provider is mute', () => {
  it('once five calls have waited for a quarter of a second', () => {
    const memory = called(20)
    expect(isMute(memory, provider, NOW + 289)).toBe(false)
    expect(isMute(memory, provider, NOW + 290)).toBe(true)
    expect(isMute(memory, 'infobip', NOW + 290)).toBe(false)
  })

  it('not with four calls, however long they wait', () => {
    expect(isMute(called(4), provider, NOW + 1_000)).toBe(false)
  })

  it('no longer once it has answered, be it with a refusal', () => {
    const memory = called(20)
    noteEnded(memory, { provider, startedAt: NOW + 100, isHeard: true }, NOW + 300)
    expect(isMute(memory, provider, NOW + 300)).toBe(false)
    expect(isMute(memory, provider, NOW + 549)).toBe(false)
    expect(isMute(memory, provider, NOW + 550)).toBe(true)
  })

  it('still where calls end without an answer, until few are left', () => {
    const memory = called(6)
    const end = (call: number) =>
      noteEnded(memory, { provider, startedAt: NOW + call * 10, isHeard: false }, NOW + 400)
    end(0)
    expect(isMute(memory, provider, NOW + 400)).toBe(true)
    end(1)
    expect(isMute(memory, provider, NOW + 400)).toBe(false)
  })

  it('not for calls whose invocation was cut off: their deadline ends them', () => {
    const memory = called(5)
    expect(isMute(memory, provider, NOW + TIMEOUT_MS - 1)).toBe(true)
    expect(isMute(memory, provider, NOW + TIMEOUT_MS)).toBe(false)
    noteCalled(memory, { provider, startedAt: NOW + 60_000 }, TIMEOUT_MS)
    expect(memory.calls.get(provider)).toHaveLength(1)
  })
})
