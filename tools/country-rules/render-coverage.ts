// The table of countries as Markdown, from example numbers and the project's own decisions. Pure.

import examples from 'libphonenumber-js/examples.mobile.json'
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js/mobile'
import { parsePhone } from '../../src/account/phone.ts'
import { composeAlert } from '../../src/alert/compose.ts'
import { contentRulesFor } from '../../src/country/content-rules.ts'
import { makeSender } from '../../src/country/sender.ts'
import { receiptQuality, senderStanding } from '../../src/country/sender-rules.ts'
import { chooseLanguage } from '../../src/words/languages.ts'
import { USUAL_ALERT } from '../../test/support/usual-alert.ts'

const HEAD = `# Coverage

For each country: how a sender's name and a sender's number stand with its carriers, how the account is
locked, in which language and segments a usual alert is told, and what a receipt is worth. Made by
\`npm run coverage\` from the code that sends; not edited by hand. Sources: NOTICE and
\`src/country/content-rules.ts\`; facts of carriers change, so ask your provider before you rely on a row.

- **name**, **number**: \`allowed\`; \`limited\` (some carriers, or under another number); \`converted\` (arrives
  under the carrier's own sender, nobody can answer it); \`registration\` (register first, then name it in
  \`SMS_SENDERS\`); \`refused\`; \`unknown\` (nothing is published). The route takes providers in your order,
  unregistered senders after the others, refused ones last.
- **lock**: \`link + reply\`, \`link + code\` (typed into \`/lock\`) and so on: the second stands for a sender that
  is a number, then for one that is a name.
- **language**: the likeliest of the country, if we speak it, else English; an account's own comes first.
- **receipts**: \`handset\`, \`carrier\` (its word only), \`none\`, \`unknown\`. Only \`handset\` proves delivery.

| country | | name | number | template | lock by number | lock by name | language | segments | receipts |
|---|---|---|---|---|---|---|---|---|---|
`

/** Ends in a line break. */
export function renderCoverage(): string {
  const names = new Intl.DisplayNames(['en'], { type: 'region' })
  const rows = getCountries()
    .map((country) => ({ country, name: names.of(country) ?? country }))
    .sort((left, right) => left.name.localeCompare(right.name, 'en'))
    .map(({ country, name }) => renderRow(country, name))
  return `${HEAD}${rows.join('\n')}\n`
}

function renderRow(country: CountryCode, name: string): string {
  const phone = parsePhone(getExampleNumber(country, examples)?.number ?? '')
  if (!phone.ok) throw new Error(`no example number for ${country}`)
  const { e164 } = phone.value
  const rules = contentRulesFor(phone.value.country)
  const language = chooseLanguage([new Intl.Locale(`und-${country}`).maximize().language])
  const hasLink = rules.link === 'allowed'
  const byNumber = senderStanding('number', e164)
  const canReply = byNumber !== 'converted' && makeSender('+12025550100').canReceive
  const lock = (reply: boolean) => (hasLink ? 'link + ' : '') + (reply ? 'reply' : 'code')
  const { segments, language: written } = composeAlert(
    USUAL_ALERT,
    { hasLink, canReply, isNameBarred: false },
    language,
  )
  const cells = [
    name,
    country,
    senderStanding('name', e164),
    byNumber,
    rules.template ? 'yes' : '',
    lock(canReply),
    lock(false),
    written,
    String(segments),
    receiptQuality(e164),
  ]
  return `| ${cells.join(' | ')} |`
}
