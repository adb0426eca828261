// (b) and (c): requests per second of our routes against a bare Worker in the same workerd, turn by
// turn, so that what else the machine does falls on both. Queues have no consumer here: only the
// request's own work counts.

import autocannon from 'autocannon'
import { Webhook } from 'standardwebhooks'
import { lockClaims, mintLockToken } from '../../src/lock/link.ts'
import type { Bundle } from '../support/bundle.ts'
import { startStage } from '../support/stage.ts'
import { median } from './figures.ts'

export type Door = 'front' | 'direct'

export type Comparison = {
  /** `front`: through the local runtime's proxy, as `wrangler dev` runs it; `direct`: without it. */
  readonly door: Door
  readonly what: string
  readonly bare: string
  readonly ourPerSecond: number
  readonly barePerSecond: number
  /** Median of the rounds' ratios. */
  readonly ratio: number
  readonly failures: number
}

type Shot = { readonly path: string; readonly make: () => autocannon.Request }

const CONNECTIONS = 16

export async function compareThroughput(
  bundle: Bundle,
  door: Door,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly Comparison[]> {
  const stage = await startStage(bundle, {
    runtime: { hasConsumers: false, hasFrontDoor: door === 'front' },
  })
  const { secrets, exchange } = stage.world
  const { origin } = stage.runtime
  await exchange.api('PUT', '/v1/accounts/bench', { phone: '+447400123456' })
  const login = await exchange.login({ account_id: 'bench' })
  if (login.status !== 202) throw new Error(`the first login was answered ${login.status}`)

  const webhook = new Webhook(secrets.webhookSecrets[0] ?? '')
  const key = Buffer.from(secrets.linkSecrets[0] ?? '', 'base64')
  const tokens = await Promise.all(
    Array.from({ length: 4_000 }, (_, index) =>
      mintLockToken([new Uint8Array(key)], lockClaims(`l${index}`, 1, Date.now())),
    ),
  )
  let count = 0
  const nextToken = () => tokens[count++ % tokens.length] ?? ''
  const get = (path: () => string) => () => ({ method: 'GET' as const, path: path() })
  const post = (path: () => string) => () => ({ method: 'POST' as const, path: path() })
  const event = (path: string) => () => signedLogin(webhook, path, count++)

  const pairs: { what: string; bare: string; our: Shot['make']; other: Shot['make'] }[] = [
    {
      what: 'POST /v1/events',
      bare: 'one D1 insert, one queue message',
      our: event('/v1/events'),
      other: event('/bare/accept'),
    },
    {
      what: 'POST /v1/events',
      bare: 'reads the body, answers 202, stores nothing',
      our: event('/v1/events'),
      other: event('/bare/empty'),
    },
    {
      what: 'GET /l/{token}',
      bare: 'checks an HMAC, sends a page',
      our: get(() => `/l/${nextToken()}`),
      other: get(() => '/bare/page'),
    },
    {
      what: 'GET /l/{token}',
      bare: 'sends a page, checks nothing',
      our: get(() => `/l/${nextToken()}`),
      other: get(() => '/bare/static'),
    },
    {
      what: 'POST /l/{token}',
      bare: 'one D1 batch of five, one queue message, a static page',
      our: post(() => `/l/${nextToken()}`),
      other: post(() => '/bare/lock'),
    },
  ]
  try {
    const comparisons: Comparison[] = []
    for (const { what, bare, our, other } of pairs) {
      const ours: Shots[] = []
      const bares: Shots[] = []
      // The first round warms both up and is not counted.
      for (let round = 0; round <= rounds; round += 1) {
        const bareShots = await shoot(origin, other, seconds)
        const ourShots = await shoot(origin, our, seconds)
        if (round > 0) {
          bares.push(bareShots)
          ours.push(ourShots)
        }
      }
      const ratios = ours.map(({ perSecond }, index) => perSecond / (bares[index]?.perSecond ?? 1))
      comparisons.push({
        door,
        what,
        bare,
        ourPerSecond: Math.round(median(ours.map(({ perSecond }) => perSecond))),
        barePerSecond: Math.round(median(bares.map(({ perSecond }) => perSecond))),
        ratio: Number(median(ratios).toFixed(2)),
        failures: [...ours, ...bares].reduce((sum, { failures }) => sum + failures, 0),
      })
    }
    return comparisons
  } finally {
    await stage.close()
  }
}

function signedLogin(webhook: Webhook, path: string, index: number): autocannon.Request {
  const body = JSON.stringify({
    type: 'login.succeeded',
    timestamp: new Date().toISOString(),
    data: {
      account_id: index % 2 === 0 ? 'bench' : `bench${index % 1_000}`,
      session_id: `s_${index}`,
      ip: '203.0.113.77',
      user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15',
      country: 'DE',
      city: 'Frankfurt',
    },
  })
  const id = `msg_${process.pid}_${index}`
  const now = new Date()
  return {
    method: 'POST',
    path,
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, now, body),
    },
  }
}

type Shots = { readonly perSecond: number; readonly failures: number }

async function shoot(origin: string, make: Shot['make'], seconds: number): Promise<Shots> {
  const result = await autocannon({
    url: origin,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, ...make() }) }],
  })
  return { perSecond: result.requests.average, failures: result.non2xx + result.errors }
}
