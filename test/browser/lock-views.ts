// How pages are looked at: every one of them on every screen, in both themes, and with large type.

import type { Locator, Page } from 'playwright-core'
import {
  type AxeOptions,
  doubleText,
  expectAccessible,
  expectAccessibleOnce,
  expectNoOverflow,
  showAs,
  viewsOf,
} from './checks.ts'

const WIDTHS = [320, 360, 1280]

export const VIEWS = viewsOf(WIDTHS)

export function lockButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Lock my account' })
}

export function heading(page: Page, name: string): Locator {
  return page.getByRole('heading', { level: 1, name })
}

/** The answer to the button; whether the exchange has confirmed already is another matter. */
export async function waitForLock(page: Page): Promise<void> {
  await page.getByRole('heading', { name: /^(Lock requested|Your account is locked)$/ }).waitFor()
}

/** The refresh would pull a page away from under a check; 204 leaves it where it is. */
export async function keepFromRefreshing(page: Page): Promise<void> {
  await page.route('**/l/*/status', (route) => route.fulfill({ status: 204 }))
}

export async function expectFineInEveryView(page: Page, options: AxeOptions = {}): Promise<void> {
  for (const width of WIDTHS) {
    await showAs(page, { width, scheme: 'light' })
    await expectNoOverflow(page)
    const all = { isEnhancedContrast: true, ...options }
    if (width === 320) await expectAccessible(page, all)
    // Between the narrowest and the widest nothing comes that neither has.
    if (width === 1280) await expectAccessibleOnce(page, all)
  }
  await showAs(page, { width: 320, scheme: 'dark' })
  await expectAccessibleOnce(page, { isEnhancedContrast: true, isContrastOnly: true })
  await showAs(page, { width: 320, scheme: 'light' })
  await doubleText(page)
  await expectNoOverflow(page)
}
