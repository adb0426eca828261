// Broken settings are told to OPS_WEBHOOK_URL too, as far as the two settings that this takes are whole. Nothing is stored:
// the id is the same for an hour.

import type { Ports } from '../lib/ports.ts'
import { err } from '../lib/result.ts'
import { listBy } from '../lib/setting-kinds.ts'
import { readSetting, type SettingProblem, type Settings, setting } from '../lib/settings.ts'
import { parseWebhookSecrets } from '../lib/webhook-secret.ts'
import { OPS_SETTINGS } from './ops-settings.ts'
import { incidentIdInHour, postIncident } from './tell-incident.ts'

const SECRETS = setting(
  'CALLBACK_SECRETS',
  listBy((texts) => {
    const secrets = parseWebhookSecrets(texts)
    return secrets.ok && secrets.value.every(({ kind }) => kind === 'hmac')
      ? secrets
      : err('unusable')
  }),
  { help: 'declared in config.ts' },
)

export async function tellBroken(
  { now, after, fetch }: Pick<Ports, 'now' | 'after' | 'fetch'>,
  settings: Settings,
  problems: readonly SettingProblem[],
): Promise<void> {
  const webhookUrl = readSetting(OPS_SETTINGS.webhookUrl, settings, [], undefined)
  const callbackSecrets = readSetting(SECRETS, settings, [], undefined)
  if (!webhookUrl || !callbackSecrets) return
  const names = [...new Set(problems.map((problem) => problem.setting))]
  const scope = names.slice(0, NAMES_MAX).join(' ')
  const kind = 'settings_broken'
  await postIncident(
    { now, after, fetch, config: { callbackSecrets, ops: { webhookUrl } } },
    {
      incidentId: await incidentIdInHour(kind, scope, now()),
      kind,
      scope,
      openedAt: now(),
      closedAt: null,
      evidence: problems
        .slice(0, NAMES_MAX)
        .map(({ setting: name, problem }) => `${name} ${problem}`)
        .join('; '),
    },
  )
}

const NAMES_MAX = 20
