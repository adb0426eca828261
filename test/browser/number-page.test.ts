// Binding a number in a real browser: by keyboard, without script, with an authenticator set up from the QR
// picture on the page.

import type { Page } from 'playwright-core'
import { decodeQR } from 'qr/decode.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newOwner, type Owner } from '../support/owner.ts'
import { portalLink } from '../support/portal.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { totpNow } from '../support/totp.ts'
import { useBrowser } from './browser.ts'
import { expectNoOverflow } from './checks.ts'
import { expectFineInEveryView, heading } from './lock-views.ts'

const PAGE_MAX_BYTES = 20 * 1024

const browser = useBrowser()
let stage: Stage

beforeAll(async () => {
  stage = await startTestStage({ settings: { CODE_GUARD: 'record' } })
})

afterAll(() => stage.close())

const at = (path: string) => `${stage.runtime.origin}/portal${path}`

async function enter(owner: Owner, amr: readonly string[], javaScriptEnabled: boolean) {
  const page = await browser.newPage({ javaScriptEnabled })
  await page.goto(await portalLink(stage, owner, amr))
  await page.locator('main form button').click()
  await page.locator('nav').waitFor()
  return page
}

async function codeFor(phone: string): Promise<string> {
  const message = await eventually('the code', () =>
    stage.world.phones.messagesTo(phone).find(({ text }) => text.includes('is your code')),
  )
  return /\b\d{6}\b/.exec(message.text)?.[0] ?? ''
}

/** The picture's own pixels, as a camera would see them. */
async function readPicture(page: Page): Promise<string> {
  const picture = await page.evaluate(async () => {
    const svg = document.querySelector('.qr svg')
    if (!svg) throw new Error('the page has no picture')
    const scale = 8
    const [, , size = 0] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number)
    const canvas = new OffscreenCanvas(size * scale, size * scale)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.fillStyle = 'white'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.scale(scale, scale)
    context.fillStyle = 'black'
    context.fill(new Path2D(svg.querySelector('path')?.getAttribute('d') ?? ''))
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height)
    return { data: Array.from(data), width, height }
  })
  return decodeQR({ ...picture, data: Uint8Array.from(picture.data) })
}

describe('binding a number', () => {
  it('goes by keyboard, without script, and says each time what to do', async () => {
    const owner = newOwner()
    const page = await enter(owner, ['otp'], false)
    await page.goto(at('/number'))
    await page.locator('#phone').focus()
    await page.keyboard.type('+1 202')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.locator('#phone').inputValue()).toBe('+1 202')
    await expectNoOverflow(page)

    await page.locator('#phone').fill(owner.phone)
    await page.keyboard.press('Enter')
    await page.locator('#sms-code').waitFor()
    await expectNoOverflow(page)
    await page.locator('#sms-code').fill(await codeFor(owner.phone))
    await page.keyboard.press('Enter')
    await page.getByText('Done: login alerts now go to this number.').waitFor()
    await expectNoOverflow(page)
  })
})

describe('an authenticator', () => {
  it('is set up from the picture on the page, then binds the number', async () => {
    const owner = newOwner()
    const page = await enter(owner, [], true)
    await page.goto(at('/number'))
    await page.getByRole('link', { name: 'Authenticator app' }).click()
    await heading(page, 'Authenticator app').waitFor()
    const response = await page.reload()
    expect((await response?.body())?.length).toBeLessThan(PAGE_MAX_BYTES)
    await expectFineInEveryView(page)
    const secret = new URL(await readPicture(page)).searchParams.get('secret') ?? ''
    const shown = (await page.locator('code').innerText()).replaceAll(' ', '')
    expect(secret).toBe(shown)

    await page.locator('#totp').fill(totpNow(secret))
    await page.keyboard.press('Enter')
    await page.getByText('Your authenticator app is set up.').waitFor()
    await page.locator('#phone').fill('+1 202')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    await expectFineInEveryView(page)
    await page.locator('#phone').fill(owner.phone)
    await page.keyboard.press('Enter')
    await page.locator('#sms-code').waitFor()
    await expectFineInEveryView(page)
    await page.locator('#sms-code').fill(await codeFor(owner.phone))
    await page.keyboard.press('Enter')
    await page.getByText('Done: login alerts now go to this number.').waitFor()
    await expectFineInEveryView(page)
  })
})
