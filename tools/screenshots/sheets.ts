// `npm run screenshots:languages`: docs/screenshots/pages-<language>.webp, for each language of another script one sheet of the
// pages its owners see in an emergency and after, 360 px wide. Taken of the real Worker, while it does what they show.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { paths } from '../../src/paths.ts'
import { launchChromium } from '../../test/browser/chromium.ts'
import { bundleWorker, PROJECT_ROOT } from '../../test/support/bundle.ts'
import { startRuntime } from '../../test/support/runtime.ts'
import { eventually, freePort } from '../../test/support/stage.ts'
import {
  DEMO_ACCOUNT_ID,
  DEMO_PHONE,
  demoLogin,
  demoPortalUrl,
  liftDemoHold,
  SCENARIOS,
} from '../../test/world/demo.ts'
import { startWorld, type World } from '../../test/world/world.ts'
import { SHOT_WIDTH, sheetOf, shotOf } from './sheet.ts'

const FOLDER = join(PROJECT_ROOT, 'docs/screenshots')
const TAGS = ['ar', 'fa', 'hi', 'th', 'ja', 'de'] as const

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const bundle = await bundleWorker('src/index.ts', 'worker')
  const world = await startWorld({ workerOrigin: origin })
  const runtime = await startRuntime({ bundle, port, settings: world.settings() })
  const browser = await launchChromium()
  try {
    for (const tag of TAGS) {
      const shots = await shotsOf(browser, world, origin, tag)
      writeFileSync(join(FOLDER, `pages-${tag}.webp`), await sheetOf(browser, shots))
    }
  } finally {
    await browser.close()
    await runtime.stop()
    await world.close()
  }
}

/** Lock page, lock confirmed; overview, settings and history of an owner with a hold. */
async function shotsOf(
  browser: Browser,
  world: World,
  origin: string,
  tag: string,
): Promise<readonly Buffer[]> {
  const { exchange, phones } = world
  await exchange.api('PUT', `/v1/accounts/${DEMO_ACCOUNT_ID}`, {
    ...{ phone: DEMO_PHONE, locale: tag, alerts: 'all' },
  })
  const seen = phones.messagesTo(DEMO_PHONE).length
  for (const scenario of SCENARIOS.slice(0, 2)) await demoLogin(exchange, scenario)
  const link = await eventually('an SMS of the second login with a link', () => {
    const [, second] = phones.messagesTo(DEMO_PHONE).slice(seen)
    return /https?:\/\/\S+/.exec(second?.text ?? '')?.[0]
  })
  const context = await browser.newContext({
    viewport: { width: SHOT_WIDTH, height: 640 },
    locale: tag,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(link)
  const shots = [await shotOf(page)]
  await page.locator('main form button').first().click()
  await page.locator('main').getByText('UTC').first().waitFor()
  await page.locator('.steps:not(:has(.waiting))').waitFor()
  shots.push(await shotOf(page))
  await page.goto((await demoPortalUrl(exchange)) ?? '')
  await page.locator('main form button').click()
  await page.locator('nav').waitFor()
  for (const path of [paths.portal, paths.portalLogins, paths.portalHold]) {
    await page.goto(origin + path)
    shots.push(await shotOf(page))
  }
  await liftDemoHold(exchange)
  await context.close()
  return shots
}

await main()
