// What is sick, told once: incidents that are open and findings of now are one list. Pure.

import type { Incident } from './decide-incidents.ts'
import { type Finding, worstOf } from './judge.ts'

/** What is sick, and since when where it was noted. */
export type Sickness = Finding & {
  /** Null where the minute's work has not noted it yet. */
  readonly openedAt: number | null
  readonly incidentId: string | null
}

/**
 * What is open, with the evidence of now where there is any, and what is found that nobody has noted yet; the
 * incident stays until the minute's work closes it.
 */
export function mergeSick(
  open: readonly Incident[],
  findings: readonly Finding[],
): readonly Sickness[] {
  const known = open.map((incident): Sickness => {
    const { kind, scope, evidence, openedAt, incidentId } = incident
    const found = findings.find((finding) => isSame(finding, incident))
    return { kind, scope, evidence: found?.evidence ?? evidence, openedAt, incidentId }
  })
  const unnoted = findings
    .filter((finding) => !open.some((incident) => isSame(finding, incident)))
    .map((finding) => ({ ...finding, openedAt: null, incidentId: null }))
  const all = [...known, ...unnoted]
  return all.toSorted((a, b) => severityRank(a) - severityRank(b))
}

function isSame(a: Pick<Finding, 'kind' | 'scope'>, b: Pick<Finding, 'kind' | 'scope'>): boolean {
  return a.kind === b.kind && a.scope === b.scope
}

function severityRank({ kind }: Pick<Finding, 'kind'>): number {
  return worstOf([kind]) === 'down' ? 0 : 1
}
