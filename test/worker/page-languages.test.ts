// Every page in every language, as the Worker serves it: marked as what it is, and whole. How a page looks is
// the same in all of them; test/browser shows it in some.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/words/languages.ts'
import { importOwner, loginAndDeliver } from '../support/owner.ts'
import { enterPortal, PORTAL_PAGES } from '../support/portal.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const PAGE_MAX_BYTES = 20 * 1024

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  'in %s',
  (tag, { direction, lock, portal: words }) => {
    function expectWhole(text: string): void {
      expect(text).toContain(`<html lang="${tag}" dir="${direction}">`)
      expect(text).toContain('</html>')
      expect(text).not.toMatch(/undefined|\[object|\{\w+\}/)
      expect(Buffer.byteLength(text)).toBeLessThan(PAGE_MAX_BYTES)
    }

    it('are the lock pages', async () => {
      const headers = { 'accept-language': tag }
      const { link } = await loginAndDeliver(stage, await importOwner(stage))
      const [code, page, state] = await Promise.all(
        [`${stage.runtime.origin}/lock`, link, `${link}/status`].map(async (url) => {
          const response = await fetch(url, { headers })
          return response.text()
        }),
      )
      for (const text of [code, page, state]) expectWhole(text ?? '')
      expect(code).toContain(lock.lockButton)
      expect(page).toContain(lock.lockButton)
    })

    it('are the pages of a visit', async () => {
      const owner = await importOwner(stage, { locale: tag })
      await stage.world.exchange.login({ account_id: owner.id, country: 'DE', city: 'Frankfurt' })
      const portal = await enterPortal(stage, owner, ['otp'])
      for (const path of PORTAL_PAGES) {
        const { status, text } = await portal.get(path)
        expect(status).toBe(200)
        expectWhole(text)
        expect(text).toContain(words.common.leave)
      }
    })
  },
)
