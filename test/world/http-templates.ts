// The two templates of docs/http-provider.md, as they stand there: what the document shows is what the
// tests run, and what the simulated aggregator is spoken to with.

import { readFileSync } from 'node:fs'

const DOCUMENT = new URL('../../docs/http-provider.md', import.meta.url)

function readTemplates(): { readonly json: string; readonly form: string } {
  const blocks = readFileSync(DOCUMENT, 'utf8').matchAll(/^```json\n([\s\S]*?)^```$/gm)
  const [json, form, ...others] = [...blocks].map(([, text = '']) => text)
  if (!json || !form || others.length > 0) {
    throw new Error('docs/http-provider.md is to have two templates')
  }
  return { json, form }
}

/** The first example's API is the one that carriers/http.ts simulates. */
export const HTTP_TEMPLATES = readTemplates()
