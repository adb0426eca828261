// What a reader of the documents calls the parts that an SMS may leave out.

import type { PartName } from '../../src/alert/facts.ts'

export const PART_LABELS: Readonly<Record<PartName, string>> = {
  deviceName: 'device name',
  network: 'name of the network',
  ending: 'closing line',
  ip: 'end of the address',
  os: 'system',
  browser: 'browser',
  city: 'city',
  clock: 'time',
  dataCentre: 'data centre or relay',
  newCountry: 'that its country is new',
  newDevice: 'that a device is new',
  wait: 'until when withdrawals wait',
  parallel: 'the other session',
  phrase: 'anti-phishing code',
}
