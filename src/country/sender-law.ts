// What a country's law, or its carriers by an announced date, do with a sender: whether it has to be registered, and
// what becomes of one that is not. Dated, each row with its source (tools/country-rules/sender-law.json); it goes
// before what is published without a date. Pure.

import type { ProviderName } from '../sms/registry.ts'
import { SENDER_LAW } from './sender-law-data.ts'
import type { LawRow, SenderClass, Standing } from './standing.ts'

/** A sender in use: through whom, whether the operator has said that it is registered there, and when. */
export type LawUse = {
  readonly provider: ProviderName
  readonly isRegistered: boolean
  readonly now: number
}

const rowsByCountry: ReadonlyMap<string, readonly LawRow[]> = Map.groupBy(
  SENDER_LAW,
  ([country]) => country,
)

/** Null where no dated rule is known, or none is in force yet. Of a provider's own row and a common one, its own. */
export function lawStanding(sender: SenderClass, country: string, use: LawUse): Standing | null {
  const rows = (rowsByCountry.get(country) ?? []).filter(
    ([, of, , , sinceAt, provider]) =>
      of === sender && sinceAt <= use.now && (provider === null || provider === use.provider),
  )
  const row = rows.find(([, , , , , provider]) => provider !== null) ?? rows[0]
  if (!row) return null
  const [, , standing, unregistered] = row
  if (standing !== 'registration') return standing
  return use.isRegistered ? 'allowed' : (unregistered ?? 'registration')
}
