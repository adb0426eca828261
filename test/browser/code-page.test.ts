// The lock by number and code in a real browser: on a small screen in languages of every kind, by keyboard,
// without script, and after a slip of the finger.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockCodeOf } from '../support/lock-links.ts'
import { importOwner, loginAndDeliver } from '../support/owner.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import { expectAccessibleOnce, expectNoOverflow, showAs } from './checks.ts'
import { LOOKED_AT } from './languages.ts'
import { isHeld } from './lock-link.ts'
import { expectFineInEveryView } from './lock-views.ts'

const PAGE_MAX_BYTES = 14 * 1024

const browser = useBrowser()
let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const url = () => `${stage.runtime.origin}/lock`

describe('the page for number and code', () => {
  it('is readable on every screen, accessible, and weighs next to nothing', async () => {
    const page = await browser.newPage()
    const complaints = collectComplaints(page, stage.runtime.origin)
    const response = await page.goto(url())
    expect((await response?.body())?.length).toBeLessThan(PAGE_MAX_BYTES)
    await expectFineInEveryView(page)
    expect(complaints).toEqual([])
  })

  it('locks by keyboard alone, without script, after a wrong code', async () => {
    const owner = await importOwner(stage)
    await loginAndDeliver(stage, owner)
    const code = await lockCodeOf(stage, owner.id)
    const page = await browser.newPage({ javaScriptEnabled: false })
    await page.goto(url())
    await page.keyboard.press('Tab')
    await page.keyboard.type(owner.phone)
    await page.keyboard.press('Tab')
    await page.keyboard.type(code === '22222222' ? '3333 3333' : '2222 2222')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.locator('#phone').inputValue()).toBe(owner.phone)
    await page.locator('#code').fill(code.toLowerCase())
    await page.keyboard.press('Enter')
    await page.getByRole('status').waitFor()
    expect(await isHeld(stage, owner.id)).toBe(true)
  })

  it.each(LOOKED_AT.map(({ tag, direction }) => [tag, direction] as const))(
    'fits a narrow phone in %s',
    async (tag, direction) => {
      const page = await browser.newPage({ locale: tag })
      await page.goto(url())
      await showAs(page, { width: 320, scheme: 'light' })
      expect(await page.locator('html').getAttribute('lang')).toBe(tag)
      expect(await page.locator('html').getAttribute('dir')).toBe(direction)
      await expectNoOverflow(page)
      await expectAccessibleOnce(page)
    },
  )
})
