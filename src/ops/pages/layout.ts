// The frame of the operator's pages, and a page as an answer. English alone: they are for whoever runs this. What varies is
// escaped by the template.

import { html } from 'hono/html'
import { SECURITY_HEADERS } from '../../lib/security-headers.ts'
import type { Markup } from '../../page/markup.ts'
import { paths } from '../../paths.ts'
import { instantWords } from '../plain-words.ts'
import { OPS_CSS, opsCssHash } from './ops-css.ts'

export type OpsPage = {
  readonly exchange: string
  readonly heading: string
  readonly body: Markup
  /** The page in the navigation, one of `paths`. */
  readonly current?: string
  readonly readAt: number
  /** A visit by the local token can be left. */
  readonly canLeave: boolean
}

const NAVIGATION = [
  { path: paths.ops, words: 'Now' },
  { path: paths.opsIncidents, words: 'Incidents' },
] as const

export function opsPage({ exchange, heading, body, current, readAt, canLeave }: OpsPage): Markup {
  return html`<!doctype html>
<html lang="en" dir="ltr">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>${heading} · Lockline of ${exchange}</title>
    <style>${OPS_CSS}</style>
  </head>
  <body>
    <main>
      <p class="brand">Lockline of ${exchange} · operators only</p>
      <nav aria-label="Pages"><ul>${NAVIGATION.map(
        ({ path, words }) =>
          html`<li><a href="${path}" ${path === current ? html`aria-current="page"` : ''}>${words}</a></li>`,
      )}</ul></nav>
      <h1>${heading}</h1>
      ${body}
      <p class="muted">Read at ${instantWords(readAt)}. Reload for newer figures.</p>
      ${canLeave ? html`<form method="post" action="${paths.opsLeave}"><button class="plain" type="submit">Leave</button> <small class="muted">Forgets the cookie of this browser. A copy of it opens these pages until a day after the token was entered, or until <code>OPS_LOCAL_TOKEN</code> is another.</small></form>` : ''}
    </main>
  </body>
</html>`
}

export async function respondOps(
  markup: Markup,
  status: 200 | 404 | 422 | 503 = 200,
): Promise<Response> {
  return new Response(String(await markup), {
    status,
    headers: {
      ...SECURITY_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src '${await opsCssHash()}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      // With `no-referrer` a browser says `Origin: null` with our own forms (Fetch, "append a request Origin header").
      'referrer-policy': 'same-origin',
      'x-robots-tag': 'noindex, nofollow',
    },
  })
}

/** A table that scrolls by itself where it is wider than the screen; the keyboard can scroll it too. */
export function table(
  caption: string,
  heads: readonly (string | { readonly n: string })[],
  rows: readonly Markup[],
): Markup {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
    <thead><tr>${heads.map((head) =>
      typeof head === 'string'
        ? html`<th scope="col">${head}</th>`
        : html`<th scope="col" class="n">${head.n}</th>`,
    )}</tr></thead><tbody>${rows}</tbody></table></div>`
}

/** What stands between backticks in the words of an incident is code. */
export function withCode(text: string): Markup {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}

export function tile(label: string, value: string, note: string, isLoud = false): Markup {
  return html`<li class="${isLoud ? 'loud' : ''}">${label}<b>${value}</b>${note === '' ? '' : html`<small>${note}</small>`}</li>`
}
