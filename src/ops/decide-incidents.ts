// Which incidents open and close. Pure: what is open, what is found, and the instant; out come the changes. An episode
// opens once and closes once: what is found while it is open is the same episode, and so is what comes back within a
// minute. None closes while the database is silent that could say that it is over.

import { MINUTE_MS } from '../lib/time.ts'
import type { Finding } from './judge.ts'
import type { incidents } from './tables.ts'

export type Incident = typeof incidents.$inferSelect
export type OpenIncident = Pick<
  Incident,
  'incidentId' | 'kind' | 'scope' | 'openedAt' | 'seenAt' | 'evidence'
>

/** Its evidence has to be gone for so long. */
export const QUIET_MS = MINUTE_MS

export type IncidentStep =
  | { readonly step: 'open'; readonly finding: Finding }
  /** Still there. */
  | { readonly step: 'see'; readonly incident: OpenIncident; readonly evidence: string }
  | { readonly step: 'close'; readonly incident: OpenIncident }

export function decideIncidents(
  open: readonly OpenIncident[],
  findings: readonly Finding[],
  now: number,
  canSeeEnd: (incident: OpenIncident) => boolean = () => true,
): readonly IncidentStep[] {
  const found = new Map(findings.map((finding) => [nameOf(finding), finding]))
  const known = new Set(open.map(nameOf))
  return [
    ...open.flatMap((incident): IncidentStep[] => {
      const finding = found.get(nameOf(incident))
      if (finding) return [{ step: 'see', incident, evidence: finding.evidence }]
      const isOver = now - incident.seenAt >= QUIET_MS && canSeeEnd(incident)
      return isOver ? [{ step: 'close', incident }] : []
    }),
    ...[...found.values()]
      .filter((finding) => !known.has(nameOf(finding)))
      .map((finding): IncidentStep => ({ step: 'open', finding })),
  ]
}

function nameOf({ kind, scope }: Pick<Finding, 'kind' | 'scope'>): string {
  return `${kind} ${scope}`
}
