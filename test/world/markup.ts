// HTML as a value: whatever is put into a template is escaped, unless it is markup already.
// There is deliberately no way to declare a text to be safe.

const brand: unique symbol = Symbol('markup')
export type Markup = { readonly [brand]: string }
export type Insert = string | number | null | Markup | readonly Markup[]

export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Markup {
  let out = strings[0] ?? ''
  inserts.forEach((insert, index) => {
    out += render(insert) + (strings[index + 1] ?? '')
  })
  return { [brand]: out }
}

export function toText(markup: Markup): string {
  return markup[brand]
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function render(insert: Insert): string {
  if (insert === null) return ''
  if (typeof insert === 'string') return escapeHtml(insert)
  if (typeof insert === 'number') return String(insert)
  if (isList(insert)) return insert.map((part) => part[brand]).join('')
  return insert[brand]
}

function isList(insert: Markup | readonly Markup[]): insert is readonly Markup[] {
  return Array.isArray(insert)
}
