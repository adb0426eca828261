// (a) Webhook → provider: logins at a fixed rate, open loop, the first provider healthy or faulty;
// how long until a provider has accepted each alert, and how many were lost or sent twice.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Bundle } from '../support/bundle.ts'
import { startStage } from '../support/stage.ts'
import type { CarrierMode } from '../world/carrier-modes.ts'
import { type AnyCarrierName, CARRIER_NAMES } from '../world/carrier-protocol.ts'
import { type Percentiles, percentiles } from './figures.ts'

export type FailoverRun = {
  readonly mode: CarrierMode
  readonly perSecond: number
  readonly seconds: number
}

export type FailoverFigures = FailoverRun & {
  readonly logins: number
  readonly refused: number
  readonly lost: number
  readonly twice: number
  readonly latencyMs: Percentiles
}

/**
 * Long enough for what waits in the queue to drain. The local queue brings one batch of six at a time,
 * so a provider that is merely slow keeps it busy for long; production has many consumers.
 */
const DRAIN_MS = 12_000
const DRAIN_SLOW_MS = 90_000

/** As many as a large exchange has contracts with; the first in this order is the faulty one. */
const PROVIDERS: readonly AnyCarrierName[] = [...CARRIER_NAMES, 'telnyx', 'sinch', 'aws']

/** Valid British mobile numbers, one per login, so that each SMS is matched without doubt. */
function numberOf(index: number): string {
  return `+447400${String(index).padStart(6, '0')}`
}

export async function measureFailover(bundle: Bundle, run: FailoverRun): Promise<FailoverFigures> {
  const stage = await startStage(bundle, { world: { carriers: PROVIDERS } })
  const { exchange, phones, carriers } = stage.world
  try {
    const logins = run.perSecond * run.seconds
    const indices = Array.from({ length: logins }, (_, index) => index)
    for (let start = 0; start < logins; start += 20) {
      await Promise.all(
        indices
          .slice(start, start + 20)
          .map((index) =>
            exchange.api('PUT', `/v1/accounts/b${index}`, { phone: numberOf(index) }),
          ),
      )
    }
    // One login before the clock starts: the first request compiles the Worker.
    await exchange.api('PUT', '/v1/accounts/warm', { phone: '+447400999999' })
    await exchange.login({ account_id: 'warm' })
    await phones.waitForMessage('+447400999999', () => true, 10_000)

    await carriers.twilio.setMode(run.mode)
    const startedAt = Date.now()
    const answers = await Promise.all(
      indices.map(async (index) => {
        await sleep(startedAt + (index * 1_000) / run.perSecond - Date.now())
        const sentAt = Date.now()
        const answer = await exchange.login({ account_id: `b${index}` })
        return { sentAt, status: answer.status }
      }),
    )
    const isDone = () => indices.every((index) => phones.messagesTo(numberOf(index)).length > 0)
    const deadlineAt = Date.now() + (run.mode === 'slow' ? DRAIN_SLOW_MS : DRAIN_MS)
    while (!isDone() && Date.now() < deadlineAt) await sleep(50)
    // A second copy may follow the first.
    await sleep(500)

    const latencies: number[] = []
    let lost = 0
    let twice = 0
    for (const [index, { sentAt }] of answers.entries()) {
      const messages = phones.messagesTo(numberOf(index))
      const first = Math.min(...messages.map((message) => message.at))
      if (messages.length === 0) lost += 1
      else latencies.push(first - sentAt)
      if (messages.length > 1) twice += 1
    }
    const refused = answers.filter(({ status }) => status !== 202).length
    return { ...run, logins, refused, lost, twice, latencyMs: percentiles(latencies) }
  } finally {
    await stage.close()
  }
}
