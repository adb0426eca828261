// Passkeys in a real browser, with its own virtual authenticator: added in the owner's pages, used to say "it
// was me" beside the lock, refused where nobody is verified, and explained where they cannot be.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSKEY_PROVES_AFTER_MS } from '../../src/account/passkeys.ts'
import { accountPath, execute, newOwner, type Owner, queryOne } from '../support/owner.ts'
import { portalLink } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow, wrongCode } from '../support/totp.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { isHeld } from './lock-link.ts'
import { expectFineInEveryView, heading, waitForLock } from './lock-views.ts'
import { plugIn } from './virtual-authenticator.ts'

const PAGE_MAX_BYTES = 20 * 1024

const browser = useBrowser()
let stage: Stage
let origin: string

beforeAll(async () => {
  // The only clause of this profile: a change of number takes a passkey.
  const settings = { PROFILE: 'ae', CODE_GUARD: 'record' }
  stage = await startTestStage({ hasName: true, settings })
  origin = `http://localhost:${new URL(stage.runtime.origin).port}`
})

afterAll(() => stage.close())

async function enter(page: Page, owner: Owner, amr: readonly string[] = ['otp']): Promise<void> {
  await page.goto(await portalLink(stage, owner, amr))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('link', { name: 'Passkeys' }).click()
  await heading(page, 'Passkeys').waitFor()
}

async function add(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('The passkey was added.').waitFor()
}

/** The number comes after the passkey, so that the first SMS is the alert. */
async function warn(owner: Owner): Promise<{ readonly link: string; readonly sessionId: string }> {
  const { exchange, phones } = stage.world
  await exchange.api('PUT', accountPath(owner), { phone: owner.phone })
  const { sessionId } = await exchange.login({ account_id: owner.id })
  const { text } = await phones.waitForMessage(owner.phone, () => true)
  const link = /https?:\/\/\S+/.exec(text)?.[0]
  if (link === undefined) throw new Error(`no link in the SMS: ${text}`)
  return { link, sessionId }
}

async function confirmedAt({ id }: Owner) {
  const sql = 'SELECT confirmed_at FROM logins WHERE account_id = ? ORDER BY seq DESC LIMIT 1'
  return (await queryOne(stage, sql, id))?.confirmed_at ?? null
}

const toldOf = (owner: Owner) =>
  stage.world.exchange.callbacks
    .entries()
    .filter(({ event }) => event?.accountId === owner.id && event.type === 'session.confirmed')

const lockedVia = async ({ id }: Owner) =>
  stage.world.exchange.callbacks
    .entries()
    .flatMap(({ event }) =>
      event?.accountId === id && event.type === 'account.locked' ? [event.data.via] : [],
    )

const itWasMe = (page: Page) => page.getByRole('button', { name: 'It was me' })

