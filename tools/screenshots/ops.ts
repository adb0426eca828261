// The pictures of the operator's pages: the real Worker in the simulated world, with a provider that answers 500, an exchange
// that does not take callbacks and a lock that it has not confirmed.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { bundleWorker } from '../../test/support/bundle.ts'
import { eventually, startStage } from '../../test/support/stage.ts'

export type Shoot = (page: Page, name: string) => Promise<void>

const WIDE: BrowserContextOptions = { viewport: { width: 1180, height: 900 } }
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 780 },
  deviceScaleFactor: 2,
  hasTouch: true,
}
const NUMBERS = ['+4915123456789', '+33612345678', '+12025550123', '+66812345678'] as const

export async function takeOps(browser: Browser, save: Shoot): Promise<void> {
  const bundle = await bundleWorker('test/support/worker-under-test.ts', 'worker-under-test')
  const stage = await startStage(bundle, { world: { hasOperator: true } })
  const { exchange, carriers, phones, secrets } = stage.world
  try {
    for (const [nth, phone] of NUMBERS.entries()) {
      await exchange.api('PUT', `/v1/accounts/${10_482_113 + nth}`, { phone })
    }
    const logInAll = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        for (const nth of NUMBERS.keys()) {
          await exchange.login({ account_id: String(10_482_113 + nth) })
        }
      }
      await stage.settle()
    }
    await logInAll(12)
    await carriers.twilio.setMode('500')
    await logInAll(2)
    await exchange.setCallbackMode('500')
    await exchange.api('POST', '/v1/accounts/10482113/lock', {})
    await stage.settle()
    // A minute and a half later, what was counted is stored, and the lock is late.
    await stage.setClock({ aheadMs: 70_000 })
    const database = await stage.runtime.database()
    await eventually('the conviction', async () => {
      await logInAll(1)
      return database.prepare('SELECT 1 FROM breakers').first()
    })
    await stage.setClock({ aheadMs: 90_000 })
    await stage.runtime.tick()
    await eventually('the texts', () => phones.messagesTo(NUMBERS[0]).length > 10)
    await sleep(500)
    const entry = `${stage.runtime.origin}/ops?token=${secrets.opsToken}`
    for (const [name, options] of [
      ['ops', WIDE],
      ['ops-phone', PHONE],
      ['ops-phone-dark', { ...PHONE, colorScheme: 'dark' }],
    ] as const) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      await page.goto(entry)
      await save(page, name)
      if (name === 'ops') {
        await page.locator('svg.chart').scrollIntoViewIfNeeded()
        await save(page, 'ops-latencies')
        await page.goto(`${stage.runtime.origin}/ops/alerts/10482113/13`)
        await save(page, 'ops-alert')
        await page.goto(`${stage.runtime.origin}/ops/incidents`)
        await save(page, 'ops-incidents')
      }
      await context.close()
    }
  } finally {
    await stage.close()
  }
}
