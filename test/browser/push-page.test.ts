// Switching push on in a real browser, whose push manager is replaced by one that subscribes at the simulated
// service. What the service worker does with a push is in test/unit/portal.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOwner, loginAndDeliver, type Owner } from '../support/owner.ts'
import { portalLink, proofCodeSentTo } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { type PushService, startPushService } from '../world/push-service.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { expectAccessible } from './checks.ts'
import { expectFineInEveryView } from './lock-views.ts'

const browser = useBrowser()
let stage: Stage
let service: PushService

beforeAll(async () => {
  service = await startPushService()
  stage = await startTestStage({ settings: service.settings() })
})

afterAll(async () => {
  await stage.close()
  await service.close()
})

const PATH = '/portal/push'

async function open(owner: Owner, options: { readonly javaScriptEnabled?: boolean } = {}) {
  const page = await browser.newPage(options)
  await page.context().grantPermissions(['notifications'], { origin: stage.runtime.origin })
  await page.goto(await portalLink(stage, owner))
  await page.locator('main form button').click()
  await page.locator('nav').waitFor()
  return page
}

describe('the page of push', () => {
  it('registers this browser, which then gets the alert of a login', async () => {
    const owner = await importOwner(stage)
    const page = await open(owner)
    const complaints = collectComplaints(page, stage.runtime.origin)
    await page.addInitScript((subscription: string) => {
      Notification.requestPermission = () => Promise.resolve('granted')
      PushManager.prototype.subscribe = () => Promise.resolve(JSON.parse(subscription))
    }, service.subscribe(owner.id))
    await page.goto(stage.runtime.origin + PATH)
    await page.getByRole('button', { name: 'Turn on for this device' }).click()
    await page.getByText('This device now gets push notifications.').waitFor()
    await expectFineInEveryView(page)
    await loginAndDeliver(stage, owner)
    await eventually('the push', () => service.received(owner.id)[0])
    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByText('A test is on its way.').waitFor()
    await page.getByRole('button', { name: 'Remove' }).click()
    // The number has to say so too.
    const code = page.getByLabel('Six-digit code')
    await code.waitFor()
    await expectFineInEveryView(page)
    await code.fill(await proofCodeSentTo(stage, owner.phone))
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('No device gets push notifications.').waitFor()
    // The page that asks for the code is an answer of its own.
    expect(complaints).toEqual([expect.stringContaining('status of 422')])
  })

  it('says that the browser blocks notifications', async () => {
    const page = await open(await importOwner(stage))
    await page.addInitScript(() => {
      Notification.requestPermission = () => Promise.resolve('denied')
    })
    await page.goto(stage.runtime.origin + PATH)
    await page.getByRole('button', { name: 'Turn on for this device' }).click()
    await page.getByText('This browser blocks notifications.').waitFor()
    await expectAccessible(page)
  })

  it('says that it needs a script where there is none', async () => {
    const page = await open(await importOwner(stage), { javaScriptEnabled: false })
    await page.goto(stage.runtime.origin + PATH)
    // Playwright finds no text in a `noscript`, though it is shown.
    expect(await page.locator('noscript p').isVisible()).toBe(true)
    expect(await page.getByRole('button', { name: 'Turn on for this device' }).count()).toBe(0)
  })
})

describe('the service worker', () => {
  it('is taken by the browser, for every page', async () => {
    const page = await open(await importOwner(stage))
    // The only page whose policy lets it register one.
    await page.goto(stage.runtime.origin + PATH)
    const scope = await page.evaluate(async () => {
      await navigator.serviceWorker.register('/push-worker.js', { scope: '/' })
      const registration = await navigator.serviceWorker.ready
      return registration.active?.state === 'redundant' ? null : registration.scope
    })
    expect(scope).toBe(`${stage.runtime.origin}/`)
  })
})