describe('a passkey', () => {
  it('is added in the owner’s pages and confirms a login, which is told once', async () => {
    const owner = newOwner()
    const page = await browser.newPage()
    const complaints = collectComplaints(page, origin)
    await plugIn(page)
    await enter(page, owner)
    await add(page)
    await page.getByText('Headless Chrome, Linux').waitFor()

    const { link, sessionId } = await warn(owner)
    await page.goto(link)
    await page.getByRole('link', { name: 'It was me: confirm with my device' }).click()
    await page.getByText('Alert #1 from Demo Exchange.').waitFor()
    await itWasMe(page).click()
    await heading(page, 'Confirmed').waitFor()
    const told = await eventually('the callback', () => toldOf(owner)[0])
    expect(told.event?.data).toMatchObject({ session_id: sessionId, via: 'passkey' })
    expect(await confirmedAt(owner)).not.toBeNull()

    await page.goto(`${link}/confirm`)
    await heading(page, 'Confirmed').waitFor()
    await page.getByRole('link', { name: 'It was not me: lock' }).click()
    await heading(page, 'Not you? Lock your account').waitFor()
    expect(toldOf(owner)).toHaveLength(1)
    expect(complaints).toEqual([])
  })

  it('locks on /lock, by nobody’s name, by two presses', async () => {
    const owner = newOwner()
    const page = await browser.newPage()
    const complaints = collectComplaints(page, origin)
    await plugIn(page)
    await enter(page, owner)
    await add(page)
    // As on another day: nothing of the visit is left but the device.
    await page.context().clearCookies()
    await page.goto(`${origin}/lock`)
    await expectFineInEveryView(page)
    await page.locator('form[data-options] button').click()
    await waitForLock(page)
    expect(await isHeld(stage, owner.id)).toBe(true)
    expect(await lockedVia(owner)).toEqual(['passkey'])
    expect(complaints).toEqual([])
  })

  it('that is all the owner has is asked for before a lock card is made', async () => {
    const page = await browser.newPage()
    await plugIn(page)
    await enter(page, newOwner())
    await add(page)
    await page.getByRole('link', { name: 'Lock without an alert' }).click()
    await page.getByRole('button', { name: 'Make a card' }).click()
    await page.getByText('Confirm that it was you').waitFor()
    await expectFineInEveryView(page)
    await page.locator('form[data-options] button').click()
    await page.locator('.lock-card').waitFor()
  })

  it('that nobody unlocks locks nothing on /lock, and says so', async () => {
    const owner = newOwner()
    const page = await browser.newPage()
    const { cdp, authenticatorId } = await plugIn(page)
    await enter(page, owner)
    await add(page)
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await page.goto(`${origin}/lock`)
    await page.locator('form[data-options] button').click()
    await page.getByText('The passkey could not be verified. Nothing was locked.').waitFor()
    expect(await isHeld(stage, owner.id)).toBe(false)
  })

  it('works where the browser cannot read the options itself', async () => {
    const owner = newOwner()
    const page = await browser.newPage()
    await page.addInitScript(() => {
      for (const name of ['parseCreationOptionsFromJSON', 'parseRequestOptionsFromJSON']) {
        Reflect.deleteProperty(PublicKeyCredential, name)
      }
    })
    await plugIn(page)
    await enter(page, owner)
    await add(page)
    const { link } = await warn(owner)
    await page.goto(`${link}/confirm`)
    await itWasMe(page).click()
    await heading(page, 'Confirmed').waitFor()
    expect(await confirmedAt(owner)).not.toBeNull()
  })

  it('of another account does not confirm', async () => {
    const [mine, other] = [newOwner(), newOwner()]
    const ownPage = await browser.newPage()
    await plugIn(ownPage)
    await enter(ownPage, mine)
    await add(ownPage)
    const { link } = await warn(mine)
    const page = await browser.newPage()
    await plugIn(page)
    await enter(page, other)
    await add(page)
    await page.goto(`${link}/confirm`)
    await itWasMe(page).click()
    await page.getByRole('alert').waitFor()
    expect(await confirmedAt(mine)).toBeNull()
  })

  it('needs its user verified, to be added and to confirm', async () => {
    const owner = newOwner()
    const page = await browser.newPage()
    const { cdp, authenticatorId } = await plugIn(page)
    const verify = (isUserVerified: boolean) =>
      cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    await enter(page, owner)
    await verify(false)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('This did not work. Nothing was changed').waitFor()
    await verify(true)
    await add(page)
    const { link } = await warn(owner)
    await page.goto(`${link}/confirm`)
    await verify(false)
    await itWasMe(page).click()
    await page.getByText('This did not work. Nothing was confirmed').waitFor()
    expect(await confirmedAt(owner)).toBeNull()
  })
})

describe('the page of the number, where a profile takes a passkey', () => {
  it('asks the device for it, for another number and to remove it', async () => {
    const { exchange, phones } = stage.world
    const [owner, other] = [newOwner(), newOwner()]
    const page = await browser.newPage()
    const complaints = collectComplaints(page, origin)
    await plugIn(page)
    await enter(page, owner)
    await add(page)
    await exchange.api('PUT', accountPath(owner), { phone: owner.phone })
    const number = page.getByRole('link', { name: 'Mobile number' })
    await number.click()
    await page.getByText('takes a passkey that you added at least').waitFor()

    const sql = 'UPDATE passkeys SET created_at = created_at - ? WHERE account_id = ?'
    await execute(stage, sql, PASSKEY_PROVES_AFTER_MS, owner.id)
    await number.click()
    const send = page.getByRole('button', { name: 'Send code' })
    await send.waitFor()
    await expectFineInEveryView(page)
    await page.getByLabel('Mobile number').fill(other.phone)
    await send.click()
    const isCode = ({ text }: { text: string }) => text.includes('is your code')
    const { text } = await phones.waitForMessage(other.phone, isCode)
    await page.getByLabel('Six-digit code').fill(/\b\d{6}\b/.exec(text)?.[0] ?? '')
    await page.getByRole('button', { name: 'Link this number' }).click()
    await page.getByText('Done: login alerts now go to this number.').waitFor()

    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('The number was removed.').waitFor()
    expect(complaints).toEqual([])
  })
})

