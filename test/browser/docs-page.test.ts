// The API's own description as a page: readable on a phone, without script, and not heavy.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCS_PAGE_MAX_BYTES } from '../support/description.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { collectComplaints, useBrowser } from './browser.ts'
import {
  expectAccessible,
  expectNoOverflow,
  keepOneOfEachStyle,
  showAs,
  viewsOf,
} from './checks.ts'

const browser = useBrowser()
let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

async function openDocs(): Promise<{ readonly page: Page; readonly bytes: number }> {
  const page = await browser.newPage()
  const response = await page.goto(`${stage.runtime.origin}/docs`)
  expect(response?.status()).toBe(200)
  // What is folded is looked at, too.
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  return { page, bytes: (await response?.body())?.length ?? 0 }
}

describe('/docs', () => {
  it('fits on every screen', async () => {
    const { page } = await openDocs()
    for (const view of viewsOf([320, 360, 1280])) {
      await showAs(page, view)
      await expectNoOverflow(page)
    }
  })

  it('is accessible, in both themes', async () => {
    const { page } = await openDocs()
    const complaints = collectComplaints(page, stage.runtime.origin)
    await showAs(page, { width: 360, scheme: 'light' })
    await expectAccessible(page, { isWithoutContrast: true })
    await keepOneOfEachStyle(page)
    for (const scheme of ['light', 'dark'] as const) {
      await showAs(page, { width: 360, scheme })
      await expectAccessible(page, { isEnhancedContrast: true, isContrastOnly: true })
    }
    expect(complaints).toEqual([])
  })

  it('is light enough for a slow line', async () => {
    const { bytes } = await openDocs()
    expect(bytes).toBeLessThan(DOCS_PAGE_MAX_BYTES)
  })

  it('leads from every entry of its contents to a heading', async () => {
    const { page } = await openDocs()
    const broken = await page.evaluate(() =>
      [...document.querySelectorAll('a[href^="#"]')]
        .map((link) => link.getAttribute('href') ?? '')
        .filter((href) => document.getElementById(href.slice(1)) === null),
    )
    expect(broken).toEqual([])
  })
})
