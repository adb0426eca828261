// The doctor's round over a deployment in memory: a well one, and one sickness after the other.

import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCloudflare } from '../../../tools/cloudflare/api.ts'
import { doctor } from '../../../tools/doctor/doctor.ts'
import { readDoctorOptions } from '../../../tools/doctor/options.ts'
import { queueNamed } from '../../support/cloudflare/account.ts'
import { FAKE_ACCOUNT_ID, FAKE_TOKEN } from '../../support/cloudflare/api.ts'
import { fetchOf } from '../../support/cloudflare/deployed-worker.ts'
import { type Checkout, startCheckout } from '../deploy/deployment.ts'

let checkout: Checkout
const NOW = Date.parse('2026-11-28T00:00:00Z')

beforeAll(async () => {
  checkout = await startCheckout()
  await checkout.run()
  tables().exec(`CREATE TABLE heartbeats (name TEXT PRIMARY KEY, beat_at INTEGER NOT NULL);
    CREATE TABLE incidents (kind TEXT, scope TEXT, opened_at INTEGER, closed_at INTEGER);
    INSERT INTO heartbeats VALUES ('cron', ${NOW - 20_000});
    INSERT INTO incidents VALUES ('queue_late', 'net', ${NOW - 7_200_000}, ${NOW - 60_000})`)
})
afterAll(() => checkout.close())

let exchange: (request: Request) => number
beforeEach(() => {
  exchange = (request) => (request.headers.get('webhook-signature') === null ? 500 : 401)
})

async function round(more: { readonly secretsFile?: string | null } = {}) {
  const said: string[] = []
  const { cloudflare, folder, secretsFile, answers } = checkout
  const worker = fetchOf(cloudflare.account, 'lockline-production', answers)
  const access = { accountId: FAKE_ACCOUNT_ID, token: FAKE_TOKEN, baseUrl: cloudflare.baseUrl }
  const code = await doctor(
    { environment: 'production', secretsFile, skipsCallback: false, ...more },
    {
      cloudflare: createCloudflare(access),
      configPath: join(folder, 'wrangler.toml'),
      fetch: async (input, init) => {
        const request = new Request(input, init)
        return request.url.startsWith('https://x.example/')
          ? new Response(null, { status: exchange(request) })
          : worker(request)
      },
      now: () => NOW,
      say: (line) => said.push(line),
    },
  )
  return { code, said: said.join('\n') }
}

const tables = () => {
  const [database] = checkout.cloudflare.account.databases.values()
  if (!database) throw new Error('no database')
  return database.tables
}

const worker = () => {
  const found = checkout.cloudflare.account.workers.get('lockline-production')
  if (!found) throw new Error('no Worker')
  return found
}

describe('a deployment that is well', () => {
  it('has no failure, and the doctor changes nothing', async () => {
    const writes = checkout.cloudflare.writes()
    const taken: string[] = []
    exchange = (request) => {
      taken.push(request.headers.get('webhook-id') ?? '')
      return taken.length === 1 ? 401 : 204
    }
    const { code, said } = await round()
    expect({ code, said }).toMatchObject({ code: 0 })
    for (const line of [
      'ok    complete, and as the Worker reads them',
      'ok    lockline-production has all 2 migrations',
      'ok    8 queues, none paused',
      'ok    consumers, cron (* * * * *), domain and routes as in wrangler.toml',
      "ok    production.example.com is the Worker's",
      'ok    workers.dev is off',
      'ok    preview URLs are off',
      'ok    /healthz: ok',
      'ok    cron ran 20 s ago',
      'ok    no incident is open',
      'ok    the exchange refuses a callback that nobody signed (401)',
      'ok    the exchange takes a signed callback (204)',
      'warn  sandbox accepts everything and sends nothing',
    ]) {
      expect(said).toContain(line)
    }
    expect(checkout.cloudflare.writes()).toEqual(writes)
  })

  it('is judged without secrets as far as that goes', async () => {
    const { said } = await round({ secretsFile: null })
    expect(said).toContain('ok    complete: 5 of them are secrets')
    expect(said).toContain('warn  no signed callback was sent')
    expect(said).toMatch(/ok {4}\d+ of \d+ countries have a sender/)
  })
})

