// The operator's pages as somebody sees them who was woken up: on a phone, in the dark, by keyboard, without script. The
// Worker behind them is the real one.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountPath, execute, importOwner, loginAndDeliver, type Owner } from '../support/owner.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import {
  expectAccessible,
  expectAccessibleOnce,
  expectNoOverflow,
  showAs,
  viewsOf,
} from './checks.ts'

const VIEWS = viewsOf([360, 1280])
const browser = useBrowser()
let stage: Stage
let owner: Owner

beforeAll(async () => {
  stage = await startTestStage({ world: { hasOperator: true } })
  owner = await importOwner(stage)
  await loginAndDeliver(stage, owner)
})
afterAll(() => stage.close())

async function enter(): Promise<{ page: Page; complaints: readonly string[] }> {
  const page = await browser.newPage()
  const complaints = collectComplaints(page, stage.runtime.origin)
  await page.goto(`${stage.runtime.origin}/ops?token=${stage.world.secrets.opsToken}`)
  expect(new URL(page.url()).search).toBe('')
  return { page, complaints }
}

async function expectFine(page: Page): Promise<void> {
  for (const view of VIEWS) {
    await showAs(page, view)
    await expectNoOverflow(page)
    const isFirst = view === VIEWS[0]
    await (isFirst ? expectAccessible : expectAccessibleOnce)(page, {
      isEnhancedContrast: true,
      isContrastOnly: view.scheme === 'dark',
    })
  }
}

const HOUR_MS = 3_600_000

/** A day behind it, a provider in disgrace, a lock that nobody confirms, dead letters. */
async function makeSick(): Promise<void> {
  const now = Date.now()
  for (let hour = 0; hour < 24; hour += 1) {
    const hourAt = Math.floor((now - hour * HOUR_MS) / HOUR_MS) * HOUR_MS
    const cells = ['DE', 'TH', 'US'].map((country, nth) => ({
      ...{ hourAt, country, provider: nth === 1 ? 'infobip' : 'twilio' },
      counts: {
        asked: 200,
        accepted: 190,
        faults: 10,
        segments: 380,
        delivered: 150,
        undelivered: nth,
      },
      times: {
        call: [0, 100, 90],
        accepted: [0, 80, 60, 40, 6, 2, 1, 0, 0, 1],
        delivered: [0, 0, 0, 0, 60, 70, 20],
      },
    }))
    await execute(
      stage,
      'INSERT INTO measure_hours (hour_at, cells, database_bytes) VALUES (?, ?, 1000) ON CONFLICT DO NOTHING',
      hourAt,
      JSON.stringify(cells),
    )
  }
  await execute(
    stage,
    "INSERT INTO breakers (scope, opened_at, open_until, trips, code, figure) VALUES ('twilio', ?, ?, 1, 'HTTP 500', '5 of 5 calls in 30 s')",
    now,
    now + HOUR_MS,
  )
  await execute(
    stage,
    "INSERT INTO route_changes VALUES (?, 'twilio', 'opened', ?, 'evidence', '5 of 5 calls in 30 s: HTTP 500', ?)",
    now,
    now,
    now + HOUR_MS,
  )
  await execute(
    stage,
    "INSERT INTO dead_letters (message_id, queue, kind, account_id, reason, died_at) VALUES ('m', 'alerts', 'deliver', ?, 'retries_used', ?)",
    owner.id,
    now,
  )
  await stage.world.exchange.setCallbackMode('500')
  await stage.world.exchange.api('POST', accountPath(owner, '/lock'), {})
  await stage.settle()
  await stage.setClock({ aheadMs: 61_000 })
  await stage.runtime.tick()
  await stage.settle()
}

describe('the operator’s pages', () => {
  it('say that all is well, and what is not known yet, on every screen', async () => {
    const { page, complaints } = await enter()
    await page.getByRole('status').getByText('Well').waitFor()
    await expectFine(page)
    await page.getByRole('link', { name: 'Incidents' }).click()
    await page.getByText('None is on record').waitFor()
    await expectFine(page)
    expect(complaints).toEqual([])
  })

  it('say what is sick, since when and what to do, on every screen', async () => {
    await makeSick()
    const { page, complaints } = await enter()
    await page.getByRole('status').getByText('Degraded').waitFor()
    const cards = page.getByRole('heading', { level: 3 })
    expect((await cards.allTextContents()).toSorted()).toEqual([
      'A provider is distrusted: twilio',
      'Messages have died',
      'The exchange has not confirmed a lock',
    ])
    await page.getByRole('alert').getByText('Call them').waitFor()
    await page.getByRole('img', { name: /^Time until a provider took an alert/ }).waitFor()
    await expectFine(page)
    await page.getByRole('link', { name: 'Incidents' }).click()
    await page
      .getByRole('cell', { name: /^open for/ })
      .first()
      .waitFor()
    await expectFine(page)
    expect(complaints).toEqual([])
  })

  it('lead from an account to one of its alerts, and out again', async () => {
    const { page, complaints } = await enter()
    await page.getByLabel('Account id').fill(owner.id)
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('heading', { name: `Account ${owner.id}` }).waitFor()
    await expectFine(page)
    await page.getByRole('link', { name: '#1', exact: true }).click()
    await page.getByRole('cell', { name: 'Attempt 1: twilio says: arrived' }).waitFor()
    await expectFine(page)
    await page.getByRole('button', { name: 'Leave' }).click()
    await page.waitForURL(/\/ops$/)
    expect(await page.getByRole('heading', { name: 'Now' }).count()).toBe(0)
    expect(complaints.filter((one) => !one.includes('404'))).toEqual([])
  })
})
