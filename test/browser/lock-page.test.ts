// The lock page in a real browser, reached as its reader reaches it: by the link in the SMS. What it
// looks like, what it refuses to do, and that one press locks on any device.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { showAs } from './checks.ts'
import { expiredLink, forgedLink, isHeld, warn } from './lock-link.ts'
import { expectFineInEveryView, heading, lockButton, VIEWS, waitForLock } from './lock-views.ts'

const BUTTON_MIN_HEIGHT_PX = 44
const PAGE_MAX_BYTES = 14 * 1024

const browser = useBrowser()
let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

describe('the lock page', () => {
  it('is readable and pressable on every screen, and weighs next to nothing', async () => {
    const { link } = await warn(stage)
    const page = await browser.newPage()
    const complaints = collectComplaints(page, stage.runtime.origin)
    const response = await page.goto(link)
    expect((await response?.body())?.length).toBeLessThan(PAGE_MAX_BYTES)
    for (const view of VIEWS) {
      await showAs(page, view)
      const box = await lockButton(page).boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(BUTTON_MIN_HEIGHT_PX)
      // Within the first screen: nobody in a hurry scrolls.
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(568)
    }
    await expectFineInEveryView(page)
    expect(complaints).toEqual([])
  })

  it('has an edge around its button in forced colours', async () => {
    const { link } = await warn(stage)
    const page = await browser.newPage({ forcedColors: 'active' })
    await page.goto(link)
    const edge = await lockButton(page).evaluate((button) => {
      const { borderTopWidth, borderTopColor } = getComputedStyle(button)
      const ground = getComputedStyle(document.body).backgroundColor
      return { isWide: Number.parseFloat(borderTopWidth) >= 1, isSeen: borderTopColor !== ground }
    })
    expect(edge).toEqual({ isWide: true, isSeen: true })
  })

  it('locks by keyboard alone', async () => {
    const { link, accountId } = await warn(stage)
    const page = await browser.newPage()
    const complaints = collectComplaints(page, stage.runtime.origin)
    await page.goto(link)
    await page.keyboard.press('Tab')
    const focus = await lockButton(page).evaluate((button) => ({
      isOnButton: document.activeElement === button,
      outline: getComputedStyle(button).outlineStyle,
    }))
    expect(focus).toEqual({ isOnButton: true, outline: 'solid' })
    await page.keyboard.press('Enter')
    await waitForLock(page)
    expect(await isHeld(stage, accountId)).toBe(true)
    expect(complaints).toEqual([])
  })

  it('locks by a tap on a phone that runs no script', async () => {
    const { link, accountId } = await warn(stage)
    const page = await browser.newPage({
      javaScriptEnabled: false,
      hasTouch: true,
      viewport: { width: 360, height: 740 },
    })
    await page.goto(link)
    await lockButton(page).tap()
    await waitForLock(page)
    expect(await isHeld(stage, accountId)).toBe(true)
  })

  it('locks once when pressed twice', async () => {
    const { link, accountId } = await warn(stage)
    const page = await browser.newPage()
    await page.goto(link)
    await lockButton(page).dblclick({ noWaitAfter: true })
    await waitForLock(page)
    const { exchange } = stage.world
    await exchange.waitForCallback(({ event }) => event?.accountId === accountId)
    expect(exchange.account(accountId).lockIds).toHaveLength(1)
  })

  it('runs no script that finds its way into it, and loads nothing from elsewhere', async () => {
    const { link } = await warn(stage)
    const page = await browser.newPage()
    await page.goto(link)
    const blocked = await page.evaluateHandle(() => {
      const directives = new Set<string>()
      document.addEventListener('securitypolicyviolation', (event) => {
        directives.add(event.effectiveDirective)
      })
      const script = document.createElement('script')
      script.textContent = 'document.title = "injected"'
      const image = document.createElement('img')
      image.src = '/pixel.png'
      const style = document.createElement('style')
      style.textContent = 'button { display: none }'
      const frame = document.createElement('iframe')
      frame.src = '/healthz'
      const paragraph = document.createElement('p')
      paragraph.setAttribute('onclick', 'document.title = "injected"')
      for (const element of [script, image, style, frame, paragraph]) {
        document.body.appendChild(element)
      }
      paragraph.click()
      fetch('/healthz').catch(() => {})
      return directives
    })
    const wanted = [
      'connect-src',
      'frame-src',
      'img-src',
      'script-src-attr',
      'script-src-elem',
      'style-src-elem',
    ]
    await eventually('all that was put in to be blocked', async () => {
      const directives = await blocked.evaluate((found) => [...found])
      return wanted.every((directive) => directives.includes(directive))
    })
    expect(await page.title()).not.toContain('injected')
    expect(await lockButton(page).isVisible()).toBe(true)
  })

  it('says what to do about an expired link', async () => {
    const page = await browser.newPage()
    const response = await page.goto(expiredLink(stage))
    expect(response?.status()).toBe(410)
    await expectInvalidLinkPage(page)
  })

  it('says the same about a forged link', async () => {
    const { link } = await warn(stage)
    const page = await browser.newPage()
    const response = await page.goto(forgedLink(link))
    expect(response?.status()).toBe(404)
    await expectInvalidLinkPage(page)
  })
})

async function expectInvalidLinkPage(page: Page): Promise<void> {
  await heading(page, 'This link does not work').waitFor()
  expect(await page.getByRole('button').count()).toBe(0)
  await expectFineInEveryView(page)
}