describe('it finds', () => {
  it('a receiver that takes what nobody signed', async () => {
    exchange = () => 200
    const { code, said } = await round()
    expect(code).toBe(1)
    expect(said).toContain('fail  the exchange takes a callback that nobody signed (200)')
  })

  it('a receiver that has another secret', async () => {
    exchange = () => 401
    const { code, said } = await round()
    expect(code).toBe(1)
    expect(said).toContain('fail  the exchange does not take a signed callback (401)')
  })

  it.each<[string, () => () => void, string]>([
    [
      'a queue that is paused',
      () => {
        const queue = queueNamed(checkout.cloudflare.account, 'lockline-production-net')
        if (queue) queue.isPaused = true
        return () => {
          if (queue) queue.isPaused = false
        }
      },
      'fail  delivery of lockline-production-net is paused',
    ],
    [
      'cron that stands still',
      () => {
        tables().exec('UPDATE heartbeats SET beat_at = beat_at - 600000')
        return () => tables().exec('UPDATE heartbeats SET beat_at = beat_at + 600000')
      },
      'fail  cron ran 10 min ago',
    ],
    [
      'cron that is not attached',
      () => {
        worker().crons = []
        return () => {
          worker().crons = ['* * * * *']
        }
      },
      'fail  not as in wrangler.toml: cron',
    ],
    [
      'workers.dev beside a domain',
      () => {
        worker().isOnWorkersDev = true
        return () => {
          worker().isOnWorkersDev = false
        }
      },
      'fail  workers.dev is on',
    ],
    [
      'preview URLs',
      () => {
        worker().hasPreviews = true
        return () => {
          worker().hasPreviews = false
        }
      },
      'fail  preview URLs are on',
    ],
    [
      'a domain that is not the Worker’s',
      () => {
        worker().domains = []
        return () => {
          worker().domains = ['production.example.com']
        }
      },
      'fail  PUBLIC_ORIGIN is https://production.example.com, and the Worker has no such domain',
    ],
    [
      'a Worker that answers 500',
      () => {
        const tag = worker().versions[0]?.tag ?? ''
        checkout.answers.sick.add(tag)
        return () => checkout.answers.sick.delete(tag)
      },
      'fail  /healthz answers 500: boom',
    ],
    [
      'a secret that is set nowhere',
      () => {
        const before = worker().secrets
        worker().secrets = new Map([...before].filter(([name]) => name !== 'DATA_SECRETS'))
        return () => {
          worker().secrets = before
        }
      },
      'fail  DATA_SECRETS is set nowhere',
    ],
  ])('%s', async (_what, makeSick, line) => {
    const mend = makeSick()
    const { code, said } = await round({ secretsFile: null })
    mend()
    expect(code).toBe(1)
    expect(said).toContain(line)
  })
})

it('names open incidents, and where the runbook has them', async () => {
  tables().exec(`INSERT INTO incidents VALUES ('lock_unconfirmed', '*', ${NOW - 90_000}, NULL)`)
  const { said } = await round()
  expect(said).toContain('warn  incident lock_unconfirmed (*), for 90 s')
  expect(said).toContain('docs/runbook.md, lock_unconfirmed.')
})

it('its command line is read in full', () => {
  expect(readDoctorOptions([])).toMatchObject({ kind: 'say', exitCode: 2 })
  expect(readDoctorOptions(['--help'])).toMatchObject({ kind: 'say', exitCode: 0 })
  expect(readDoctorOptions(['--env', 'x', '--fix'])).toMatchObject({ kind: 'say', exitCode: 2 })
  expect(readDoctorOptions(['--env', 'x', '--no-callback'])).toMatchObject({
    options: { environment: 'x', secretsFile: null, skipsCallback: true },
  })
})
