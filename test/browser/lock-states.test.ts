// What the page says after the button was pressed: only what is stored and confirmed, brought up to date
// by the page itself, without script.

import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PASSKEY_PROVES_AFTER_MS } from '../../src/account/passkeys.ts'
import {
  accountPath,
  execute,
  importOwner,
  linkIn,
  newOwner,
  type Owner,
} from '../support/owner.ts'
import { portalLink } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow } from '../support/totp.ts'
import { createSecrets } from '../world/world.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { isHeld, type Warned, warn } from './lock-link.ts'
import {
  expectFineInEveryView,
  heading,
  keepFromRefreshing,
  lockButton,
  waitForLock,
} from './lock-views.ts'
import { plugIn } from './virtual-authenticator.ts'

const browser = useBrowser()
let stage: Stage

beforeAll(async () => {
  const secrets = createSecrets()
  const scopes = 'accounts.read,accounts.write,holds.read,holds.lift,locks,portal'
  const settings = {
    API_KEYS: `${secrets.apiKeys[0]}:${scopes}`,
    ...{ COOLING_OFF_HOURS: '12', LIFT_POLICY: 'owner', LIFT_DELAY_HOURS: '2' },
  }
  stage = await startTestStage({ hasName: true, settings, world: { secrets } })
})

afterEach(async () => {
  await stage.setClock({})
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
    const complaints = collectComplaints(page, new URL(page.url()).origin)
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

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true }

/** Past its first day, with proofs that were there for 72 hours, and nothing held. */
async function growUp({ id }: Owner): Promise<void> {
  const before = PASSKEY_PROVES_AFTER_MS
  const account = 'UPDATE accounts SET created_at = created_at - ?, totp_since = totp_since - ?'
  await execute(stage, `${account} WHERE account_id = ?`, before, before, id)
  const passkeys = 'UPDATE passkeys SET created_at = created_at - ? WHERE account_id = ?'
  await execute(stage, passkeys, before, id)
  await execute(stage, 'DELETE FROM holds WHERE account_id = ?', id)
}

async function enterPages(page: Page, owner: Pick<Owner, 'id'>): Promise<string> {
  await page.goto(await portalLink(stage, owner, ['otp']))
  await page.getByRole('button', { name: 'Continue' }).tap()
  await page.locator('nav').waitFor()
  return new URL(page.url()).origin
}

/** An owner with a passkey on this page's device; the number comes after it. */
async function ownerWithPasskey(page: Page): Promise<Owner> {
  const owner = newOwner()
  await plugIn(page)
  await page.goto(`${await enterPages(page, owner)}/portal/passkeys`)
  await page.getByRole('button', { name: 'Add a passkey' }).tap()
  await page.getByText('The passkey was added.').waitFor()
  await stage.world.exchange.api('PUT', accountPath(owner), { phone: owner.phone })
  await growUp(owner)
  return owner
}

/** Until it is told, with a link to the page that is looked for. */
async function linkTo(owner: Owner, path: '/l/' | '/s/'): Promise<string> {
  const find = () =>
    stage.world.phones.messagesTo(owner.phone).find(({ text }) => text.includes(path))
  return linkIn((await eventually(`an SMS with ${path}`, find)).text)
}

const liftedOf = ({ id }: Owner) =>
  eventually('hold.lifted', () =>
    stage.world.exchange.callbacks
      .entries()
      .find(({ event }) => event?.type === 'hold.lifted' && event.accountId === id),
  )

describe('a login on a new phone that holds withdrawals', () => {
  it('is said to be the owner’s in two taps by passkey, and nothing waits any more', async () => {
    const page = await browser.newPage(PHONE)
    const owner = await ownerWithPasskey(page)
    await stage.world.exchange.login({ account_id: owner.id })
    expect(await isHeld(stage, owner.id)).toBe(true)
    await page.goto(await linkTo(owner, '/l/'))
    await page.getByRole('link', { name: 'It was me: confirm with my device' }).tap()
    await heading(page, 'Withdrawals are waiting').waitFor()
    await expectFineInEveryView(page)
    await page.getByRole('button', { name: 'All of this was me' }).tap()
    await heading(page, 'The wait has ended').waitFor()
    expect(await isHeld(stage, owner.id)).toBe(false)
    await liftedOf(owner)
  })

  it('is said to be the owner’s in two taps by a code, without script, from the owner’s pages too', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    await growUp(owner)
    await stage.world.exchange.login({ account_id: owner.id })
    const page = await browser.newPage({ ...PHONE, javaScriptEnabled: false })
    await page.goto(`${await enterPages(page, owner)}/portal/hold`)
    await page.getByRole('link', { name: 'It was me: confirm with my device' }).tap()
    await page.getByLabel('Code from your authenticator app').fill(totpNow())
    await page.getByRole('button', { name: 'All of this was me' }).tap()
    await heading(page, 'The wait has ended').waitFor()
    expect(await isHeld(stage, owner.id)).toBe(false)
  })
})

describe('the early end of a lock’s hold', () => {
  it('is stopped by the link of its SMS, without script, and then made by the owner’s signature alone', async () => {
    const { exchange } = stage.world
    const page = await browser.newPage(PHONE)
    const owner = await ownerWithPasskey(page)
    await exchange.api('POST', accountPath(owner, '/lock'), {})
    const lift = { reason: 'The owner is said to have called' }
    expect((await exchange.api('DELETE', accountPath(owner, '/hold'), lift)).status).toBe(202)
    const link = await linkTo(owner, '/s/')
    await page.goto(link)
    await expectFineInEveryView(page)
    const plain = await browser.newPage({ ...PHONE, javaScriptEnabled: false })
    await plain.goto(link)
    await plain.getByRole('button', { name: 'Keep withdrawals on hold' }).tap()
    await plain.getByText('can no longer end this hold early').waitFor()
    await stage.setClock({ aheadMs: 3 * 3_600_000 })
    await stage.runtime.tick()
    await stage.settle()
    expect(await isHeld(stage, owner.id)).toBe(true)
    await stage.setClock({})

    await page.goto(`${await enterPages(page, owner)}/portal/hold`)
    await page.getByText('Only your passkey may end a hold early.').first().waitFor()
    await expectFineInEveryView(page)
    await page.getByRole('button', { name: 'End the hold with your passkey' }).tap()
    await page.getByText('The hold is ended.').waitFor()
    expect(await isHeld(stage, owner.id)).toBe(false)
    const { event } = await liftedOf(owner)
    expect(event?.data.assertion).toMatchObject({ signature: expect.any(String) })
  })
})
