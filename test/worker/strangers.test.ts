// What a stranger can make us pay in D1 and SMS: every row of the bench's refusals is sent, and counted; docs/security.md
// says of each what was counted. And the limit in front of D1, with the platform's own counters.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type RefusalRequest, refusalRequests } from '../bench/refusal-requests.ts'
import { PROJECT_ROOT } from '../support/bundle.ts'
import { importOwner, loginAndDeliver } from '../support/owner.ts'
import { portalLink } from '../support/portal.ts'
import { eventually, type Stage, startStage } from '../support/stage.ts'

const PROVIDERS = ['twilio', 'infobip', 'vonage', 'telnyx', 'sinch', 'aws', 'http'] as const

let stage: Stage

beforeAll(async () => {
  // A runtime of its own: what another file left under way in one of the usual would be counted here.
  stage = await startStage(inject('workerBundle'), {
    world: { carriers: PROVIDERS },
    runtime: { hasLimits: true },
  })
})

afterAll(() => stage.close())

const ask = (path: string, init: RequestInit) =>
  stage.runtime.fetch(path, { redirect: 'manual', ...init })

/** What `act` cost, all work after its answer included. */
async function costOf(act: () => Promise<unknown>) {
  await stage.readMeter()
  await act()
  const { d1Calls, rowsWritten, queueSends } = await stage.readMeter()
  return { d1Calls, rowsWritten, queueSends }
}

async function costOfRequest({ method, path, headers, body }: RefusalRequest) {
  return costOf(async () => {
    const answer = await ask(path, { method, headers, ...(method === 'GET' ? {} : { body }) })
    await answer.arrayBuffer()
    expect(answer.status).toBeLessThan(500)
  })
}

const NOTHING = { d1Calls: 0, rowsWritten: 0, queueSends: 0 }

type Row = { readonly names: RegExp; readonly d1Calls: number; readonly rowsWritten: number }

/** The rows of docs/security.md: the last column names rows of the bench by path and, after a comma, by what they are. */
function documentedRows(): readonly Row[] {
  const text = readFileSync(join(PROJECT_ROOT, 'docs/security.md'), 'utf8')
  const [, table = ''] = /\n\| path \|[^\n]*\n\|[-|]*\n((?:\|.*\n)+)/.exec(text) ?? []
  return table
    .trimEnd()
    .split('\n')
    .map((line) => {
      const cells = line.split('|').map((cell) => cell.trim())
      const [, , , , d1Calls, rowsWritten, , , names = ''] = cells
      const patterns = [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) =>
        name.replace(/[.()/…]/g, '\\$&').replaceAll('*', '.*'),
      )
      return {
        names: new RegExp(`^(?:${patterns.join('|')})$`),
        d1Calls: Number(d1Calls),
        rowsWritten: Number(rowsWritten),
      }
    })
}

/** As the bench prints it, without sizes. */
function rowName({ method, path, what }: RefusalRequest): string {
  const shown = path.replace(/^\/(l|c|enter)\/[^/]+/, '/$1/…').replace(/\?.*$/, '')
  return `${method} ${shown} (${what})`
}

const requests = refusalRequests(PROVIDERS)
const documented = documentedRows()

describe('B3 a stranger who asks costs what docs/security.md says', () => {
  it.each(requests.map((request) => [rowName(request), request] as const))(
    '%s',
    async (name, request) => {
      const rows = documented.filter(({ names }) => names.test(name))
      expect(
        rows.map(({ d1Calls, rowsWritten }) => ({ d1Calls, rowsWritten, queueSends: 0 })),
      ).toEqual([await costOfRequest(request)])
    },
  )

  it('and it speaks of no row that is not there', () => {
    const names = requests.map(rowName)
    expect(documented.length).toBeGreaterThan(8)
    for (const row of documented) expect(names.some((name) => row.names.test(name))).toBe(true)
  })

  it('C9 POST /lock for a number that is known: no call and no row more', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner)
    const sent = stage.world.phones.messagesTo(owner.phone).length
    const body = new URLSearchParams({ phone: owner.phone, code: '2345 6789' })
    for (const ip of ['198.51.100.77', '2001:db8:77::1']) {
      const headers = { 'cf-connecting-ip': ip }
      const cost = await costOf(() => ask('/lock', { method: 'POST', headers, body }))
      expect(cost).toEqual({ d1Calls: 2, rowsWritten: 1, queueSends: 0 })
    }
    expect(stage.world.phones.messagesTo(owner.phone)).toHaveLength(sent)
  })

  it('POST /enter with a link that was used: one call, and nothing is written', async () => {
    const owner = await importOwner(stage)
    const url = new URL(await portalLink(stage, owner))
    const enter = () =>
      ask(url.pathname, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } })
    expect((await enter()).status).toBe(303)
    expect(await costOf(enter)).toEqual({ ...NOTHING, d1Calls: 1 })
  })
})

describe('the limit in front of D1', () => {
  const FORGED = `lockline=b0~vst_${'x'.repeat(20)}~${'y'.repeat(32)}`
  const headersOf = (ip: string) => ({
    'cf-connecting-ip': ip,
    cookie: FORGED,
    'sec-fetch-site': 'same-origin',
    authorization: 'Bearer not-one-of-the-keys',
  })
  const form = new URLSearchParams({ phone: '+447400000000', code: 'none' })
  const doors: Readonly<Record<string, (ip: string) => Promise<Response>>> = {
    'GET /portal': (ip) => ask('/portal', { headers: headersOf(ip) }),
    'POST /lock': (ip) => ask('/lock', { method: 'POST', headers: headersOf(ip), body: form }),
    'POST /enter/x': (ip) => ask('/enter/x', { method: 'POST', headers: headersOf(ip) }),
    'GET /v1/accounts/x': (ip) => ask('/v1/accounts/x', { headers: headersOf(ip) }),
  }

  beforeAll(() => stage.setFaults({ limiter: 'counting' }))
  afterAll(() => stage.setFaults({}))

  it.each(Object.entries(doors))(
    '%s refuses a place that asks on and on, at no cost, and nobody else',
    async (door, open) => {
      const net = `2001:db8:${(door.length + 0x100).toString(16)}`
      let host = 0
      const fromTheSame = () => {
        host += 1
        return open(`${net}:1::${host.toString(16)}`)
      }
      // The window may end between two requests: what is refused then is found by going on.
      const refusal = await eventually('a refusal that cost nothing', async () => {
        const statuses = await Promise.all(Array.from({ length: 50 }, fromTheSame))
        if (!statuses.some(({ status }) => status === 429)) return null
        let last: Response | undefined
        const cost = await costOf(async () => {
          last = await fromTheSame()
        })
        return last?.status === 429 && { cost, last }
      })
      expect(refusal.cost).toEqual(NOTHING)
      expect(refusal.last.headers.get('retry-after')).toBe('60')
      expect((await open(`${net}:2::1`)).status).not.toBe(429)
    },
  )

  it('does not stand before a right key', async () => {
    await eventually('the refusal of a wrong key', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => doors['GET /v1/accounts/x']?.('203.0.113.9')),
      )
      return answers.some((answer) => answer?.status === 429)
    })
    const right = stage.world.settings().API_KEYS?.split(' ')[0]
    const headers = { authorization: `Bearer ${right}`, 'cf-connecting-ip': '203.0.113.9' }
    expect((await ask('/v1/accounts/nobody', { headers })).status).toBe(404)
  })

  it('lets everybody through while it is out of order', async () => {
    await stage.setFaults({ limiter: 'failing' })
    expect((await ask('/portal', { headers: headersOf('203.0.113.10') })).status).toBe(401)
  })
})
