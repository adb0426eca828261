// One fault from its injection to the post that says it is over, in real time: polled, and with an end to all waiting.

import { setTimeout as sleep } from 'node:timers/promises'
import { INCIDENT_KINDS } from '../../src/ops/incident-kinds.ts'
import { closeAtEnd } from '../bench/closing.ts'
import type { Bundle } from '../support/bundle.ts'
import type { ReceivedIncident } from '../world/ops-receiver.ts'
import type { Fault } from './faults.ts'
import { type Seen, type Site, startSite } from './site.ts'

const LOOK_EVERY_MS = 250
const MEANWHILE_EVERY_MS = 4_000
/** Of what is not told in time it is still worth knowing whether it is told at all. */
const PATIENCE_MS = 180_000
const CLOSED_WITHIN_MS = 600_000

export type FaultResult = {
  readonly fault: string
  readonly kind: string
  /** Seconds since the injection; null where it never came. */
  readonly postedS: number | null
  /** Seconds since it was one by its rule; the limit beside it. */
  readonly afterRuleS: number | null
  readonly limitS: number
  readonly seen: string
  /** Seconds since the repair. */
  readonly closedS: number | null
  readonly byHand: string
  /** What else was open then: a busy machine is slow for every provider. */
  readonly others: string
  readonly isOk: boolean
}

export async function runFault(bundle: Bundle, fault: Fault): Promise<FaultResult> {
  const site = await startSite(bundle)
  const close = closeAtEnd(site.close)
  const meanwhile = keepDoing(site, fault)
  try {
    // Just after a minute's work: the next is as far away as it can be.
    await site.startCron()
    await fault.inject(site)
    const injectedAt = Date.now()
    const untilTold = fault.ruleMs + fault.limitMs + PATIENCE_MS
    const opened = await heard(site, { ...fault, type: 'opened', scope: null }, untilTold)
    const seen = await site.seen()
    await fault.repair(site)
    const repairedAt = Date.now()
    const scope = opened?.scope ?? null
    const closed = await heard(site, { ...fault, type: 'closed', scope }, CLOSED_WITHIN_MS)
    const after = await site.seen()
    return resultOf(fault, { injectedAt, opened, seen, repairedAt, closed, after })
  } finally {
    meanwhile.stop()
    await close()
  }
}

function keepDoing(site: Site, { meanwhile }: Fault): { readonly stop: () => void } {
  if (!meanwhile) return { stop: () => {} }
  // A login that is refused is what some faults are about.
  const timer = setInterval(() => void meanwhile(site).catch(() => {}), MEANWHILE_EVERY_MS)
  return { stop: () => clearInterval(timer) }
}

async function heard(
  site: Site,
  of: Parameters<Site['heard']>[0],
  withinMs: number,
): Promise<ReceivedIncident | null> {
  const untilAt = Date.now() + withinMs
  while (Date.now() < untilAt) {
    const incident = site.heard(of)
    if (incident) return incident
    await sleep(LOOK_EVERY_MS)
  }
  return null
}

type Course = {
  readonly injectedAt: number
  readonly opened: ReceivedIncident | null
  readonly seen: Seen
  readonly repairedAt: number
  readonly closed: ReceivedIncident | null
  readonly after: Seen
}

function resultOf(fault: Fault, course: Course): FaultResult {
  const { injectedAt, opened, seen, repairedAt, closed, after } = course
  const { title } = INCIDENT_KINDS[fault.kind]
  const name = `${fault.kind} ${opened?.scope ?? ''}`
  const isOnPage = seen.page.text.includes(title)
  const isInStatus = seen.incidents === null ? null : seen.incidents.includes(name)
  const isGone = after.incidents !== null && !after.incidents.includes(name)
  const postedMs = opened === null ? null : opened.at - injectedAt
  const afterRuleMs = postedMs === null ? null : postedMs - fault.ruleMs
  const others = after.incidents?.filter((one) => one !== name) ?? []
  return {
    fault: fault.name,
    kind: name,
    postedS: seconds(postedMs),
    afterRuleS: seconds(afterRuleMs),
    limitS: fault.limitMs / 1_000,
    seen: `/ops ${isOnPage ? 'yes' : 'NO'} (${seen.page.status}), status ${isInStatus ?? 'away'}, healthz ${seen.health}`,
    closedS: seconds(closed === null ? null : closed.at - repairedAt),
    byHand: fault.byHand ?? '',
    others: others.join(', '),
    isOk:
      isOnPage &&
      isInStatus !== false &&
      seen.health !== 'well' &&
      afterRuleMs !== null &&
      afterRuleMs <= fault.limitMs &&
      closed !== null &&
      isGone,
  }
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 100) / 10
}
