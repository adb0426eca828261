// Prints the texts that may go to India as templates of a DLT platform, for whoever registers them.

import { languagesOfIndia, renderTemplates } from './render-templates.ts'

const HELP = `Usage: npm run templates -- EXCHANGE_NAME

Prints each text in the languages of India with its typed variables and their longest lengths, to be
registered on a DLT platform. EXCHANGE_NAME: as in the setting of that name.`

const [exchange, ...more] = process.argv.slice(2)
if (exchange === undefined || exchange === '--help' || more.length > 0) {
  console.log(HELP)
  process.exitCode = exchange === '--help' ? 0 : 2
} else {
  console.log(renderTemplates(languagesOfIndia(), exchange))
}
