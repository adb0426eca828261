// Broken settings are told to OPS_WEBHOOK_URL too, as far as the two settings that this takes are whole. The database needs no
// setting: it notes the incident, and the first minute's work with whole settings closes it. Where the database is away too,
// it is posted all the same, under an id that is the same for an hour.

import { type Db, openDb } from '../lib/db.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { Ports } from '../lib/ports.ts'
import { err } from '../lib/result.ts'
import { secretsBy } from '../lib/setting-kinds.ts'
import { readSetting, type SettingProblem, type Settings, setting } from '../lib/settings.ts'
import { SECOND_MS } from '../lib/time.ts'
import { parseWebhookSecrets } from '../lib/webhook-secret.ts'
import type { Incident } from './decide-incidents.ts'
import { findOpen, insertIncident, type NewIncident, noteTold, seeIncident } from './incidents.ts'
import { OPS_SETTINGS } from './ops-settings.ts'
import { incidentIdInHour, postIncident } from './tell-incident.ts'
import { newsInHour } from './tell-unstored.ts'

const SECRETS = setting(
  'CALLBACK_SECRETS',
  secretsBy((texts) => {
    const secrets = parseWebhookSecrets(texts)
    return secrets.ok && secrets.value.every(({ kind }) => kind === 'hmac')
      ? secrets
      : err('unusable')
  }),
  { help: 'declared in config.ts' },
)

const NAMES_MAX = 20
const NOTE_DEADLINE_MS = 5 * SECOND_MS

type BrokenContext = Pick<Ports, 'now' | 'after' | 'fetch'>

/** `database`: `DB`, or undefined where not even that is bound. */
export async function tellBroken(
  ports: BrokenContext,
  settings: Settings,
  problems: readonly SettingProblem[],
  database: D1Database | undefined,
): Promise<void> {
  const { now } = ports
  const webhookUrl = readSetting(OPS_SETTINGS.webhookUrl, settings, [], undefined)
  const callbackSecrets = readSetting(SECRETS, settings, [], undefined)
  const names = [...new Set(problems.map((problem) => problem.setting))]
  const scope = names.slice(0, NAMES_MAX).join(' ')
  const kind = 'settings_broken'
  const incident = {
    incidentId: await incidentIdInHour(kind, scope, now()),
    kind,
    scope,
    openedAt: now(),
    evidence: problems
      .slice(0, NAMES_MAX)
      .map(({ setting: name, problem }) => `${name} ${problem}`)
      .join('; '),
  } as const
  const noted = database && (await inTime(ports, noteBroken(openDb(database), incident, now())))
  if (noted?.isTold || !webhookUrl || !callbackSecrets) return
  const context = { ...ports, config: { callbackSecrets, ops: { webhookUrl } } }
  const isTaken = noted
    ? await postIncident(context, noted)
    : await postIncident(context, { ...incident, closedAt: null }, newsInHour(null, now()))
  if (isTaken && noted && database) await inTime(ports, noteTold(openDb(database), noted))
}

/** The incident as it is open now, whoever opened it. */
async function noteBroken(db: Db, incident: NewIncident, now: number): Promise<Incident | null> {
  await insertIncident(db, incident)
  const open = await findOpen(db, incident)
  if (open) await seeIncident(db, open, incident.evidence, now)
  return open
}

/** Null where the database refuses, or is silent: that is no reason not to post. */
async function inTime<T>({ after }: BrokenContext, work: Promise<T>): Promise<T | null> {
  try {
    return await within(after, NOTE_DEADLINE_MS, work)
  } catch (error) {
    logError('job.failed', { queue: 'cron', kind: 'settings', ...errorFields(error) })
    return null
  }
}
