// What a push says of a login. It is cut on many a screen, so what must not be missed comes first. Pure.

import { fill, fillTime } from '../alert/fill.ts'
import { namedNetwork, reservedWord } from '../alert/network-words.ts'
import type { Login } from '../login/login.ts'
import { countryName } from '../words/country-name.ts'
import { apart } from '../words/direction.ts'
import type { Language } from '../words/language.ts'
import type { ToldLogin } from './told-login.ts'

/**
 * What its SMS warns of, then time, place and software, as far as they are known. A notification is laid out by its first
 * letter, which may be a Latin one: from right to left a mark stands before it, and each part apart (UAX #9).
 */
export function describeLogin(
  { told, isNewCountry, isNewDevice }: Pick<ToldLogin, 'told' | 'isNewCountry' | 'isNewDevice'>,
  language: Language,
): string {
  const { alert, portal, lock } = language
  const { holdUntil } = told
  const parts = [
    holdUntil === null
      ? null
      : fill(lock.heldUntil, { time: fillTime(holdUntil, language) }).replace(/[.。।۔]$/u, ''),
    told.isParallel ? portal.history.parallel : null,
    isNewCountry && told.country !== null ? alert.newCountry : null,
    isNewDevice ? alert.newDevice : null,
    ...placesOf(told, language),
    fillTime(told.occurredAt, language),
    told.browser,
    told.os,
  ]
  const known = parts.filter((part) => part !== null).filter((part) => part !== '')
  const isFromRight = language.direction === 'rtl'
  const shown = isFromRight ? known.map(apart) : known
  return (isFromRight ? '\u200f' : '') + shown.join(alert.detailSeparator)
}

/** City and country apart, since each may be in a script of its own. */
function placesOf(
  { city, country, reserved, hosting }: Login,
  language: Language,
): readonly string[] {
  const words = { ...language.alert, ...language.placesOnPages }
  if (reserved !== null) return [reservedWord(reserved, words)]
  const named = country === null ? null : countryName(country, language.intl)
  const places = [city, named].filter((part) => part !== null)
  const known = places.length > 0 ? places : [words.unknownPlace]
  if (hosting === null) return known
  const place = known.join(words.detailSeparator)
  return [
    fill(words.placeWithDataCentre, { place, dataCentre: namedNetwork(hosting, hosting, words) }),
  ]
}
