// English. A calm voice: what happened, how to tell whether it was you, what to do if it was not.

import type { AlertWords } from '../alert-words.ts'

export const en: AlertWords = {
  locale: 'en',
  message: '{exchange} login #{number}: {details}. {parallel} Not you? Lock now: {link} {closing}',
  shortMessage: '{exchange} #{number}: {details}. {parallel} Not you? {link} - lock',
  details: ['time', 'place', 'ip', 'software', 'deviceName'],
  detailSeparator: ', ',
  exchange: 'Exchange',
  time: '{hour}:{minute} UTC {day} {month}',
  // biome-ignore format: one line reads better than twelve
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  cityAndCountry: 'near {city}, {country}',
  cityAlone: 'near {city}',
  unknownPlace: 'unknown place',
  privateNetwork: 'private network',
  reservedNetwork: 'reserved network',
  placeWithDataCentre: '{place} ({dataCentre})',
  dataCentre: 'data centre',
  dataCentreNamed: 'data centre {network}',
  ip: 'IP ..{ip}',
  software: '{browser} on {os}',
  deviceName: '"{deviceName}"',
  parallel: 'Another session is open.',
  shortParallel: '2nd session.',
  phrase: 'Your phrase: {phrase}',
  ending: 'Ignore if it was you.',
}
