// What the page says after the button was pressed: only what is stored and confirmed, brought up to date
// by the page itself, without script.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { isHeld, type Warned, warn } from './lock-link.ts'
import {
  expectFineInEveryView,
  heading,
  keepFromRefreshing,
  lockButton,
  waitForLock,
} from './lock-views.ts'

const browser = useBrowser()
let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterEach(async () => {
  await stage.setFaults({})
  await stage.world.exchange.setCallbackMode('ok')
})

afterAll(() => stage.close())

/** Opens the link of a new warning; nothing is pressed yet. */
async function openLink(javaScriptEnabled = true): Promise<Warned & { readonly page: Page }> {
  const warned = await warn(stage)
  const page = await browser.newPage({ javaScriptEnabled })
  await page.goto(warned.link)
  return { ...warned, page }
}

const refreshes = (page: Page) => page.locator('meta[http-equiv="refresh"]').count()

describe('after the button', () => {
  it('goes from requested to confirmed by itself, without script, and then rests', async () => {
    const { exchange } = stage.world
    await exchange.setCallbackMode('hang')
    const { page, accountId } = await openLink(false)
    const complaints = collectComplaints(page, stage.runtime.origin)
    await lockButton(page).click()
    await heading(page, 'Lock requested').waitFor()
    // The refresh leads there, and finds that the exchange has not confirmed.
    await page.waitForURL('**/status')
    await page.getByText('Waiting for Demo Exchange to confirm').waitFor()
    expect(await isHeld(stage, accountId)).toBe(true)
    await exchange.setCallbackMode('ok')
    // A call that still hangs runs into its deadline first.
    await heading(page, 'Your account is locked').waitFor({ timeout: 40_000 })
    expect(await refreshes(page)).toBe(0)
    expect(complaints).toEqual([])
  })

  it('shows the waiting lock well on every screen', async () => {
    await stage.world.exchange.setCallbackMode('500')
    const { page } = await openLink()
    await keepFromRefreshing(page)
    await lockButton(page).click()
    await heading(page, 'Lock requested').waitFor()
    expect(await refreshes(page)).toBe(1)
    await expectFineInEveryView(page, { isRefreshing: true })
  })

  it('shows the confirmed and then the lifted lock well on every screen', async () => {
    const { page, accountId, link } = await openLink()
    await lockButton(page).click()
    await heading(page, 'Your account is locked').waitFor()
    await expectFineInEveryView(page)
    const lift = { reason: 'The owner asked for it' }
    const lifted = await stage.world.exchange.api('DELETE', `/v1/accounts/${accountId}/hold`, lift)
    expect(lifted.status).toBeLessThan(300)
    await page.goto(`${link}/status`)
    await heading(page, 'The hold was lifted').waitFor()
    await expectFineInEveryView(page)
  })

  it('claims no more than is true while the database is away, and is confirmed later', async () => {
    const { page, accountId, link } = await openLink()
    await stage.setFaults({ database: true })
    await keepFromRefreshing(page)
    await lockButton(page).click()
    await heading(page, 'Lock request received').waitFor()
    await expectFineInEveryView(page, { isRefreshing: true })
    // A page of its own: the other one goes on trying to refresh itself.
    const again = await page.context().newPage()
    await page.close()
    await again.goto(`${link}/status`)
    await heading(again, 'This cannot be looked up now').waitFor()
    await stage.setFaults({})
    await heading(again, 'Your account is locked').waitFor({ timeout: 40_000 })
    expect(await isHeld(stage, accountId)).toBe(true)
  })

  it('shows a link without any lock well on every screen', async () => {
    const { page, link } = await openLink()
    await page.goto(`${link}/status`)
    await keepFromRefreshing(page)
    await heading(page, 'No lock recorded yet').waitFor()
    await expectFineInEveryView(page, { isRefreshing: true })
  })

  it('asks for another press when nothing could be stored, and that press locks', async () => {
    const { page, accountId } = await openLink()
    await stage.setFaults({ database: true, callbacks: true })
    await lockButton(page).click()
    await heading(page, 'Please press the button again').waitFor()
    await expectFineInEveryView(page)
    await stage.setFaults({})
    await lockButton(page).click()
    await waitForLock(page)
    expect(await isHeld(stage, accountId)).toBe(true)
  })
})
