// Turns a scenario's fault into what the simulated carriers do. They misbehave from the moment this is
// called; before that they answer at once, so that preparing is quick.

import type { Carrier } from '../world/carrier.ts'
import type { CarrierMode } from '../world/carrier-modes.ts'
import type { World } from '../world/world.ts'
import { seededRandom } from './figures.ts'
import type { Fault, Scenario } from './scenario.ts'

const SLOW_MS = 1_200
const FLAP_MS = 10_000
const STRAY_SHARE = 0.01

export async function breakCarriers(world: World, scenario: Scenario): Promise<void> {
  const { answerMs, fault } = scenario
  const startedAt = Date.now()
  const { twilio, infobip } = world.carriers
  const carriers: readonly Carrier[] = [twilio, infobip]
  for (const [index, carrier] of carriers.entries()) {
    const random = seededRandom(index + 1)
    const isFaulty = index === 0
    await carrier.setMode(isFaulty ? modeOf(fault) : 'ok', {
      answerMs,
      slowMs: SLOW_MS,
      exception: (at) => {
        if (fault === 'stray') return random() < STRAY_SHARE ? 'hang' : null
        const isBadTurn = Math.floor((at - startedAt) / FLAP_MS) % 2 === 1
        return fault === 'flapping' && isFaulty && isBadTurn ? 'hang' : null
      },
    })
  }
}

function modeOf(fault: Fault): CarrierMode {
  return fault === 'none' || fault === 'flapping' || fault === 'stray' ? 'ok' : fault
}
