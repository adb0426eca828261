// How the exchange reaches the Worker: with its API key, with signed events, and again until it is heard.

import { createHmac } from 'node:crypto'
import type { HttpAnswer } from '../machine/network.ts'
import { PUBLIC_ORIGIN, type World } from '../world.ts'
import type { Keyring } from './keyring.ts'

const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 20_000]

export type Calls = {
  readonly api: (method: string, path: string, body?: unknown) => Promise<HttpAnswer | null>
  /** Until it is answered with one of these, with growing pauses. */
  readonly insist: (
    what: string,
    statuses: readonly number[],
    request: () => Promise<HttpAnswer | null>,
  ) => Promise<void>
  readonly postEvent: (
    webhookId: string,
    type: string,
    at: number,
    data: object,
  ) => Promise<HttpAnswer | null>
}

export function createCalls(world: World, keyring: Keyring): Calls {
  const { clock } = world
  return {
    api: (method, path, body) =>
      world.ask({
        method,
        url: PUBLIC_ORIGIN + path,
        headers: {
          authorization: `Bearer ${keyring.exchange.apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? '' : JSON.stringify(body),
      }),

    insist: async (what, statuses, request) => {
      const done = world.open(what)
      for (let tries = 0; ; tries += 1) {
        const answer = await request()
        if (answer && statuses.includes(answer.status)) break
        await clock.sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0)
      }
      done()
    },

    postEvent: (webhookId, type, at, data) => {
      const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
      const timestamp = String(Math.floor(clock.now() / 1_000))
      const key = Buffer.from(keyring.exchange.webhook.replace('whsec_', ''), 'base64')
      const signed = `${webhookId}.${timestamp}.${body}`
      const signature = createHmac('sha256', key).update(signed).digest('base64')
      const headers = {
        'content-type': 'application/json',
        'webhook-id': webhookId,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      }
      return world.ask({ method: 'POST', url: `${PUBLIC_ORIGIN}/v1/events`, headers, body })
    },
  }
}
