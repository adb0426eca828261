// Whatever looks at the link before its owner does must not lock: preview makers, link scanners, and
// browsers that fetch pages ahead.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { useBrowser } from './browser.ts'
import { isHeld, warn } from './lock-link.ts'
import { lockButton, waitForLock } from './lock-views.ts'
import { type Recorder, startRecorder } from './recorder.ts'

const ROBOTS = [
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'Mozilla/5.0 (Macintosh) AppleWebKit/601 (KHTML, like Gecko) Safari/601 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'TelegramBot (like TwitterBot)',
  'WhatsApp/2.23.20.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
]

const browser = useBrowser()
let stage: Stage
let recorder: Recorder

beforeAll(async () => {
  stage = await startTestStage()
  recorder = await startRecorder(stage.runtime.origin)
})

afterAll(async () => {
  await recorder.close()
  await stage.close()
})

/** The lock must be absent for the exchange, and no callback may have been sent for the account. */
async function expectNotLocked(accountId: string): Promise<void> {
  expect(await isHeld(stage, accountId)).toBe(false)
  const told = stage.world.exchange.callbacks.latest(1000)
  expect(told.filter(({ event }) => event?.accountId === accountId)).toEqual([])
}

describe('a look at the link', () => {
  it.each(['GET', 'HEAD'])('by a preview maker with %s does not lock', async (method) => {
    const { link, accountId } = await warn(stage)
    for (const robot of ROBOTS) {
      const answer = await fetch(link, { method, headers: { 'user-agent': robot } })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-robots-tag')).toContain('noindex')
    }
    await expectNotLocked(accountId)
  })

  it('by a scanner that runs a whole browser does not lock', async () => {
    const { link, accountId } = await warn(stage)
    const page = await browser.newPage({ userAgent: ROBOTS[5] ?? '' })
    await page.goto(link, { waitUntil: 'networkidle' })
    // What such a scanner does to be thorough, short of pressing the button.
    await page.mouse.wheel(0, 2000)
    await page.evaluate(() => document.querySelector('form')?.dispatchEvent(new Event('submit')))
    await page.reload({ waitUntil: 'networkidle' })
    await expectNotLocked(accountId)
  })

  it.each([
    ['a link that asks to be fetched ahead', prefetchLink],
    ['a rule to fetch ahead', speculationRule],
  ])('by %s does not lock', async (_, markup) => {
    const { link, accountId } = await warn(stage)
    const path = new URL(link).pathname
    recorder.servePage(markup(path))
    const page = await browser.newPage()
    await page.goto(recorder.pageUrl)
    const ahead = await eventually('the request ahead of the tap', () =>
      recorder.requests().find((request) => request.path === path),
    )
    expect(ahead.method).toBe('GET')
    expect(ahead.purpose).toContain('prefetch')
    await expectNotLocked(accountId)
    // The page that was fetched ahead still locks when its owner presses the button.
    await page.getByRole('link', { name: 'the link' }).click()
    await lockButton(page).click()
    await waitForLock(page)
    expect(await isHeld(stage, accountId)).toBe(true)
  })
})

function prefetchLink(path: string): string {
  return `<link rel="prefetch" href="${path}"><a href="${path}">the link</a>`
}

function speculationRule(path: string): string {
  const rules = JSON.stringify({ prefetch: [{ urls: [path], eagerness: 'immediate' }] })
  return `<script type="speculationrules">${rules}</script><a href="${path}">the link</a>`
}
