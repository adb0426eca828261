// Writes the made tables into README.md and docs/. Run by `npm run docs` after a change of a setting or a
// provider; a test holds the files against it.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BLOCKS, withBlocks } from './render.ts'

for (const file of new Set(BLOCKS.map((block) => block.file))) {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  writeFileSync(path, withBlocks(file, readFileSync(path, 'utf8')))
  process.stdout.write(`${path}\n`)
}
