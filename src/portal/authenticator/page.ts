// The page that sets up an authenticator app: a QR picture, the same key to type, a field for the first code.

import { html } from 'hono/html'
import encodeQR from 'qr'
import type { Markup } from '../../page/markup.ts'
import type { Language } from '../../words/language.ts'
import { problemNote, totpField } from '../layout.ts'

export type Proposal = {
  /** Base32. */
  readonly secret: string
  readonly sealed: string
  /** What the picture holds (Key Uri Format). */
  readonly uri: string
}

export function authenticatorBody(
  language: Language,
  proposal: Proposal,
  problem: string | null,
): Markup {
  const { authenticator: words } = language.portal
  const groups = proposal.secret.match(/.{1,4}/g) ?? []
  return html`${problemNote(problem)}
    <p>${words.intro}</p>
    <p>${words.scan}</p>
    <div class="qr" role="img" aria-label="${words.scan}">${qrPicture(proposal.uri)}</div>
    <p>${words.typeIn} <code dir="ltr">${groups.join(' ')}</code></p>
    <form method="post">
      <input type="hidden" name="proposal" value="${proposal.sealed}" />
      ${totpField(language)}
      <button class="calm" type="submit">${words.button}</button>
    </form>`
}

const QUIET_MODULES = 2

/** An SVG in the page itself, so that the secret in it goes nowhere else; one path of runs keeps it small. */
function qrPicture(uri: string): Markup {
  const rows = encodeQR(uri, 'raw', { ecc: 'low', border: QUIET_MODULES })
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
