// What every page has to satisfy, whichever it is: rules that a person with a small screen, large type
// or no mouse would notice first.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Scheme } from './browser.ts'

export const PHONE_HEIGHT = 740

export type View = { readonly width: number; readonly scheme: Scheme }

export function viewsOf(widths: readonly number[]): readonly View[] {
  return widths.flatMap((width) => [
    { width, scheme: 'light' as const },
    { width, scheme: 'dark' as const },
  ])
}

/** Shows the page as on a screen of that width and theme, without loading it again. */
export async function showAs(page: Page, { width, scheme }: View): Promise<void> {
  await page.setViewportSize({ width, height: PHONE_HEIGHT })
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
}

export type AxeOptions = {
  /** Contrast of 7:1 (WCAG 2.2, 1.4.6) instead of 4.5:1. */
  readonly isEnhancedContrast?: boolean
  /** The page may load itself again: it says so, has a link for it, and no input to lose. */
  readonly isRefreshing?: boolean
  /** Colours are all that a theme changes. */
  readonly isContrastOnly?: boolean
  /** For a page whose contrast is looked at by itself. */
  readonly isWithoutContrast?: boolean
}

/** In place of the source of axe, which is in the page already. */
const NOTHING = 'undefined'

// The version that the builder brings; what it would put in by itself is twice as long.
const AXE_SOURCE = readFileSync(
  createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
    'axe-core/axe.min.js',
  ),
  'utf8',
)

/** It stays there until the page is left. Page.evaluate() would take several times as long for so much source. */
async function putAxeInto(page: Page): Promise<void> {
  if (await page.evaluate(() => 'axe' in window)) return
  // Ends with the page: its end now would take the virtual authenticator of another session with it.
  const session = await page.context().newCDPSession(page)
  const { exceptionDetails } = await session.send('Runtime.evaluate', { expression: AXE_SOURCE })
  if (exceptionDetails) throw new Error(`axe did not start: ${exceptionDetails.text}`)
}

/** Every axe rule, and target size (WCAG 2.2, 2.5.8). */
export async function expectAccessible(page: Page, options: AxeOptions = {}): Promise<void> {
  const { isEnhancedContrast = false, isRefreshing = false, isContrastOnly = false } = options
  const { isWithoutContrast = false } = options
  // The enhanced rule finds what lies between 4.5:1 and 7:1, and leaves the rest to the plain one.
  const contrastRules = [
    'color-contrast',
    ...(isEnhancedContrast ? ['color-contrast-enhanced'] : []),
  ]
  await putAxeInto(page)
  const { violations } = await new AxeBuilder({ page, axeSource: NOTHING })
    // One frame, no other window: the answer comes from this page.
    .setLegacyMode(true)
    .options({
      // What passed is counted and not described: that is most of the answer.
      resultTypes: ['violations'],
      ...(isContrastOnly ? { runOnly: contrastRules } : {}),
      rules: {
        'target-size': { enabled: !isContrastOnly },
        'color-contrast': { enabled: !isWithoutContrast },
        'color-contrast-enhanced': { enabled: isEnhancedContrast && !isWithoutContrast },
        'meta-refresh': { enabled: !isRefreshing && !isContrastOnly },
      },
    })
    .analyze()
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => ({ id, help, html, failureSummary })),
  )
  expect(found).toEqual([])
}

/**
 * Leaves of all text that is styled alike one example: colours are the same wherever the same elements of the
 * same classes stand in each other. For pages too long to look at every word.
 */
export async function keepOneOfEachStyle(page: Page): Promise<void> {
  await page.evaluate(() => {
    const pathOf = (element: Element | null): string =>
      element ? `${pathOf(element.parentElement)} ${element.tagName}.${element.className}` : ''
    const seen = new Set<string>()
    const kept = new Set<Element>()
    for (const element of document.querySelectorAll('body *')) {
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
      )
      const path = pathOf(element)
      if (!hasText || seen.has(path)) continue
      seen.add(path)
      for (let up: Element | null = element; up; up = up.parentElement) kept.add(up)
    }
    for (const element of document.querySelectorAll('body *')) {
      if (!kept.has(element)) element.remove()
    }
  })
}

/** What has been looked at in this process: by stylesheet and view, the ways in which elements are styled. */
const lookedAt = new Map<string, Set<string>>()

/**
 * As `expectAccessible`, but only if something on the page is styled as nothing was before it in this view. For
 * the second look at a page, whose other looks have shown what does not depend on width or theme.
 */
export async function expectAccessibleOnce(page: Page, options: AxeOptions = {}): Promise<void> {
  const { view, styles } = await page.evaluate(() => {
    const NAMES = [
      'dir',
      'class',
      'type',
      'role',
      'aria-current',
      'aria-invalid',
      'disabled',
      'open',
    ]
    const styleOf = (element: Element): string =>
      [element.tagName, ...NAMES.map((name) => element.getAttribute(name) ?? '-')].join('.')
    const pathOf = (element: Element | null): string =>
      element ? `${pathOf(element.parentElement)} ${styleOf(element)}` : ''
    const sheets = [...document.querySelectorAll('style, link[rel="stylesheet"]')]
    const isDark = matchMedia('(prefers-color-scheme: dark)').matches
    return {
      view: `${innerWidth} ${isDark} ${sheets.map((one) => one.outerHTML).join('')}`,
      styles: [...new Set([...document.querySelectorAll('body *')].map(pathOf))],
    }
  })
  const key = `${view} ${JSON.stringify(options)}`
  const seen = lookedAt.get(key) ?? new Set()
  if (styles.every((style) => seen.has(style))) return
  await expectAccessible(page, options)
  lookedAt.set(key, new Set([...seen, ...styles]))
}

/** Nothing sticks out to the side: neither the page itself nor anything that it would cut off. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect()
      const isShown = box.width > 0 && getComputedStyle(element).position !== 'fixed'
      // The owner's pages have their navigation in one line that scrolls, the operator's their tables.
      const isScrolled =
        element.closest('pre, nav ul, .scroll') !== null && element.matches(':not(ul, .scroll)')
      // Wholly beside the page is where skip links wait.
      const sticksOut = box.right > width + 1 || (box.left < -1 && box.right > 0)
      return isShown && !isScrolled && sticksOut
    })
    return {
      pageBy: document.documentElement.scrollWidth - width,
      elements: wide.map((element) => element.outerHTML.slice(0, 120)),
    }
  })
  expect(overflow).toEqual({ pageBy: 0, elements: [] })
}

/** Text at 200 % (WCAG 1.4.4) as phones do it: the type grows, the screen does not. */
export async function doubleText(page: Page): Promise<void> {
  await page.evaluate(() => {
    const elements = [...document.querySelectorAll('body, body *')]
    const sizes = elements.map((element) => Number.parseFloat(getComputedStyle(element).fontSize))
    elements.forEach((element, index) => {
      if (element instanceof HTMLElement) element.style.fontSize = `${2 * (sizes[index] ?? 0)}px`
    })
  })
}
