// Where an IP address appears to be: country, data-centre network, or the special purpose that
// means neither. A pure question to an opened table; it names codes, never countries, and says
// "unknown" (null) rather than guess.
import { parseIpAddress } from './ip-address.ts'
import { lookupCountry, lookupNetwork, type PlaceTable } from './place-table.ts'
import { type ReservedKind, reservedKind } from './reserved-range.ts'

export type Place = {
  /** ISO 3166-1 alpha-2, or XK for Kosovo. */
  readonly country: string | null
  /** Short ASCII name of the data-centre network: a heuristic, to be worded "appears to be". */
  readonly hosting: string | null
  /**
   * By what the network is recognised, not for showing: `hosting`, or `AS` and a number of who connects people. Null where the
   * table names nobody.
   */
  readonly operator: string | null
  /** Set for special-purpose addresses, which then have neither country nor network. */
  readonly reserved: ReservedKind | null
}

const NOWHERE: Place = { country: null, hosting: null, operator: null, reserved: null }

/** Answers for any text; what is not an address has no place. IPv6 is looked up by its /64. */
export function findPlace(table: PlaceTable, ip: string): Place {
  const address = parseIpAddress(ip)
  if (address === null) return NOWHERE
  const reserved = reservedKind(address)
  if (reserved !== null) return { ...NOWHERE, reserved }
  const { hosting, asn } = lookupNetwork(table, address)
  return {
    country: lookupCountry(table, address),
    hosting,
    operator: asn === null ? hosting : `AS${asn}`,
    reserved: null,
  }
}
