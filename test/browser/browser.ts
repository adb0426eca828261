// One browser for all test files of a process, which it ends with. A page's context closes after its test
// whatever happens, and leaves a picture in test/browser/failures/ if the test failed.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterEach, beforeAll } from 'vitest'
import { PROJECT_ROOT } from '../support/bundle.ts'
import { launchChromium } from './chromium.ts'

export type TestBrowser = {
  /** A page in a context of its own; both are closed after the test. */
  readonly newPage: (options?: BrowserContextOptions) => Promise<Page>
}

export type Scheme = 'light' | 'dark'

/** What a page must never say or do, in order of appearance. */
export type Complaints = readonly string[]

const FAILURES = join(PROJECT_ROOT, 'test/browser/failures')
/** An element that never comes fails the test, not its time limit. */
const STEP_TIMEOUT_MS = 30_000
/** Longer ones take the browser minutes. */
const PICTURE_MAX_HEIGHT_PX = 4_000

let launched: Promise<Browser> | undefined

/** Called at the top of a test file. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined

  beforeAll(async () => {
    launched ??= launchChromium()
    browser = await launched
  })

  afterEach(async ({ task }) => {
    const contexts = browser?.contexts() ?? []
    if (task.result?.state === 'fail') {
      await takePictures(
        task.name,
        contexts.flatMap((context) => context.pages()),
      )
    }
    await Promise.all(contexts.map((context) => context.close()))
  })

  return {
    newPage: async (options = {}) => {
      if (browser === undefined) throw new Error('the browser has not been launched yet')
      const context = await browser.newContext({ locale: 'en-GB', ...options })
      context.setDefaultTimeout(STEP_TIMEOUT_MS)
      return context.newPage()
    },
  }
}

async function takePictures(testName: string, pages: readonly Page[]): Promise<void> {
  mkdirSync(FAILURES, { recursive: true })
  const name = testName.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80)
  for (const [index, page] of pages.entries()) {
    const path = join(FAILURES, `${name}-${index + 1}.png`)
    // A page that is beyond a picture must not hide why the test failed.
    const width = page.viewportSize()?.width ?? 0
    const clip = { x: 0, y: 0, width, height: PICTURE_MAX_HEIGHT_PX }
    await page
      .screenshot({ path, fullPage: true, clip, timeout: 5_000 })
      .catch((error: unknown) => {
        console.error(`no picture of ${page.url()}:`, error)
      })
  }
}

/** Collects console warnings and errors, uncaught exceptions and requests to any other origin. */
export function collectComplaints(page: Page, origin: string): Complaints {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`console ${message.type()}: ${message.text()}`)
    }
  })
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) complaints.push(`request: ${request.url()}`)
  })
  return complaints
}
