// Writes docs/texts.html: every SMS in every language, composed by the code that sends. Run by `npm run texts` after a
// change of words or of what gives way; a test holds the page against this.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderTextsPage } from './render.ts'

const target = new URL('../../docs/texts.html', import.meta.url)
writeFileSync(fileURLToPath(target), await renderTextsPage())
