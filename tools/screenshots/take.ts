// `npm run screenshots`: the pictures in docs/screenshots/, taken of the real Worker and the simulated
// world while they do what the pictures show. Nothing in them is drawn by hand.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page, PageScreenshotOptions } from 'playwright-core'
import { paths } from '../../src/paths.ts'
import { OWNERS_PAGES } from '../../src/portal/pages.ts'
import { launchChromium } from '../../test/browser/chromium.ts'
import { bundleWorker, PROJECT_ROOT } from '../../test/support/bundle.ts'
import { startRuntime } from '../../test/support/runtime.ts'
import { DEMO_ACCOUNT_ID } from '../../test/world/demo.ts'
import { startWorldServer } from '../../test/world/server.ts'
import { startWorld } from '../../test/world/world.ts'
import { takeHolds } from './holds.ts'
import { takeOps } from './ops.ts'

const FOLDER = join(PROJECT_ROOT, 'docs/screenshots')
/** It can be read in the pictured SMS: the port of `npm start`, so it has to be free. */
const PORT = 8787
type Clip = NonNullable<PageScreenshotOptions['clip']>

const DESKTOP_WIDTH = 1180
/** What the thief did, and whether withdrawals are held: the rest of the exchange's column is long. */
const WORLD_HEIGHT_MAX = 1_320
const DESKTOP: BrowserContextOptions = { viewport: { width: DESKTOP_WIDTH, height: 900 } }
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 700 },
  deviceScaleFactor: 2,
  hasTouch: true,
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  // `npm run screenshots -- ops`: the operator's pages alone; `holds`: those of holds.
  const [only] = process.argv.slice(2)
  if (only === undefined) await takeOthers()
  const browser = await launchChromium()
  try {
    if (only !== 'holds') await takeOps(browser, save)
    if (only === 'ops') return
    const { holds, ways } = await takeHolds(browser)
    writeFileSync(join(FOLDER, 'pages-holds.webp'), holds)
    writeFileSync(join(FOLDER, 'pages-ways.webp'), ways)
  } finally {
    await browser.close()
  }
}

async function takeOthers(): Promise<void> {
  const bundle = await bundleWorker('src/index.ts', 'worker')
  const world = await startWorld({ workerOrigin: `http://localhost:${PORT}` })
  const runtime = await startRuntime({ bundle, port: PORT, settings: world.settings() })
  const server = await startWorldServer(world, { port: 0 })
  const browser = await launchChromium()
  try {
    const desktop = await openPage(browser, DESKTOP, server.origin)
    await desktop.getByText('Lockline is running').waitFor()
    await logIn(desktop, 'iPhone in Frankfurt', 'delivered', 1)
    await world.carriers.twilio.setMode('hang')
    await logIn(desktop, 'Chrome in Taipei', 'Infobip', 2)
    await world.carriers.twilio.setMode('ok')
    const link = await desktop.locator('.message a').first().getAttribute('href')
    if (link === null) throw new Error('the SMS has no link')

    const phone = await openPage(browser, PHONE, server.origin)
    await phone.setViewportSize({ width: 390, height: 630 })
    await phone.locator('.message').nth(1).waitFor()
    await phone.locator('#phone-title').evaluate((element) => {
      element.style.scrollMarginTop = '16px'
      element.scrollIntoView()
    })
    await save(phone, 'world-page-phone')

    await savePortal(browser, server.origin)

    const dark = await openPage(browser, { ...PHONE, colorScheme: 'dark' }, link)
    await save(dark, 'lock-page-dark')
    const lock = await openPage(browser, PHONE, link)
    await save(lock, 'lock-page')
    await lock.getByRole('button', { name: 'Lock my account' }).tap()
    await lock.getByRole('heading', { name: 'Your account is locked' }).waitFor()
    await save(lock, 'lock-confirmed')

    await saveCodePage(browser)
    // A lock has ended the visit of before.
    const portal = await openPage(browser, PHONE, `${server.origin}/portal`)
    await enter(portal)
    await savePage(portal, paths.portalHold)
    await world.exchange.api('PUT', `/v1/accounts/${DEMO_ACCOUNT_ID}`, { locale: 'ar' })
    await portal.goto(`http://localhost:${PORT}${paths.portalLogins}`)
    await save(portal, 'portal-logins-arabic')

    await desktop.getByText('On hold').waitFor()
    const history = await desktop.locator('.history').boundingBox()
    if (history === null) throw new Error('the page has no history')
    const { x, y, width, height } = history
    const top = { x: 0, y: 0, width: DESKTOP_WIDTH, height: Math.min(y, WORLD_HEIGHT_MAX) }
    await save(desktop, 'world-page', top)
    const margin = 16
    await save(desktop, 'world-page-history', {
      x: x - margin,
      y: y - margin,
      width: width + 2 * margin,
      height: height + 2 * margin,
    })
  } finally {
    await browser.close()
    await server.close()
    await runtime.stop()
    await world.close()
  }
}

/** The lock without a link, in a language from right to left. */
async function saveCodePage(browser: Browser): Promise<void> {
  const options = { ...PHONE, locale: 'ar' }
  await save(await openPage(browser, options, `http://localhost:${PORT}/lock`), 'code-page-arabic')
}

/** The owner's pages, entered as from the exchange, while nothing is held. */
async function savePortal(browser: Browser, worldOrigin: string): Promise<void> {
  const page = await openPage(browser, PHONE, `${worldOrigin}/portal`)
  await save(page, 'portal-entry')
  await enter(page)
  await save(page, 'portal')
  const others = OWNERS_PAGES.map(({ path }) => path)
  for (const path of others.filter((one) => one !== paths.portal && one !== paths.portalHold)) {
    await savePage(page, path)
  }
}

async function enter(page: Page): Promise<void> {
  await page.locator('main form button').tap()
  await page.locator('nav').waitFor()
}

async function savePage(page: Page, path: string): Promise<void> {
  await page.goto(`http://localhost:${PORT}${path}`)
  await save(page, path.slice(1).replace('/', '-'))
}

async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
  url: string,
): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  await page.goto(url)
  return page
}

/** Presses the login's button and waits until the history shows so many logins, the newest so far. */
async function logIn(page: Page, name: string, until: string, logins: number): Promise<void> {
  await page.getByRole('button', { name }).click()
  await page
    .locator('.timeline')
    .nth(logins - 1)
    .waitFor()
  const newest = page.locator('.timeline').first()
  await newest.getByText(until).first().waitFor()
  await newest.getByText('receipt “delivered”').waitFor()
}

async function save(page: Page, name: string, clip?: Clip): Promise<void> {
  // A passing message of the page would cover what the picture shows.
  await page.locator('.toast.shown').waitFor({ state: 'detached', timeout: 10_000 })
  // Nothing is pictured as pointed at.
  await page.mouse.move(0, 0)
  await page.screenshot({
    path: join(FOLDER, `${name}.png`),
    animations: 'disabled',
    ...(clip === undefined ? {} : { clip, fullPage: true }),
  })
}

await main()