describe('the page of passkeys', () => {
  it('is readable on every screen, accessible, and light, adds a second by the first, and removes one', async () => {
    const page = await browser.newPage()
    const complaints = collectComplaints(page, origin)
    const { cdp, authenticatorId } = await plugIn(page)
    await enter(page, newOwner())
    await add(page)
    const response = await page.goto(`${origin}/portal/passkeys`)
    expect((await response?.body())?.length).toBeLessThan(PAGE_MAX_BYTES)
    await expectFineInEveryView(page)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Confirmed. Now add the new passkey.').waitFor()
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    await plugIn(page)
    await add(page)
    const remove = page.getByRole('button', { name: 'Remove: Headless Chrome, Linux' })
    expect(await remove.count()).toBe(2)
    // The device at hand, which has just been added, proves an app too.
    await page.goto(`${origin}/portal/authenticator`)
    const secret = (await page.locator('code').innerText()).replaceAll(' ', '')
    await page.getByLabel('Code from your authenticator app').fill(totpNow(secret))
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.waitForURL(/\/portal\/number\?done=set_up/)
    await page.goto(`${origin}/portal/passkeys`)
    await remove.last().click()
    await page.getByText('The passkey was removed.').waitFor()
    expect(await remove.count()).toBe(1)
    expect(complaints).toEqual([])
  })

  it('asks for a code, and for no second touch after a wrong one', async () => {
    const owner = newOwner()
    await stage.world.exchange.api('PUT', accountPath(owner), { totp_secret: TOTP_SECRET })
    const page = await browser.newPage()
    const { cdp, authenticatorId } = await plugIn(page)
    await enter(page, owner, [])
    const code = page.getByLabel('Code from your authenticator app')
    await code.fill(wrongCode())
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('This code is not correct').waitFor()
    await expectFineInEveryView(page)
    await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    await code.fill(totpNow())
    await add(page)
  })

  it('says what it needs where no script runs', async () => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await enter(page, newOwner())
    // Playwright finds no text in a `noscript`, though it is shown.
    expect(await page.locator('noscript p').isVisible()).toBe(true)
    expect(await page.getByRole('button', { name: 'Add a passkey' }).isVisible()).toBe(false)
  })

  it('says so where the browser has no passkeys', async () => {
    const page = await browser.newPage()
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'PublicKeyCredential'))
    await enter(page, newOwner())
    await page.getByText('This browser does not support passkeys.').waitFor()
    expect(await page.getByRole('button', { name: 'Add a passkey' }).isVisible()).toBe(false)
  })
})

describe('the page "it was me"', () => {
  it('is readable on every screen, accessible, and light, and leads to the lock without script', async () => {
    const owner = newOwner()
    const page = await browser.newPage()
    await plugIn(page)
    await enter(page, owner)
    await add(page)
    const { link } = await warn(owner)
    const response = await page.goto(`${link}/confirm`)
    expect((await response?.body())?.length).toBeLessThan(PAGE_MAX_BYTES)
    await itWasMe(page).waitFor()
    await expectFineInEveryView(page)

    const plain = await browser.newPage({ javaScriptEnabled: false })
    await plain.goto(`${link}/confirm`)
    expect(await plain.locator('noscript p').isVisible()).toBe(true)
    expect(await itWasMe(plain).isVisible()).toBe(false)
    await plain.getByRole('link', { name: 'It was not me: lock' }).click()
    await heading(plain, 'Not you? Lock your account').waitFor()
  })
})
