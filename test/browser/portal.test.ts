// The owner's pages in a real browser: in by a link of the exchange, every page on every screen, in languages
// of every kind, by keyboard, without script.

import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOwner, linkIn, newOwner, type Owner } from '../support/owner.ts'
import { enterPortal, PORTAL_PAGES, portalLink } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow } from '../support/totp.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { expectAccessible, expectAccessibleOnce, expectNoOverflow, showAs } from './checks.ts'
import { LOOKED_AT } from './languages.ts'
import { isHeld } from './lock-link.ts'
import { expectFineInEveryView, heading, lockButton, waitForLock } from './lock-views.ts'

const PAGE_MAX_BYTES = 20 * 1024

const browser = useBrowser()
let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const at = (path: string) => `${stage.runtime.origin}/portal${path}`

/** In the middle of a visit; how it begins is looked at by itself. */
async function enter(owner: Owner, options: BrowserContextOptions = {}, path = ''): Promise<Page> {
  const page = await browser.newPage(options)
  const { cookie } = await enterPortal(stage, owner, ['otp'])
  const [name = '', ...value] = cookie.split('=')
  const { origin } = stage.runtime
  await page.context().addCookies([{ name, value: value.join('='), url: origin }])
  await page.goto(at(path))
  await page.locator('nav').waitFor()
  return page
}

async function ownerWithLogin(change: Readonly<Record<string, string>> = {}): Promise<Owner> {
  const owner = await importOwner(stage, change)
  await stage.world.exchange.login({ account_id: owner.id, country: 'DE', city: 'Frankfurt' })
  return owner
}

describe('the way in', () => {
  it('is one press, by keyboard, without script', async () => {
    const owner = await importOwner(stage)
    const page = await browser.newPage({ javaScriptEnabled: false })
    const complaints = collectComplaints(page, stage.runtime.origin)
    await page.goto(await portalLink(stage, owner))
    await expectNoOverflow(page)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await heading(page, 'Login security').waitFor()
    expect(complaints).toEqual([])
  })

  it('is accessible, and so is what a used link shows', async () => {
    const page = await browser.newPage()
    const url = await portalLink(stage, await importOwner(stage))
    await page.goto(url)
    await expectFineInEveryView(page)
    await page.locator('main form button').click()
    await page.goto(url)
    await page.locator('main form button').click()
    await heading(page, 'This link no longer works').waitFor()
    await expectFineInEveryView(page)
  })

  it('ends for good when its owner leaves', async () => {
    const page = await enter(await importOwner(stage))
    await page.getByRole('button', { name: 'Leave these pages' }).click()
    await heading(page, 'You have left').waitFor()
    await page.goto(at(''))
    await heading(page, 'Your visit has ended').waitFor()
    await expectAccessible(page)
  })
})

describe('every page', () => {
  it('is light, accessible and fits every screen', async () => {
    const page = await enter(await ownerWithLogin())
    const complaints = collectComplaints(page, stage.runtime.origin)
    for (const path of PORTAL_PAGES) {
      const response = await page.goto(stage.runtime.origin + path)
      expect({ path, status: response?.status() }).toEqual({ path, status: 200 })
      expect((await response?.body())?.length, path).toBeLessThan(PAGE_MAX_BYTES)
      expect(await page.locator('html').getAttribute('lang')).toBe('en')
      expect(await page.locator('html').getAttribute('dir')).toBe('ltr')
      await expectFineInEveryView(page)
    }
    expect(complaints).toEqual([])
  })

  // English is looked at above.
  it.each(
    LOOKED_AT.filter(({ tag }) => tag !== 'en').map(
      ({ tag, direction }) => [tag, direction] as const,
    ),
  )('fits a narrow phone in %s', async (tag, direction) => {
    const page = await enter(await ownerWithLogin({ locale: tag }), { locale: tag })
    await showAs(page, { width: 320, scheme: 'light' })
    for (const path of PORTAL_PAGES) {
      await page.goto(stage.runtime.origin + path)
      expect(await page.locator('html').getAttribute('lang')).toBe(tag)
      expect(await page.locator('html').getAttribute('dir')).toBe(direction)
      await expectNoOverflow(page)
    }
    await expectAccessibleOnce(page)
  })

  it('needs no script to be read', async () => {
    const page = await enter(await ownerWithLogin(), { javaScriptEnabled: false })
    for (const path of PORTAL_PAGES) {
      await page.goto(stage.runtime.origin + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectNoOverflow(page)
    }
  })
})

describe('a lock card', () => {
  it('is made, prints alone, and locks without script, until it is revoked', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const page = await enter(owner, {}, '/ways')
    await page.getByRole('button', { name: 'Make a card' }).click()
    await page.locator('#totp').fill(totpNow(TOTP_SECRET, -1))
    await page.getByRole('button', { name: 'Make a card' }).click()
    await page.locator('.lock-card svg').waitFor()
    await expectFineInEveryView(page)
    const url = (await page.locator('.lock-card code').textContent()) ?? ''
    expect(url).toMatch(/^http:\/\/[^/]+\/c\/[\w-]+\.[\w-]{43}$/)

    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('.lock-card').isVisible()).toBe(true)
    expect(
      await page.locator('nav, form, h1, .brand, .note').filter({ visible: true }).count(),
    ).toBe(0)

    const finder = await browser.newPage({ javaScriptEnabled: false })
    await finder.goto(url)
    expect(await isHeld(stage, owner.id)).toBe(false)
    await lockButton(finder).click()
    await waitForLock(finder)
    expect(await isHeld(stage, owner.id)).toBe(true)

    await page.emulateMedia({ media: 'screen' })
    await page.goto(url)
    await expectFineInEveryView(page)
    // The lock has ended the visit: whoever made the card may be the thief.
    const again = await enter(owner, { javaScriptEnabled: false }, '/ways')
    await again.getByRole('button', { name: 'Remove' }).click()
    await again.locator('#totp').fill(totpNow())
    await again.getByRole('button', { name: 'Remove' }).click()
    await again.locator('.lock-card').waitFor({ state: 'detached' })
    // Another one: the first still looks again by itself whether its lock is confirmed.
    const late = await browser.newPage({ javaScriptEnabled: false })
    await late.goto(url)
    await lockButton(late).click()
    await heading(late, 'This card no longer works').waitFor()
    await expectNoOverflow(late)
  })
})

