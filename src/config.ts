// Env → Config, once per isolate. Collects every problem before it complains, so that one look at
// the log is enough; names settings, never shows their values.

import { configureProviders } from './deliver/providers/configure.ts'
import type { SmsProvider } from './deliver/providers/provider.ts'
import { parseRoutes, type SmsRoutes } from './deliver/route.ts'
import { err, ok, type Result } from './lib/result.ts'
import type { SealKeys } from './lib/seal.ts'
import { parseWebhookSecrets, type WebhookSecret } from './lib/webhook-secret.ts'
import type { SettingProblem, Settings } from './settings.ts'
import { readKeys, readList, readMilliseconds, readOrigin, readText, readUrl } from './settings.ts'

export type Config = {
  readonly exchangeName: string
  readonly publicOrigin: string
  readonly webhookSecrets: readonly WebhookSecret[]
  readonly apiKeys: readonly string[]
  readonly callbackUrl: string
  readonly callbackSecrets: readonly WebhookSecret[]
  readonly linkKeys: SealKeys
  readonly dataKeys: SealKeys
  /** In order of preference. */
  readonly providers: readonly SmsProvider[]
  readonly routes: SmsRoutes
  readonly attemptTimeoutMs: number
  /** How long a receipt may be missing before the alert goes out once more by another provider. */
  readonly receiptWaitMs: number
}

const ATTEMPT_TIMEOUT_DEFAULT_MS = 1_500
const RECEIPT_WAIT_DEFAULT_MS = 60_000
// With the longest account id the link then still leaves an SMS of two segments its words.
const ORIGIN_MAX_LENGTH = 48
const API_KEY_MIN_LENGTH = 16

/** Parses all settings; on failure every missing or malformed one is named. */
export function parseConfig(settings: Settings): Result<Config, readonly SettingProblem[]> {
  const problems: SettingProblem[] = []

  const exchangeName = readText(settings, 'EXCHANGE_NAME', problems)
  const publicOrigin = readOrigin(settings, 'PUBLIC_ORIGIN', problems)
  if (publicOrigin.length > ORIGIN_MAX_LENGTH) {
    const problem = `must have at most ${ORIGIN_MAX_LENGTH} characters: it is part of every SMS`
    problems.push({ setting: 'PUBLIC_ORIGIN', problem })
  }
  const callbackUrl = readUrl(settings, 'CALLBACK_URL', problems)
  const webhookSecrets = readSecrets(settings, 'WEBHOOK_SECRETS', problems)
  const callbackSecrets = readSecrets(settings, 'CALLBACK_SECRETS', problems)
  if (callbackSecrets.some((secret) => secret.kind !== 'hmac')) {
    problems.push({ setting: 'CALLBACK_SECRETS', problem: 'must hold whsec_ secrets only' })
  }
  const apiKeys = readList(settings, 'API_KEYS', problems)
  if (apiKeys.some((key) => key.length < API_KEY_MIN_LENGTH)) {
    problems.push({
      setting: 'API_KEYS',
      problem: `each must have ${API_KEY_MIN_LENGTH} characters or more`,
    })
  }
  const linkKeys = readKeys(settings, 'LINK_SECRETS', problems)
  const dataKeys = readKeys(settings, 'DATA_SECRETS', problems)
  const attemptTimeoutMs = readMilliseconds(settings, 'SMS_ATTEMPT_TIMEOUT_MS', problems, {
    defaultMs: ATTEMPT_TIMEOUT_DEFAULT_MS,
    maxMs: 10_000,
  })
  const receiptWaitMs = readMilliseconds(settings, 'SMS_RECEIPT_WAIT_MS', problems, {
    defaultMs: RECEIPT_WAIT_DEFAULT_MS,
    maxMs: 600_000,
  })
  const providers = configureProviders(settings, problems)
  const routes = parseRoutes(
    settings.SMS_ROUTES,
    providers.map((provider) => provider.name),
  )
  if (!routes.ok) problems.push({ setting: 'SMS_ROUTES', problem: routes.error })

  if (problems.length > 0 || !linkKeys || !dataKeys || !routes.ok) return err(problems)
  return ok({
    exchangeName,
    publicOrigin,
    webhookSecrets,
    apiKeys,
    callbackUrl,
    callbackSecrets,
    linkKeys,
    dataKeys,
    providers,
    routes: routes.value,
    attemptTimeoutMs,
    receiptWaitMs,
  })
}

function readSecrets(
  settings: Settings,
  setting: string,
  problems: SettingProblem[],
): readonly WebhookSecret[] {
  const secrets = parseWebhookSecrets(readList(settings, setting, problems))
  if (secrets.ok) return secrets.value
  problems.push({ setting, problem: secrets.error })
  return []
}
