// Prose and code of the page at /docs: the little markup that descriptions use, made into HTML. Escapes
// everything; takes no HTML.

import { html } from 'hono/html'

export type Markup = ReturnType<typeof html>

/** `code` between backticks; the rest is text. */
export function inline(text: string): Markup {
  const parts = text.split('`')
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}

/** Paragraphs are parted by an empty line. */
export function paragraphs(text: string | undefined): Markup {
  const texts = (text ?? '').split('\n\n').filter(Boolean)
  return html`${texts.map((paragraph) => html`<p>${inline(paragraph)}</p>`)}`
}

/** Scrolls sideways, hence the tab stop and the name. */
export function codeBlock(label: string, code: string): Markup {
  return html`<pre tabindex="0" role="region" aria-label="${label}"><code>${code}</code></pre>`
}

export function jsonBlock(label: string, value: unknown): Markup {
  return codeBlock(label, JSON.stringify(value, null, 2))
}

/** `/v1/accounts/{accountId}` → `v1-accounts-accountid`: an id for a link within the page. */
export function anchor(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
