// Writes src/country/sender-rules-data.ts from sender-rules.json (what carriers of a dial code do with each kind of
// sender) and sender-law-data.ts from sender-law.json (the dated rules). Run by `npm run country-rules`; the JSON is
// the source, the others are not edited.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readSenderLaw, renderSenderLaw } from './law.ts'
import { renderSenderRules } from './render.ts'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const write = (name: string, text: string) =>
  writeFileSync(fileURLToPath(new URL(`../../src/country/${name}`, import.meta.url)), text)

write('sender-rules-data.ts', renderSenderRules(read('sender-rules.json')))
write('sender-law-data.ts', renderSenderLaw(readSenderLaw(read('sender-law.json'))))
