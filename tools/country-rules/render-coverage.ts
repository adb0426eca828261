// The table of countries as Markdown, from example numbers and the project's own decisions. Pure.

import examples from 'libphonenumber-js/examples.mobile.json'
import { type CountryCode, getCountries, getExampleNumber } from 'libphonenumber-js/mobile'
import { parsePhone } from '../../src/account/phone.ts'
import { composeAlert } from '../../src/alert/compose.ts'
import { contentRulesFor } from '../../src/country/content-rules.ts'
import type { SenderKind } from '../../src/country/sender.ts'
import { receiptQuality, senderStanding } from '../../src/country/sender-rules.ts'
import { chooseLanguage, localeOfCountry } from '../../src/words/languages.ts'
import { USUAL_ALERT } from '../../test/support/usual-alert.ts'
import { renderLawReferences, renderLawSummary, renderLawTable, type SenderLaw } from './law.ts'

const HEAD = `# Coverage

For each country: how a sender stands with its carriers by kind, how the account is locked, in which language and
segments a usual alert is told, and what a receipt is worth. Made by \`npm run coverage\` from the code that sends; not
edited by hand. Sources: NOTICE, the [dated rules](#dated-rules) below and \`src/country/content-rules.ts\`; facts of
carriers change, so ask your provider before you rely on a row.

- **name**, **domestic number**, **foreign number**, of a sender that is not named in \`SMS_SENDERS\`: \`allowed\`;
  \`limited\` (some carriers, or under another number); \`converted\` (arrives under the carrier's own sender, nobody can
  answer it); \`registration\` (register first, then name it in \`SMS_SENDERS\`, which makes it allowed); \`refused\` (does not
  arrive everywhere, as is said); \`branded\` (arrives marked as a likely fraud) and \`blocked\`, by a dated rule;
  \`unknown\` (nothing is published). The route takes providers in your order, unregistered senders after the others,
  refused ones last, branded and blocked ones never: if all are, \`PUT\` answers \`served: false\`, the exchange gets
  \`alert.unserved\`, and each login's alert is \`undelivered\` with the reason \`unserved\`.
- **lock**: \`link + reply\`, \`link + code\` (typed into \`/lock\`) and so on: the second stands for a sender that
  is a number, then for one that is a name.
- **language**: the likeliest of the country, if we speak it, else English; an account's own comes first.
- **receipts**: \`handset\`, \`carrier\` (its word only), \`none\`, \`unknown\`. Only \`handset\` proves delivery.

| country | | name | domestic number | foreign number | template | lock by number | lock by name | language | segments | receipts |
|---|---|---|---|---|---|---|---|---|---|---|
`

const LAW_HEAD = `
## Dated rules

What a country, its carriers or a provider do with a sender; before what is published without a date. Sources are
vendors' pages unless the row says \`primary\` or \`secondary\`. A year alone in *since*: the day is not published. A rule
without *else* only orders: nobody says what becomes of others, or some carriers act and some do not. A row with a provider
in brackets is of that provider alone. Where sources differ, the stricter holds and the note says so.
\`npm run coverage -- --stale\` names rows whose sources were read more than 180 days ago.

- **United States**: whoever sends by a number of the country registers it (10DLC campaign, toll-free verification) and names
  it in \`SMS_SENDERS\`; else \`PUT\` answers \`unregistered\`, and a provider that knows better refuses the text.
- **India**: unregistered, it comes under a number of the gateway's. Under a registered header each text follows a registered
  template, every variable with its type since 2026; \`npm run templates -- NAME\` prints ours. There are some 120 a
  language. \`template_id\` of \`SMS_SENDERS\` goes with every text, for a provider that matches texts with templates by itself;
  \`template_ids\` has an id for each text, by the names that are printed: \`{"from":"LOCKLN","entity_id":"…","template_ids":{"en login":"…"}}\`.
  An alert is then told by the registered text that says the most of what matters and has no place that would stay empty, in the
  owner's language, else in English: \`en login, bare\` and \`en several logins, bare\` tell any alert, and without them the Worker
  does not start. Any other text that is not registered does not go out by that sender; if no other can take it, not at all.
- **Thailand, Qatar, Indonesia**: a name that sends nothing lapses (Thailand: after six months, Indonesia: looked at after
  three). Send a test through each sender now and then, also through the provider that is asked last.
`

const LAW_COLUMNS = `
| country | sender | rule | since | sources | | note |
|---|---|---|---|---|---|---|
`

/** By the rules in force when the newest of them was read: the page changes with them, not with the day. Ends in a line break. */
export function renderCoverage(law: readonly SenderLaw[]): string {
  const asOf = law.reduce((latest, { readOn }) => (readOn > latest ? readOn : latest), '')
  const now = Date.parse(asOf)
  const names = new Intl.DisplayNames(['en'], { type: 'region' })
  const rows = getCountries()
    .map((country) => ({ country, name: names.of(country) ?? country }))
    .sort((left, right) => left.name.localeCompare(right.name, 'en'))
    .map(({ country, name }) => renderRow(country, name, now))
  return `${HEAD}${rows.join('\n')}\n${LAW_HEAD}\n${renderLawSummary(law)}\n${LAW_COLUMNS}${renderLawTable(law)}\n${renderLawReferences(law)}`
}

/** Of no provider that a rule names. */
const ANY_PROVIDER = { provider: 'sandbox', isRegistered: false } as const

function renderRow(country: CountryCode, name: string, now: number): string {
  const phone = parsePhone(getExampleNumber(country, examples)?.number ?? '')
  if (!phone.ok) throw new Error(`no example number for ${country}`)
  const to = phone.value
  const rules = contentRulesFor(to.country)
  const language = chooseLanguage([likeliestTag(country)])
  const hasLink = rules.link === 'allowed'
  const standing = (from: string, kind: SenderKind) =>
    senderStanding({ from, kind }, to, { ...ANY_PROVIDER, now })
  const domestic = standing(to.e164, 'number')
  const canReply = domestic !== 'converted'
  const lock = (reply: boolean) => (hasLink ? 'link + ' : '') + (reply ? 'reply' : 'code')
  const { segments, language: written } = composeAlert(
    USUAL_ALERT,
    { hasLink, canReply, isNameBarred: false },
    language,
  )
  const cells = [
    name,
    country,
    standing('Lockline', 'name'),
    domestic,
    standing(foreignTo(to.e164), 'number'),
    rules.template ? 'yes' : '',
    lock(canReply),
    lock(false),
    written,
    String(segments),
    receiptQuality(to.e164),
  ]
  return `| ${cells.join(' | ')} |`
}

/** As an alert of an account without a language has it. */
export function likeliestTag(country: string): string {
  return localeOfCountry(country) ?? 'en'
}

/** A number of another country, whichever `e164` is of. */
function foreignTo(e164: string): string {
  return e164.startsWith('+49') ? '+33612345678' : '+491512345678'
}
