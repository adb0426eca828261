// Several pictures of pages on one sheet, as WebP: a sixth of a PNG of them.

import type { Browser, Page } from 'playwright-core'

export const SHOT_WIDTH = 360
/** What is below does not go onto the sheet. */
const HEIGHT_MAX = 640

export async function shotOf(page: Page, heightMax = HEIGHT_MAX): Promise<Buffer> {
  const { width, height } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    height: document.documentElement.scrollHeight,
  }))
  if (width > SHOT_WIDTH) throw new Error(`${page.url()} is ${width} px wide`)
  const clip = { x: 0, y: 0, width: SHOT_WIDTH, height: Math.min(height, heightMax) }
  return page.screenshot({ fullPage: true, clip, animations: 'disabled' })
}

/** Side by side. */
export async function sheetOf(
  browser: Browser,
  shots: readonly Buffer[],
  quality = 0.2,
): Promise<Buffer> {
  const page = await browser.newPage()
  const sources = shots.map((png) => `data:image/png;base64,${png.toString('base64')}`)
  const url = await page.evaluate(
    async ({ sources, width, quality }) => {
      const images = await Promise.all(
        sources.map(async (source) => {
          const image = new Image()
          image.src = source
          await image.decode()
          return image
        }),
      )
      const gap = 12
      const canvas = document.createElement('canvas')
      canvas.width = images.length * (width + gap) + gap
      canvas.height = Math.max(...images.map(({ height }) => height)) + 2 * gap
      const drawing = canvas.getContext('2d')
      if (!drawing) throw new Error('nothing to draw on')
      drawing.fillStyle = '#8a8a93'
      drawing.fillRect(0, 0, canvas.width, canvas.height)
      for (const [index, image] of images.entries()) {
        drawing.drawImage(image, gap + index * (width + gap), gap)
      }
      return canvas.toDataURL('image/webp', quality)
    },
    { sources, width: SHOT_WIDTH, quality },
  )
  await page.close()
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
