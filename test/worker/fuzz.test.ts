// Whatever is sent, and whoever seems to send it: an answer comes, it is no failure of ours, and it carries the headers that
// each must. With D1 away, what needs it says so.

import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SECURITY_HEADERS } from '../../src/lib/security-headers.ts'
import { type FuzzRequest, fuzzRequests } from '../support/fuzz-requests.ts'
import { importOwner, loginAndDeliver } from '../support/owner.ts'
import { enterPortal, portalLink } from '../support/portal.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const SEED = 20_261_128
const PARTS = 10
const AT_ONCE = 24
/** Far from what any takes, on a machine however busy: whatever takes longer hangs. */
const PATIENCE_MS = 30_000

type Answer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let stage: Stage
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

beforeAll(async () => {
  stage = await startTestStage({
    world: { carriers: ['twilio', 'infobip', 'vonage', 'telnyx', 'sinch', 'aws', 'http'] },
  })
})

afterAll(async () => {
  agent.destroy()
  await stage.close()
})

/** As it stands: `fetch` would tidy up the path. */
function send({ method, path, headers, body }: FuzzRequest): Promise<Answer> {
  const { hostname, port } = new URL(stage.runtime.origin)
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(body.length) }
    const all = body.length > 0 ? { ...headers, ...length } : headers
    const outgoing = request({ agent, hostname, port, method, path, headers: all }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    outgoing.setTimeout(PATIENCE_MS, () => outgoing.destroy(new Error('no answer')))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Each complaint with what is needed to see it again. */
async function complaintsAbout(
  requests: readonly FuzzRequest[],
  isFine: (answer: Answer) => boolean,
): Promise<{ readonly complaints: readonly string[]; readonly statuses: ReadonlySet<number> }> {
  const complaints: string[] = []
  const statuses = new Set<number>()
  const left = requests.entries()
  const work = async () => {
    for (const [index, one] of left) {
      const shown = () =>
        `${index}: ${one.method} ${one.path.slice(0, 200)} ${JSON.stringify(one.headers).slice(0, 600)} ${one.body.subarray(0, 200)}`
      try {
        const answer = await send(one)
        statuses.add(answer.status)
        if (!isFine(answer))
          complaints.push(`${answer.status} ${answer.body.slice(0, 200)} ← ${shown()}`)
        const missing = Object.keys(SECURITY_HEADERS).filter((name) => !(name in answer.headers))
        if (missing.length > 0) complaints.push(`${answer.status} without ${missing} ← ${shown()}`)
      } catch (error) {
        complaints.push(`${error} ← ${shown()}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { complaints: complaints.slice(0, 10), statuses }
}

async function requestsFor(seed: number, count: number): Promise<readonly FuzzRequest[]> {
  const owner = await importOwner(stage)
  const { link } = await loginAndDeliver(stage, owner)
  const entry = new URL(await portalLink(stage, owner)).pathname
  const { cookie } = await enterPortal(stage, owner)
  const settings = stage.world.settings()
  return fuzzRequests(seed, count, {
    apiKey: settings.API_KEYS?.split(' ')[0] ?? '',
    webhookSecret: settings.WEBHOOK_SECRETS?.split(' ')[0] ?? '',
    cookie,
    origin: stage.runtime.origin,
    linkToken: new URL(link).pathname.slice('/l/'.length),
    entryToken: entry.slice('/enter/'.length),
    accountId: owner.id,
    phone: owner.phone,
  })
}

const isOurFailure = ({ status }: Answer) => status >= 500
const saysUnavailable = ({ status, headers }: Answer) =>
  status === 503 && headers['retry-after'] !== undefined

describe('6,000 requests of every kind', () => {
  it('are all answered, with what each answer must carry, and none by a failure', async () => {
    const statuses = new Set<number>()
    // Some of them end the visit, lock or erase the account: ever new ones keep the doors open.
    for (let part = 1; part <= PARTS; part += 1) {
      const requests = await requestsFor(SEED + part, 5_000 / PARTS)
      const seen = await complaintsAbout(requests, (answer) => !isOurFailure(answer))
      expect(seen.complaints).toEqual([])
      for (const status of seen.statuses) statuses.add(status)
    }
    // The net was cast wide.
    const each = [200, 202, 204, 303, 400, 401, 403, 404, 405, 410, 413, 415, 422]
    expect([...statuses]).toEqual(expect.arrayContaining(each))
    expect(stage.logs.filter((line) => line.startsWith('{"event":"request.failed"'))).toEqual([])
  })

  it('are told that it is not available, where D1 is away, or have their answer without it', async () => {
    const requests = await requestsFor(SEED, 1_000)
    await stage.setFaults({ database: true })
    const { complaints, statuses } = await complaintsAbout(
      requests,
      (answer) => !isOurFailure(answer) || saysUnavailable(answer),
    )
    await stage.setFaults({})
    expect(complaints).toEqual([])
    expect([...statuses]).toEqual(expect.arrayContaining([200, 401, 404, 503]))
  })
})
