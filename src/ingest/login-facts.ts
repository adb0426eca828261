// A login event → what is kept of it. Here the full address and the user agent end: from now on only
// the address's last digits, its place, and the names of browser and system exist, and marks.

import { readDevice } from '../alert/device.ts'
import { maskIp } from '../lib/mask.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { LoginFacts } from '../login/login-facts.ts'
import { loginMarks } from '../login/marks.ts'
import { findPlace } from '../place/place.ts'
import type { PlaceTable } from '../place/place-table.ts'
import type { LoginEvent } from './event.ts'

/** The exchange knows the place better than a table does: what it sent wins, field by field. */
export async function loginFacts(
  { placeTable, dataKeys }: { readonly placeTable: PlaceTable; readonly dataKeys: SealKeys },
  event: LoginEvent,
  alertId: string,
  receivedAt: number,
  trace: string | null = null,
): Promise<LoginFacts> {
  const { data } = event
  const { ip = null, device_name: deviceName = null } = data
  // What is no address has no place, and no tail to show.
  const place = findPlace(placeTable, ip ?? '')
  const device = readDevice(data.user_agent ?? '')
  const marks = await loginMarks(dataKeys, {
    ...device,
    deviceName,
    accountId: data.account_id,
    ip,
    operator: place.operator,
  })
  return {
    ...marks,
    alertId,
    accountId: data.account_id,
    sessionId: data.session_id,
    // A clock ahead of ours must not lengthen the link's or the hold's life.
    occurredAt: Math.min(event.timestamp, receivedAt),
    receivedAt,
    trace,
    country: data.country ?? place.country,
    city: data.city ?? null,
    hosting: place.hosting,
    reserved: data.country ? null : place.reserved,
    ipTail: maskIp(ip ?? ''),
    browser: device.browser,
    os: device.os,
    deviceName,
    locale: data.locale ?? null,
    sessionExpiresAt: data.session_expires_at ?? null,
  }
}
