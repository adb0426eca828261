// A QR code as an SVG in the page itself, so that the secret in it goes nowhere else; one path of runs keeps it small.

import { html } from 'hono/html'
import encodeQR from 'qr'
import type { Markup } from '../page/markup.ts'

const QUIET_MODULES = 2

/** To be named by whatever stands around it. */
export function qrPicture(text: string): Markup {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: QUIET_MODULES })
  const size = rows.length
  return html`<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path d="${rows.map(runs).join('')}" /></svg>`
}

/** The dark runs of one row. */
function runs(row: readonly boolean[], y: number): string {
  const modules = row.map((isDark) => (isDark ? '1' : '0')).join('')
  return Array.from(modules.matchAll(/1+/g), ({ index, 0: run }) => {
    return `M${index} ${y}h${run.length}v1H${index}z`
  }).join('')
}
