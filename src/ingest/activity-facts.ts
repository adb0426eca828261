// An activity event → what is kept of it; as login-facts.ts does with a login, and without marks: nothing becomes known by it.

import { readDevice } from '../alert/device.ts'
import { maskIp } from '../lib/mask.ts'
import { activityKindOf } from '../login/activity.ts'
import type { ActivityFacts } from '../login/activity-facts.ts'
import { findPlace } from '../place/place.ts'
import type { PlaceTable } from '../place/place-table.ts'
import { readKind } from './display-fields.ts'
import type { ActivityEvent } from './event.ts'

export function activityFacts(
  placeTable: PlaceTable,
  { data, timestamp }: ActivityEvent,
  alertId: string,
  receivedAt: number,
  trace: string | null = null,
): ActivityFacts {
  const { ip = null, kind } = data
  const place = findPlace(placeTable, ip ?? '')
  const device = readDevice(data.user_agent ?? '')
  const activity = activityKindOf(kind)
  return {
    alertId,
    accountId: data.account_id,
    activity,
    activityAsSent: activity === 'other' ? readKind(kind) : null,
    sessionId: data.session_id ?? '',
    detail: data.detail ?? null,
    // As of a login: a clock ahead of ours must not lengthen the link's life.
    occurredAt: Math.min(timestamp, receivedAt),
    receivedAt,
    country: place.country,
    hosting: place.hosting,
    reserved: place.reserved,
    ipTail: maskIp(ip ?? ''),
    browser: device.browser,
    os: device.os,
    trace,
  }
}
