// docs/screenshots/pages-holds.webp and pages-ways.webp: the pages of holds and of locks without an alert, of the real Worker in the
// simulated world. The owner's passkey and app are made older by the database, since nobody waits three days for a picture.

import type { Browser, Page } from 'playwright-core'
import { PASSKEY_PROVES_AFTER_MS } from '../../src/account/passkeys.ts'
import { paths } from '../../src/paths.ts'
import { plugIn } from '../../test/browser/virtual-authenticator.ts'
import { bundleWorker } from '../../test/support/bundle.ts'
import { accountPath, execute, importOwner, linkIn, type Owner } from '../../test/support/owner.ts'
import { portalLink } from '../../test/support/portal.ts'
import { eventually, type Stage, startStage } from '../../test/support/stage.ts'
import { TOTP_SECRET, totpNow } from '../../test/support/totp.ts'
import { createSecrets } from '../../test/world/world.ts'
import { SHOT_WIDTH, sheetOf, shotOf } from './sheet.ts'

const HEIGHT_MAX = 900
const QUALITY = 0.3
const SCOPES = 'accounts.read,accounts.write,holds.read,holds.lift,locks,portal'

type Sheets = { readonly holds: Buffer; readonly ways: Buffer }

export async function takeHolds(browser: Browser): Promise<Sheets> {
  const bundle = await bundleWorker('test/support/worker-under-test.ts', 'worker-under-test')
  const secrets = createSecrets()
  const settings = {
    API_KEYS: `${secrets.apiKeys[0]}:${SCOPES}`,
    ...{ COOLING_OFF_HOURS: '12', LIFT_POLICY: 'owner', LIFT_DELAY_HOURS: '6' },
    LOCK_ACTIONS: 'api_keys.revoke withdrawals.cancel addresses.freeze',
  }
  const stage = await startStage(bundle, { hasName: true, settings, world: { secrets } })
  const context = await browser.newContext({
    viewport: { width: SHOT_WIDTH, height: 740 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  })
  try {
    const page = await context.newPage()
    await plugIn(page)
    const owner = await importOwner(stage, { locale: 'en', totp_secret: TOTP_SECRET })
    const ways = await waysOf(stage, page, owner)
    const holds = await holdsOf(stage, page, owner)
    return {
      holds: await sheetOf(browser, holds, QUALITY),
      ways: await sheetOf(browser, ways, QUALITY),
    }
  } finally {
    await context.close()
    await stage.close()
  }
}

async function enter(stage: Stage, page: Page, owner: Owner): Promise<string> {
  await page.goto(await portalLink(stage, owner))
  await page.locator('main form button').click()
  await page.locator('nav').waitFor()
  return new URL(page.url()).origin
}

/** The lock card, the page behind it, and /lock; leaves the owner with a passkey. */
async function waysOf(stage: Stage, page: Page, owner: Owner): Promise<readonly Buffer[]> {
  const origin = await enter(stage, page, owner)
  await page.goto(origin + paths.portalPasskeys)
  await page.locator('#totp').fill(totpNow(TOTP_SECRET, -1))
  await page.locator('form[data-options] [data-offer] button').click()
  await page.locator('.done-note').waitFor()
  await page.goto(origin + paths.portalWays)
  const make = page.getByRole('button', { name: 'Make a card' })
  await make.click()
  const asked = await shotOf(page, HEIGHT_MAX)
  await page.locator('#totp').fill(totpNow())
  await make.click()
  await page.locator('.lock-card').waitFor()
  const shots = [asked, await shotOf(page, HEIGHT_MAX)]
  await page.goto((await page.locator('.lock-card code').textContent()) ?? '')
  shots.push(await shotOf(page, HEIGHT_MAX))
  await page.goto(origin + paths.lockByCode)
  await page.locator('[data-offer]').waitFor()
  shots.push(await shotOf(page, HEIGHT_MAX))
  return shots
}

/** The release and what is before and after it; a lock whose early end was asked for, and the page that stops it. */
async function holdsOf(stage: Stage, page: Page, owner: Owner): Promise<readonly Buffer[]> {
  const { exchange, phones } = stage.world
  const age = PASSKEY_PROVES_AFTER_MS
  const account = 'UPDATE accounts SET created_at = created_at - ?, totp_since = totp_since - ?'
  await execute(stage, account, age, age)
  await execute(stage, 'UPDATE passkeys SET created_at = created_at - ?', age)
  await execute(stage, 'DELETE FROM holds')
  const linkWith = async (part: string) => {
    const find = () => phones.messagesTo(owner.phone).find(({ text }) => text.includes(part))
    return linkIn((await eventually(`an SMS with ${part}`, find)).text)
  }
  await exchange.login({ account_id: owner.id, country: 'DE', city: 'Frankfurt' })
  await exchange.activity({ account_id: owner.id, kind: 'address_added' })
  const link = await linkWith('/l/')
  await stage.settle()
  await page.goto(link)
  const shots = [await shotOf(page, HEIGHT_MAX)]
  await page.goto(`${link}/confirm`)
  await page.locator('[data-offer]').first().waitFor()
  shots.push(await shotOf(page, HEIGHT_MAX))
  await page.locator('[data-offer] button').first().click()
  await page.getByRole('heading', { name: 'The wait has ended' }).waitFor()
  shots.push(await shotOf(page, HEIGHT_MAX))
  await exchange.api('POST', accountPath(owner, '/lock'), {})
  await stage.settle()
  await exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'owner called' })
  const origin = await enter(stage, page, owner)
  await page.goto(origin + paths.portalHold)
  shots.push(await shotOf(page, 1_300))
  await page.goto(await linkWith('/s/'))
  shots.push(await shotOf(page, HEIGHT_MAX))
  return shots
}
