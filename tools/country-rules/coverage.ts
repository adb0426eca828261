// Writes docs/coverage.md: for every country the way an alert takes there, computed by the code that takes
// it. Run by `npm run coverage`; a test holds the page against this.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderCoverage } from './render-coverage.ts'

const target = new URL('../../docs/coverage.md', import.meta.url)
writeFileSync(fileURLToPath(target), renderCoverage())
