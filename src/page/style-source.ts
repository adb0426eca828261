// What a policy says of a page's one style element.

import { toBase64, utf8 } from '../lib/base64.ts'

/** The CSP source that allows exactly this style element (CSP Level 3, §8.2). Reckoned once in an isolate. */
export function styleSource(css: { readonly toString: () => string }): () => Promise<string> {
  let source: string | null = null
  return async function sourceOfStyle() {
    if (source === null) {
      const digest = await crypto.subtle.digest('SHA-256', utf8(String(css)))
      source = `sha256-${toBase64(new Uint8Array(digest))}`
    }
    return source
  }
}
