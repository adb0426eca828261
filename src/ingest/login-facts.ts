// A login event → what is kept of it. Here the full address and the user agent end: from now on only
// the address's last digits, its place, and the names of browser and system exist. Pure.

import { readDevice } from '../alert/device.ts'
import type { LoginFacts } from '../jobs.ts'
import { maskIp } from '../lib/mask.ts'
import { findPlace } from '../place/place.ts'
import type { PlaceTable } from '../place/place-table.ts'
import type { LoginEvent } from './event.ts'

/** The exchange knows the place better than a table does: what it sent wins, field by field. */
export function loginFacts(
  event: LoginEvent,
  alertId: string,
  placeTable: PlaceTable,
  receivedAt: number,
): LoginFacts {
  const { data } = event
  const place = findPlace(placeTable, data.ip)
  const device = readDevice(data.user_agent)
  return {
    alertId,
    accountId: data.account_id,
    sessionId: data.session_id,
    // A clock ahead of ours must not lengthen the link's or the hold's life.
    occurredAt: Math.min(event.timestamp, receivedAt),
    receivedAt,
    country: data.country ?? place.country,
    city: data.city ?? null,
    hosting: place.hosting,
    reserved: data.country ? null : place.reserved,
    ipTail: maskIp(data.ip),
    browser: device.browser,
    os: device.os,
    deviceName: data.device_name ?? null,
    locale: data.locale ?? null,
    sessionExpiresAt: data.session_expires_at ?? null,
  }
}
