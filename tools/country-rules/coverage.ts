// Writes docs/coverage.md: for every country the way an alert takes there, computed by the code that takes
// it. Run by `npm run coverage`; a test holds the page against this. With `--stale` it writes nothing and names the
// dated rules that nobody has looked at for long.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readSenderLaw, renderLawTable, staleRows } from './law.ts'
import { renderCoverage } from './render-coverage.ts'

const HELP = `Usage: npm run coverage [-- --stale]

Writes docs/coverage.md. --stale: names the rows of tools/country-rules/sender-law.json whose
source was read more than 180 days ago, and writes nothing.`

const law = readSenderLaw(readFileSync(new URL('sender-law.json', import.meta.url), 'utf8'))
const [option, ...more] = process.argv.slice(2)
if (option === undefined) {
  const target = new URL('../../docs/coverage.md', import.meta.url)
  writeFileSync(fileURLToPath(target), renderCoverage(law))
} else if (option === '--stale' && more.length === 0) {
  const stale = staleRows(law, Date.now())
  console.log(
    stale.length === 0 ? 'No row is older than 180 days.' : renderLawTable(stale).trimEnd(),
  )
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  console.log(HELP)
  process.exitCode = option === '--help' ? 0 : 2
}
