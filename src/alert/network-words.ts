// What a network is called that an address belongs to, in texts and on pages: a data centre, which an owner does not
// log in from, or a relay, which their own phone may send everything through.

import { networkKind } from '../place/relay.ts'
import type { PlaceWords } from '../words/language.ts'
import { fill } from './fill.ts'

/** The kind alone, for where there is no room for the name. `hosting` is a name of the table of places, or ''. */
export function networkWord(hosting: string, words: PlaceWords): string {
  const kinds = {
    data_centre: words.dataCentre,
    private_relay: words.privateRelay,
    vpn_or_relay: words.vpnOrRelay,
  }
  return kinds[networkKind(hosting)]
}

/** The kind with `name`, which may be a shorter form of `hosting`; Apple's relay needs none. */
export function namedNetwork(hosting: string, name: string, words: PlaceWords): string {
  const kind = networkKind(hosting)
  const word = networkWord(hosting, words)
  if (kind === 'private_relay' || name === '') return word
  if (kind === 'vpn_or_relay') return `${word} ${name}`
  return fill(words.dataCentreNamed, { network: name })
}

/** Of an address that is no place on the internet; `reserved` is a kind of the table of such ranges. */
export function reservedWord(reserved: string, words: PlaceWords): string {
  return reserved === 'private' ? words.privateNetwork : words.reservedNetwork
}
