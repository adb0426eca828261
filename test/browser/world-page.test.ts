// The page of the simulated world, as its first visitor uses it: log in, read the SMS, tap the link,
// lock, break a carrier. The Worker behind it is the real one.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { forgetRows } from '../support/sql.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { ageDemoUser, DEMO_SETTINGS } from '../world/demo.ts'
import { startWorldServer, type WorldServer } from '../world/server.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { expectAccessible, expectAccessibleOnce, expectNoOverflow, showAs } from './checks.ts'
import { startGate } from './gate.ts'

const ALL_WIDTHS = [360, 1280]
/** The Worker's absence is noticed by asking; a test need not wait as long as a person. */
const HEALTH_EVERY_MS = 250

const browser = useBrowser()
let stage: Stage
let server: WorldServer

beforeAll(async () => {
  stage = await startTestStage({ settings: { SMS_ATTEMPT_TIMEOUT_MS: '3000', ...DEMO_SETTINGS } })
  const database = await stage.runtime.database()
  server = await startWorldServer(stage.world, {
    port: 0,
    healthEveryMs: HEALTH_EVERY_MS,
    beforeThief: () => ageDemoUser([database]),
  })
})

afterEach(async () => {
  for (const carrier of Object.values(stage.world.carriers)) await carrier.setMode('ok')
})

afterAll(async () => {
  await server.close()
  await stage.close()
})

async function openWorld(page: Page): Promise<void> {
  await page.goto(server.origin)
  await page.getByText('Lockline is running').waitFor()
}

/** In these widths, the first of them in both themes. */
async function expectFine(page: Page, widths = ALL_WIDTHS): Promise<void> {
  for (const width of widths) {
    await showAs(page, { width, scheme: 'light' })
    await expectNoOverflow(page)
    await (width === widths[0] ? expectAccessible(page) : expectAccessibleOnce(page))
  }
  await showAs(page, { width: widths[0] ?? 0, scheme: 'dark' })
  await expectAccessibleOnce(page, { isContrastOnly: true })
}

const phone = (page: Page) => page.getByRole('list', { name: 'SMS inbox' })
const logIn = (page: Page, name: string) => page.getByRole('button', { name }).click()
const exchangeColumn = (page: Page) => page.getByRole('region', { name: 'The exchange' })