describe('a trusted contact', () => {
  it('is proven by its code, told what it means, and locks by an SMS', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const friend = newOwner().phone
    const { phones } = stage.world
    const page = await enter(owner, {}, '/ways')
    await page.locator('#phone').fill(friend)
    const word = await page.locator('#word').inputValue()
    await page.getByRole('button', { name: 'Send code' }).click()
    await page.locator('#totp').fill(totpNow())
    await page.getByRole('button', { name: 'Send code' }).click()
    await page.locator('#contact-code').waitFor()
    const asked = await phones.waitForMessage(friend, () => true)
    expect(asked.text).toContain('who can lock their account by SMS')
    await page.locator('#contact-code').fill(/\d{6}$/.exec(asked.text)?.[0] ?? '')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('can lock your account by SMS.').waitFor()
    await page.getByText(`Your word: ${word}`).waitFor()
    await expectFineInEveryView(page)

    const told = await phones.waitForMessage(friend, ({ text }) => text.includes('reply LOCK'))
    await phones.reply(told.providerMessageId, `Lock ${word}`)
    await eventually('the lock', () => isHeld(stage, owner.id))
    await phones.waitForMessage(friend, ({ text }) => text.includes('telling its owner'))
    await phones.waitForMessage(owner.phone, ({ text }) => text.includes('lock'))
  })
})

describe('settings', () => {
  it('are changed by keyboard, without script, and off takes a code', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const page = await enter(owner, { javaScriptEnabled: false }, '/settings')
    await page.getByLabel('Off').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await page.locator('#totp').waitFor()
    await expectNoOverflow(page)
    await page.locator('#totp').fill(totpNow())
    await page.keyboard.press('Enter')
    await page.getByRole('status').waitFor()
    expect(await page.getByLabel('Off').isChecked()).toBe(true)
  })
})

describe('the test alert', () => {
  it('is sent, measured and practised', async () => {
    const owner = await importOwner(stage)
    const page = await enter(owner, {}, '/drill')
    await page.getByRole('button', { name: 'Send me a test alert' }).click()
    await page.getByText(/Delivered after \d+\.\d s/).waitFor()
    await expectAccessible(page)
    const message = await eventually('the SMS', () => stage.world.phones.messagesTo(owner.phone)[0])
    await page.goto(linkIn(message.text))
    await heading(page, 'This is a drill').waitFor()
    await expectFineInEveryView(page)
    await page.getByRole('button', { name: 'Practise the lock' }).click()
    await heading(page, 'Drill done, nothing was locked').waitFor()
    await expectAccessible(page)
    expect(await isHeld(stage, owner.id)).toBe(false)
  })
})

describe('the lock from within', () => {
  it('shows the hold until the exchange has confirmed, and its receipt can be saved', async () => {
    const owner = await ownerWithLogin()
    const page = await enter(owner)
    await page.getByRole('button', { name: 'Lock my account' }).click()
    await heading(page, 'Withdrawals are on hold').waitFor()
    await page.getByText(/Confirmed by the exchange: /).waitFor()
    await expectFineInEveryView(page, { isRefreshing: true })
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Save the signed receipt' }).click()
    expect((await download).suggestedFilename()).toMatch(/^lck_[0-9a-z]{26}\.jwt$/)
    expect(await isHeld(stage, owner.id)).toBe(true)
  })
})
