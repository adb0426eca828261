// Env → Config, once per isolate. Collects every problem before it complains, so that one look at
// the log is enough; names settings, never shows their values.

import { parseSenders, type SmsSenders } from './country/senders.ts'
import {
  type CodePolicy,
  parseCodeCountries,
  parseCodeGuard,
  SPEND_CAP_DEFAULT_SEGMENTS,
  SPEND_CAP_MAX_SEGMENTS,
} from './guard/code-policy.ts'
import { err, ok, type Result } from './lib/result.ts'
import type { SealKeys } from './lib/seal.ts'
import type { SettingProblem, Settings } from './lib/settings.ts'
import {
  readKeys,
  readList,
  readMilliseconds,
  readOrigin,
  readText,
  readUrl,
  readWhole,
} from './lib/settings.ts'
import { parseWebhookSecrets, type WebhookSecret } from './lib/webhook-secret.ts'
import { type PushSettings, parsePushSettings } from './push/push-settings.ts'
import { parseRoutes, type SmsRoutes } from './routing/route.ts'
import {
  parsePins,
  parseWeights,
  type RestingWeights,
  type RoutePins,
} from './routing/route-settings.ts'
import { configureProviders, type ProviderPorts } from './sms/configure.ts'
import type { SmsProvider } from './sms/provider.ts'

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
  /** Beside each provider's own sender, per dial code. */
  readonly senders: SmsSenders
  readonly weights: RestingWeights
  readonly pins: RoutePins
  readonly attemptTimeoutMs: number
  /** Alerts of known devices that go out one by one in ten minutes; more are told together. */
  readonly alertsPerWindow: number
  /** How long a receipt may be missing before the alert goes out once more by another provider. */
  readonly receiptWaitMs: number
  /** Null when push is off. */
  readonly push: PushSettings | null
  /** Who may be sent a code, and how many. */
  readonly codePolicy: CodePolicy
}

const ATTEMPT_TIMEOUT_DEFAULT_MS = 1_500
const RECEIPT_WAIT_DEFAULT_MS = 60_000
// With the longest account id the link then still leaves an SMS of two segments its words.
const ORIGIN_MAX_LENGTH = 48
// Infobip, for one, drops what comes after twenty different texts to one number in an hour.
const ALERTS_PER_WINDOW_DEFAULT = 3
const API_KEY_MIN_LENGTH = 16

/** Parses all settings; on failure every missing or malformed one is named. */
export function parseConfig(
  settings: Settings,
  ports: ProviderPorts,
): Result<Config, readonly SettingProblem[]> {
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
  const alertsPerWindow = readWhole(settings, 'ALERTS_PER_10_MINUTES', problems, {
    fallback: ALERTS_PER_WINDOW_DEFAULT,
    max: 1_000,
  })
  const providers = configureProviders(settings, problems, ports)
  const names = providers.map((provider) => provider.name)
  const routes = readParsed(parseRoutes(settings.SMS_ROUTES, names), 'SMS_ROUTES', problems)
  const senders = readParsed(parseSenders(settings.SMS_SENDERS, names), 'SMS_SENDERS', problems)
  const weights = readParsed(parseWeights(settings.SMS_WEIGHTS, names), 'SMS_WEIGHTS', problems)
  const pins = readParsed(parsePins(settings.SMS_PINS, names), 'SMS_PINS', problems)
  const codePolicy = readCodePolicy(settings, problems)
  const push = parsePushSettings(settings)
  if (!push.ok) problems.push(...push.error)

  if (problems.length > 0 || !linkKeys || !dataKeys) return err(problems)
  if (!routes || !senders || !weights || !pins || !codePolicy || !push.ok) return err(problems)
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
    routes,
    senders,
    weights,
    pins,
    attemptTimeoutMs,
    alertsPerWindow,
    receiptWaitMs,
    push: push.value,
    codePolicy,
  })
}

function readCodePolicy(settings: Settings, problems: SettingProblem[]): CodePolicy | null {
  const countries = readParsed(
    parseCodeCountries(settings.CODE_COUNTRIES),
    'CODE_COUNTRIES',
    problems,
  )
  const guard = readParsed(parseCodeGuard(settings.CODE_GUARD), 'CODE_GUARD', problems)
  const spendCapSegments = readWhole(settings, 'CODE_SPEND_CAP', problems, {
    fallback: SPEND_CAP_DEFAULT_SEGMENTS,
    max: SPEND_CAP_MAX_SEGMENTS,
  })
  return countries && { countries, isEnforced: guard === 'enforce', spendCapSegments }
}

function readParsed<T>(
  parsed: Result<T, string>,
  setting: string,
  problems: SettingProblem[],
): T | null {
  if (parsed.ok) return parsed.value
  problems.push({ setting, problem: parsed.error })
  return null
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
