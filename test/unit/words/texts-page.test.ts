// docs/texts.html is what its generator makes today, escaped and small.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { renderTextsPage } from '../../../tools/texts/render.ts'
import { activityTexts, alertTexts, noticeTexts } from '../../../tools/texts/sample-texts.ts'

describe('the page of all texts', () => {
  it('is current: run `npm run texts` when this fails', async () => {
    const page = readFileSync(new URL('../../../docs/texts.html', import.meta.url), 'utf8')
    expect(page).toBe(await renderTextsPage())
    expect(Buffer.byteLength(page)).toBeLessThan(1_300_000)
    expect(page).not.toMatch(/<script|\son\w+=|src=/)
  })

  it('shows each text whole, in a cell that says its language', async () => {
    const page = await renderTextsPage()
    for (const language of LANGUAGES) {
      for (const { text, tag } of [
        ...alertTexts(language),
        ...activityTexts(language),
        ...noticeTexts(language),
      ]) {
        const escaped = text
          .replaceAll('&', '&amp;')
          .replaceAll('"', '&quot;')
          .replaceAll("'", '&#39;')
        expect(page).toContain(`<td lang="${tag}" dir="auto">${escaped}</td>`)
      }
    }
  })
})
