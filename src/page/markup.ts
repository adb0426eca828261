// What pages are made of.

import type { html } from 'hono/html'
import type { Language } from '../words/language.ts'

/** HTML whose variable parts are escaped. */
export type Markup = ReturnType<typeof html>

/** Whom a page speaks for, and in whose language. */
export type PageBasics = {
  readonly language: Language
  readonly exchange: string
  /** The owner's own, where it is known. */
  readonly phrase?: string | null
}
