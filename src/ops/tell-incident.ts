// Tells of an incident: a line of the log, a data point where there is a binding, and a signed post to OPS_WEBHOOK_URL. It is
// posted at once, since the queue may be what is sick; one that is not taken goes through the queue, which repeats it.
// Whoever takes it knows by the id that a repeated one is the same.

import { signCallback } from '../exchange/sign.ts'
import { within } from '../lib/deadline.ts'
import { fetchWithin } from '../lib/fetch-within.ts'
import { deriveId } from '../lib/ids.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { HOUR_MS, SECOND_MS } from '../lib/time.ts'
import type { Incident } from './decide-incidents.ts'
import { INCIDENT_KINDS, type IncidentKind } from './incident-kinds.ts'
import { findIncident, noteTold } from './incidents.ts'
import type { OpsContext } from './ops-context.ts'

const POST_TIMEOUT_MS = 5 * SECOND_MS
const NOTE_DEADLINE_MS = 5 * SECOND_MS

type TellContext = Pick<OpsContext, 'now' | 'after' | 'fetch'> & {
  readonly config: {
    readonly callbackSecrets: OpsContext['config']['callbackSecrets']
    readonly ops: Pick<OpsContext['config']['ops'], 'webhookUrl'>
  }
}

export type Phase = 'opened' | 'closed'
export type Told = Pick<
  Incident,
  'incidentId' | 'kind' | 'scope' | 'openedAt' | 'closedAt' | 'evidence'
>

/** Of one episode: the same, whoever opens it at that instant. */
export function incidentIdAt(kind: IncidentKind, scope: string, openedAt: number): Promise<string> {
  return deriveId('inc', kind, scope, String(openedAt))
}

/** Where nothing can be stored, that it was told is not known either: the same for an hour. */
export function incidentIdInHour(kind: IncidentKind, scope: string, now: number): Promise<string> {
  return deriveId('inc', kind, scope, `hour ${Math.floor(now / HOUR_MS)}`)
}

/** After it was opened or closed; never throws, since the minute's work tells again what was not told. */
export async function announceIncident(context: OpsContext, incident: Told): Promise<void> {
  recordIncident(context, incident)
  if (context.config.ops.webhookUrl === undefined) return
  if (!(await postAndNote(context, incident))) await requestPost(context, incident.incidentId)
}

/** The log and the data point alone. */
export function recordIncident(context: Pick<OpsContext, 'points'>, incident: Told): void {
  const { incidentId, kind, scope, openedAt, closedAt, evidence } = incident
  const { severity } = INCIDENT_KINDS[kind]
  const fields = { incident_id: incidentId, kind, scope, severity, evidence }
  if (closedAt === null) logError('incident.opened', fields)
  else logInfo('incident.closed', { ...fields, duration_ms: closedAt - openedAt })
  context.points?.writeDataPoint({
    indexes: [kind],
    blobs: ['incident', phaseOf(incident), kind, scope, severity],
    doubles: [openedAt, closedAt ?? 0],
  })
}

/** That it was taken is noted as far as it can be: a second post has the same id. */
async function postAndNote(context: OpsContext, incident: Told): Promise<boolean> {
  try {
    const isTaken = await postIncident(context, incident)
    if (isTaken) await within(context.after, NOTE_DEADLINE_MS, noteTold(context.db, incident))
    return isTaken
  } catch (error) {
    logError('request.failed', { incident_id: incident.incidentId, ...errorFields(error) })
    return false
  }
}

export async function requestPost(
  { config, sweep }: Pick<OpsContext, 'config' | 'sweep'>,
  incidentId: string,
): Promise<void> {
  if (config.ops.webhookUrl === undefined) return
  try {
    await sweep.send({ kind: 'incident', incidentId })
  } catch (error) {
    logError('request.failed', { incident_id: incidentId, ...errorFields(error) })
  }
}

/** The queue's message: in how many seconds it is to come again, or null. `attempts` as the queue counts them. */
export async function postStoredIncident(
  context: OpsContext,
  incidentId: string,
  attempts: number,
): Promise<number | null> {
  const incident = await findIncident(context.db, incidentId)
  if (!incident || incident.isTold) return null
  if (!(await postIncident(context, incident))) {
    const retrySeconds = RETRY_SECONDS[attempts - 1]
    // Later the minute's work brings it again, for a day.
    return retrySeconds ?? null
  }
  await noteTold(context.db, incident)
  return null
}

const RETRY_SECONDS = [2, 5, 10, 20, 40]

/** True once it was taken, or where nobody wants to hear. `newsAt`: what tells one opening of an id from its next. */
export async function postIncident(
  context: TellContext,
  incident: Told,
  newsAt: number = incident.closedAt ?? incident.openedAt,
): Promise<boolean> {
  const { config, now } = context
  if (config.ops.webhookUrl === undefined) return true
  const phase = phaseOf(incident)
  const id = `${incident.incidentId}_${phase}_${newsAt.toString(36)}`
  const body = incidentBody(incident, now())
  const headers = await signCallback(config.callbackSecrets, id, body, now())
  const answer = await fetchWithin(
    context,
    config.ops.webhookUrl,
    {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Lockline' },
      body,
    },
    { timeoutMs: POST_TIMEOUT_MS, bodyMaxBytes: 0 },
  )
  const isTaken = answer.ok && answer.value.status >= 200 && answer.value.status < 300
  logInfo('incident.posted', {
    incident_id: incident.incidentId,
    phase,
    is_taken: isTaken,
    status: answer.ok ? answer.value.status : null,
    error: answer.ok ? null : answer.error,
  })
  return isTaken
}

function phaseOf({ closedAt }: Pick<Told, 'closedAt'>): Phase {
  return closedAt === null ? 'opened' : 'closed'
}

/** Standard Webhooks: type, timestamp, data. */
export function incidentBody(incident: Told, now: number): string {
  const { incidentId, kind, scope, openedAt, closedAt, evidence } = incident
  const { severity, title, meaning, check, act } = INCIDENT_KINDS[kind]
  return JSON.stringify({
    type: `incident.${phaseOf(incident)}`,
    timestamp: new Date(now).toISOString(),
    data: {
      incident_id: incidentId,
      kind,
      scope,
      severity,
      title,
      evidence,
      opened_at: new Date(openedAt).toISOString(),
      closed_at: closedAt === null ? null : new Date(closedAt).toISOString(),
      meaning,
      check,
      act,
    },
  })
}
