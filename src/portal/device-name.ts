// What a device is called in the owner's lists.

import { readDevice } from '../alert/device.ts'

/** A recognition aid, as in an alert; empty where the browser does not say. */
export function deviceName(userAgent: string | undefined): string {
  const { browser, os } = readDevice(userAgent ?? '')
  return [browser, os].filter((part) => part !== null).join(', ')
}
