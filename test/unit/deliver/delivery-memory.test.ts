// How many first rounds an isolate takes on, and that what died in one of them is not counted for ever.

import { describe, expect, it } from 'vitest'
import {
  createDeliveryMemory,
  enterRound,
  leaveRound,
} from '../../../src/deliver/delivery-memory.ts'

const round = (number: number, leaseUntil = 1_000) => ({ claim: `claim_${number}`, leaseUntil })

describe('first rounds of an isolate', () => {
  it('are sixty-four at once', () => {
    const memory = createDeliveryMemory()
    const entered = Array.from({ length: 66 }, (_, number) => enterRound(memory, round(number), 0))
    expect(entered.filter(Boolean)).toHaveLength(64)
    expect(entered.slice(-2)).toEqual([false, false])
    leaveRound(memory, 'claim_5')
    expect([enterRound(memory, round(70), 0), enterRound(memory, round(71), 0)]).toEqual([
      true,
      false,
    ])
  })

  it('that died with their invocation make room once their lease is over', () => {
    const memory = createDeliveryMemory()
    for (let number = 0; number < 64; number += 1) enterRound(memory, round(number), 0)
    expect(enterRound(memory, round(64), 999)).toBe(false)
    expect(enterRound(memory, round(64, 2_000), 1_000)).toBe(true)
    expect(memory.rounds.size).toBe(1)
  })
})
