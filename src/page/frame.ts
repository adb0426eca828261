// The frame of every page that people see: no asset, nothing of another origin, the same places on each. What
// varies is escaped by the template.

import { html } from 'hono/html'
import type { Markup, PageBasics } from './markup.ts'
import { fill } from './words.ts'

export type Frame = {
  readonly heading: string
  /** What these pages are called, beside the exchange's name. */
  readonly title: string
  readonly css: Markup | string
  /** Beside the usual: a refresh, a script. */
  readonly head: Markup | string
  /** With its own heading. */
  readonly body: Markup
}

export function frame({ language, exchange, phrase }: PageBasics, page: Frame): Markup {
  const proof = phrase ? html`<p><bdi>${fill(language.alert.phrase, { phrase })}</bdi></p>` : ''
  return html`<!doctype html>
<html lang="${language.tag}" dir="${language.direction}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>${page.heading} · ${exchange}</title>
    <style>${page.css}</style>
    ${page.head}
  </head>
  <body>
    <main>
      <p class="brand">${exchange} · ${page.title}</p>
      ${page.body}
      ${proof}
      <p class="note">${language.lock.noPassword}</p>
    </main>
  </body>
</html>`
}
