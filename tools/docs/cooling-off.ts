// The rule of cooling-off as docs/cooling-off.md has it, of the table that decides. Pure.

import { COOLING_OFF_CAUSES, COOLING_OFF_EXEMPTIONS } from '../../src/login/cooling-off.ts'
import { FORMER_NETWORK_DAYS } from '../../src/login/known-marks.ts'

type Cause = (typeof COOLING_OFF_CAUSES)[number]['word']
type Exemption = (typeof COOLING_OFF_EXEMPTIONS)[number]['fact']

const NEW: Readonly<Record<Cause, string>> = {
  device:
    'browser, system and `device_name`, all three, were not seen together before; a login that says none of them is never known',
  country:
    'it was not seen before; where the address can be read and has no country, “unknown” is one',
  network: `its operator was not seen before, where the [table](place.md#who-connects-people) names one (data centres, relays, VPNs, and who has 8,192 addresses or more of those who connect people); of any other address, its /16, of IPv6 its /32. Where a /16 or /32 is known itself, so is every operator in it, for ${FORMER_NETWORK_DAYS} days after it was last seen without one. An address that cannot be read is never known`,
}

const EXEMPT: Readonly<Record<Exemption, string>> = {
  isOff: '`COOLING_OFF_HOURS` is 0, and no `PROFILE` asks for more',
  isInFirstDay: 'it is less than a day since the account’s first import',
  isOfDroppedKey:
    'all that the account is known by was written with keys that are in `DATA_SECRETS` no longer',
}

export function coolingOffRule(): string {
  const causes = COOLING_OFF_CAUSES.map(({ word }) => `| \`${word}\` | ${NEW[word]} |`)
  const exemptions = COOLING_OFF_EXEMPTIONS.map(({ fact }) => `- ${EXEMPT[fact]}`)
  return [
    '| new is | if |',
    '|---|---|',
    ...causes,
    '',
    'A login of which any of these is new holds withdrawals, unless',
    '',
    ...exemptions,
  ].join('\n')
}
