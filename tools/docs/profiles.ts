// The profiles of docs/profiles.md, as src/country/profiles.ts has them: per country its clauses, and what is left
// open. Pure.

import type { Clause, Profile, RuleName } from '../../src/country/profile-rules.ts'
import { PROFILES } from '../../src/country/profiles.ts'

const LABELS: Readonly<Record<RuleName, string>> = {
  links: 'Links',
  phoneNumbers: 'Phone numbers',
  alerts: 'Alerts',
  numberChange: 'Change of number',
  coolingOffHours: 'Cooling-off',
}

/** What a deployment does then, by setting and step. */
const EFFECTS: Readonly<Record<string, string>> = {
  'links none': 'No SMS has a link.',
  'phoneNumbers none': 'No text has a number to call.',
  'alerts unusual': 'Alerts cannot be switched off; “unusual logins only” can be chosen.',
  'alerts all': 'Every login is told; fewer alerts cannot be chosen.',
  'numberChange app':
    'A change of number takes a code of the authenticator app, never one by SMS alone. **So without a profile too.**',
  'numberChange passkey': 'A change or removal of the number takes a passkey.',
  'coolingOffHours 12': 'An unrecognised login holds withdrawals for 12 hours at least.',
  'coolingOffHours 24': 'An unrecognised login holds withdrawals for 24 hours at least.',
}

export function profileTables(): string {
  return Object.entries<Profile>(PROFILES).map(section).join('\n\n')
}

function section([name, { country, clauses, notCovered }]: readonly [string, Profile]): string {
  const head = `### \`${name}\` ${country}`
  return [head, '', ...clauses.map(item), '', `Left open: ${notCovered}`].join('\n')
}

function item(clause: Clause): string {
  const { setting, step, asks, notCovered, regulator, document, issued, effective } = clause
  const effect = EFFECTS[`${setting} ${step}`]
  if (effect === undefined) throw new Error(`nobody has said what ${setting} ${step} does`)
  const dates = [
    issued === null ? 'date not found' : issued,
    effective === null ? 'effective date not found' : `effective ${effective}`,
  ]
  return [
    `- **${LABELS[setting]}**: ${effect} *Asked:* ${asks}`,
    `  *Not covered:* ${notCovered}`,
    `  *Source:* ${regulator}, ${document} (${dates.join('; ')}). ${whereRead(clause)}`,
  ].join('\n')
}

function whereRead({ source, alsoRead, isPrimary, read }: Clause): string {
  const links = [source, ...(alsoRead === undefined ? [] : [alsoRead])]
    .map((url) => `[${new URL(url).hostname}](${url})`)
    .join(', ')
  return isPrimary
    ? `Read on ${read}: ${links}.`
    : `The text itself was not read; it is reported at ${links}, read on ${read}.`
}
