// What a language has to say in an alert. Types only: a missing text does not compile.

/** The parts of the list of facts; a language says in which order they stand. */
export type DetailName = 'time' | 'place' | 'ip' | 'software' | 'deviceName'

/**
 * Every string uses GSM-7 basic characters only, so that its length is its cost. `{name}` is
 * replaced by that part; a string's placeholders are named beside it.
 */
export type AlertWords = {
  /** BCP 47; country names are taken in this language. */
  readonly locale: string
  /**
   * `{exchange} {number} {details} {parallel} {link} {closing}`. Something must follow the link
   * after a space: phones fetch a preview of a link that ends a message, and take punctuation that
   * touches a link for a part of it.
   */
  readonly message: `${string}{link} ${string}`
  /** The same for a link so long that few words fit: `{exchange} {number} {details} {parallel} {link}`. */
  readonly shortMessage: `${string}{link} ${string}`
  readonly details: readonly DetailName[]
  readonly detailSeparator: string
  /** Stands for a name that has no Latin spelling. */
  readonly exchange: string
  /** `{hour} {minute} {day} {month}`; says that it is UTC. */
  readonly time: string
  // biome-ignore format: twelve of them
  readonly months: readonly [string, string, string, string, string, string,
    string, string, string, string, string, string]
  /** `{city} {country}`; addresses place a device roughly, and the words should say so. */
  readonly cityAndCountry: string
  /** `{city}` */
  readonly cityAlone: string
  readonly unknownPlace: string
  readonly privateNetwork: string
  /** Any other range that is not in public use. */
  readonly reservedNetwork: string
  /** `{place} {dataCentre}` */
  readonly placeWithDataCentre: string
  readonly dataCentre: string
  /** `{network}` */
  readonly dataCentreNamed: string
  /** `{ip}`, the masked tail; the ellipsis character is not in GSM-7. */
  readonly ip: string
  /** `{browser} {os}` */
  readonly software: string
  /** `{deviceName}`, in quotation marks: whoever logged in chose it. */
  readonly deviceName: string
  readonly parallel: string
  readonly shortParallel: string
  /** `{phrase}`, the account's own anti-phishing phrase. */
  readonly phrase: string
  /** Follows the link when there is no phrase. */
  readonly ending: string
}
