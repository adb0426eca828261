// Writes src/country/sender-rules-data.ts from sender-rules.json: what carriers of a dial code do with each
// kind of sender. Run by `npm run country-rules`; the JSON is the source, the other is not edited.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderSenderRules } from './render.ts'

const source = new URL('sender-rules.json', import.meta.url)
const target = new URL('../../src/country/sender-rules-data.ts', import.meta.url)

writeFileSync(fileURLToPath(target), renderSenderRules(readFileSync(source, 'utf8')))