describe('the page of the simulated world', () => {
  it('tells a newcomer what to do, on every screen', async () => {
    const page = await browser.newPage()
    const complaints = collectComplaints(page, server.origin)
    await openWorld(page)
    await expectFine(page)
    const steps = page.getByRole('list', { name: 'What to try' }).getByRole('listitem')
    expect(await steps.getByRole('heading').allTextContents()).toEqual([
      'Log in',
      'Let a thief in',
      'Tap the link',
      'Break a carrier',
    ])
    expect(await phone(page).textContent()).toContain('Log in to receive one.')
    expect(complaints).toEqual([])
  })

  it('leads from a login by the SMS and its link to a locked account', async () => {
    const page = await browser.newPage()
    const complaints = collectComplaints(page, server.origin)
    await openWorld(page)
    await logIn(page, 'iPhone in Frankfurt')
    const message = phone(page).getByRole('listitem').first()
    await message.getByText(/Twilio/).waitFor()
    await message.getByText(/^[\d,]+ ms after the login$/).waitFor()
    const column = exchangeColumn(page)
    await column.getByText('Live', { exact: true }).waitFor()

    for (const act of ['Logs in', 'Makes an API key', 'Adds an address', 'Places an order']) {
      await logIn(page, act)
      await page
        .getByRole('status')
        .getByText(/^The thief/)
        .waitFor()
    }
    await column.getByText('thief', { exact: true }).nth(3).waitFor()

    const opening = page.context().waitForEvent('page')
    await message.getByRole('link').click()
    const lockPage = await opening
    await lockPage.getByRole('button', { name: 'Lock my account' }).click()
    await lockPage.getByRole('heading', { name: 'Your account is locked' }).waitFor()

    await column.getByText('On hold').waitFor()
    await column.getByText('Locked by link: 2 sessions revoked, withdrawals held').waitFor()
    // What was the thief's is gone, each by itself.
    for (const [list, state] of [
      ['Sessions', 'Revoked'],
      ['API keys', 'Revoked'],
      ['Address book', 'Frozen'],
      ['Orders', 'Cancelled'],
    ] as const) {
      const rows = column.getByRole('list', { name: list }).getByRole('listitem')
      await rows.filter({ hasText: 'thief' }).getByText(state, { exact: true }).waitFor()
    }
    await column.getByText('The owner’s hardware wallet').waitFor()
    await expectFine(page)

    await column.getByRole('button', { name: 'Release' }).click()
    await column.getByText('Open', { exact: true }).waitFor()
    expect(complaints).toEqual([])
    await logIn(page, 'Asks a withdrawal')
    await page
      .getByRole('status')
      .getByText(/neither a session nor an API key/)
      .waitFor()
  })

  it('lets the phone answer: LOCK and the code lock', async () => {
    const page = await browser.newPage()
    const complaints = collectComplaints(page, server.origin)
    await openWorld(page)
    const column = exchangeColumn(page)
    const told = phone(page).getByRole('listitem').filter({ hasText: 'near Frankfurt' })
    const before = await told.count()
    await logIn(page, 'iPhone in Frankfurt')
    await column.getByText('Live', { exact: true }).first().waitFor()
    // The newest comes on top of those that were there.
    await told.nth(before).waitFor()
    const message = told.first()
    await message.getByText('Reply to +12025550100').click()
    await expectFine(page, [320, 1280])
    const code = /LOCK [2-9A-Z]{4}/.exec((await message.textContent()) ?? '')?.[0] ?? ''
    await message.getByLabel('Your reply').fill(code)
    await page.keyboard.press('Enter')
    await column.getByText('Locked by reply: 1 session revoked, withdrawals held').waitFor()
    await phone(page).getByText('Lockline took it').first().waitFor()
    await phone(page)
      .getByText(/lock requested|your account is locked/)
      .first()
      .waitFor()
    expect(await message.getByLabel('Your reply').inputValue()).toBe('')
    await expectFine(page, [320, 1280])
    await column.getByRole('button', { name: 'Release' }).click()
    await column.getByText('Open', { exact: true }).waitFor()
    expect(complaints).toEqual([])
  })

  it('shows that another carrier takes over from one that hangs', async () => {
    const page = await browser.newPage()
    await openWorld(page)
    const carriers = page.getByRole('region', { name: 'The carriers' })
    await carriers.getByLabel('Behaviour').first().selectOption('hang')
    await carriers.getByText('Broken on purpose').waitFor()
    await logIn(page, 'Chrome in Taipei')
    await phone(page).getByRole('listitem').first().getByText('Infobip').waitFor()
    const history = page.getByRole('region', { name: 'What happened, and when' })
    const newest = history.getByRole('article').first()
    await newest.getByRole('heading', { name: 'Chrome in Taipei' }).waitFor()
    await newest.getByText(/no answer, given up after/).waitFor()
    const route = newest.locator('.route')
    expect((await route.textContent())?.replaceAll(/\s+/g, ' ')).toMatch(
      /Twilio ✗ [\d,]+ ms → Infobip ✓ [\d,]+ ms/,
    )
    await expectFine(page, [360])
    await showAs(page, { width: 1280, scheme: 'light' })
    await expectNoOverflow(page)
  })

  it('works without script: forms load the page anew', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await page.goto(server.origin)
    await logIn(page, 'Second device, same time')
    await page.waitForURL(`${server.origin}/`)
    const { phones } = stage.world
    const isParallel = ({ text }: { readonly text: string }) => text.includes('London')
    const { text } = await phones.waitForMessage('+12025550123', isParallel)
    await page.reload()
    expect(await phone(page).getByRole('listitem').first().textContent()).toContain(text)
    const message = phone(page).getByRole('listitem').first()
    await message.getByText(/^Reply to \+1202/).click()
    await message.getByLabel('Your reply').fill('hello')
    await message.getByRole('button', { name: 'Send' }).click()
    await phone(page).getByText('hello', { exact: true }).waitFor()
    const vonage = page.locator('form[action="/api/carriers/vonage/mode"]')
    await vonage.getByLabel('Behaviour').selectOption('500')
    await vonage.getByRole('button', { name: 'Set' }).click()
    await page.getByText('Broken on purpose').waitFor()
    expect(stage.world.carriers.vonage.mode()).toBe('500')
  })

  it('says that Lockline is stopped, and goes on when it is back', async () => {
    const { origin } = stage.runtime
    const gate = await startGate(origin)
    stage.world.connect(gate.origin, false)
    const page = await browser.newPage()
    await openWorld(page)
    await stage.settle()
    await gate.shut()
    try {
      const notice = page.getByRole('alert')
      await notice.getByText(`Lockline does not answer at ${gate.origin}.`).waitFor()
      await expectFine(page, [360])
      await showAs(page, { width: 1280, scheme: 'light' })
      await expectNoOverflow(page)
      await logIn(page, 'Through a VPN')
      await page.getByRole('status').getByText('Lockline does not answer (').waitFor()
      // What comes back is another one, with another memory.
      await forgetRows(stage.runtime)
      await stage.newIsolate()
      await gate.open()
      await page.getByText('Lockline is running').waitFor()
      await notice.getByText('does not answer').waitFor({ state: 'detached' })
      await logIn(page, 'Linux in a data centre')
      await phone(page).getByRole('listitem').first().getByText('Nuremberg').waitFor()
    } finally {
      stage.world.connect(origin, false)
      await gate.shut()
    }
  })

  it('says that the simulated world is stopped', async () => {
    const own = await startWorldServer(stage.world, { port: 0, healthEveryMs: HEALTH_EVERY_MS })
    const page = await browser.newPage()
    await page.goto(own.origin)
    await page
      .getByText(/Lockline (is running|does not answer)/)
      .first()
      .waitFor()
    await own.close()
    await page.getByText('This page is cut off').waitFor()
    const again = await startWorldServer(stage.world, { port: own.port })
    try {
      await page.getByText('Connected again.').waitFor()
    } finally {
      await page.close()
      await again.close()
    }
  })
})
