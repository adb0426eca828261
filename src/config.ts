// Env → Config, once per isolate. Collects every problem before it complains, so that one look at
// the log is enough; names settings, never shows their values.

import { SEGMENTS_MAX, WARNING_SEGMENTS_MAX } from './alert/compose.ts'
import { tappableIn } from './alert/field.ts'
import { API_KEY_MAX_LENGTH, API_KEY_MIN_LENGTH, keysUnder, parseApiKeys } from './api/api-keys.ts'
import type { ProfileRules } from './country/profile-rules.ts'
import { PROFILE_SETTINGS } from './country/profile-setting.ts'
import { SENDER_SETTINGS } from './country/senders.ts'
import { CODE_SETTINGS, type CodePolicy } from './guard/code-policy.ts'
import { err, ok, type Result } from './lib/result.ts'
import { keys, originWithin, readBy, secretsBy, text, url, whole } from './lib/setting-kinds.ts'
import {
  readSettings,
  type SettingProblem,
  type Settings,
  type SettingTable,
  setting,
  type ValuesOf,
} from './lib/settings.ts'
import { ONE_DATABASE, parseShardMap } from './lib/shard-map.ts'
import { parseWebhookSecrets, type WebhookSecret } from './lib/webhook-secret.ts'
import { HOLD_SETTINGS } from './lock/hold-settings.ts'
import { LOCK_SETTINGS } from './lock/lock-settings.ts'
import { KEPT_SETTINGS, type KeptDays } from './ops/kept-settings.ts'
import { OPS_SETTINGS, type OpsSettings } from './ops/ops-settings.ts'
import { PUSH_SETTINGS, type PushSettings, readPushSettings } from './push/push-settings.ts'
import { ROUTE_SETTINGS } from './routing/route-settings.ts'
import type { ProviderPorts } from './sms/provider.ts'
import { configureProviders, SMS_SETTINGS, type SmsProvider } from './sms/registry.ts'

// With the longest account id the link then still leaves an SMS of two segments its words.
const ORIGIN_MAX_LENGTH = 48
const MAKE_SECRET = 'echo whsec_$(openssl rand -base64 32)'
const MAKE_KEY = 'openssl rand -base64 32'

/** Settings that belong to no room alone. */
const OWN_SETTINGS = {
  exchangeName: setting('EXCHANGE_NAME', text, {
    help: 'name in SMS (20 characters are used) and on pages',
  }),
  publicOrigin: setting('PUBLIC_ORIGIN', originWithin(ORIGIN_MAX_LENGTH), {
    help: `origin of links and provider receipts: \`https://lock.example.com\`, no slash at the end, at most ${ORIGIN_MAX_LENGTH} characters: it is in every SMS. Use a host name that serves nothing else: an app beside it would share its cookies and pages`,
  }),
  callbackUrl: setting('CALLBACK_URL', url, { help: 'where callbacks go; use https' }),
  webhookSecrets: setting('WEBHOOK_SECRETS', secretsBy(parseWebhookSecrets), {
    help: 'list: `whsec_` and base64 of 24–64 bytes, or `whpk_` and base64 of an ed25519 public key',
    isSecret: true,
    make: MAKE_SECRET,
  }),
  apiKeys: setting('API_KEYS', secretsBy(parseApiKeys), {
    help: `list; each ${API_KEY_MIN_LENGTH} to ${API_KEY_MAX_LENGTH} characters, printable ASCII without a colon; \`key:scope,scope\` may do only what its [scopes](docs/integration.md#what-each-key-may-do) say`,
    isSecret: true,
    make: 'openssl rand -hex 32',
  }),
  callbackSecrets: setting('CALLBACK_SECRETS', secretsBy(parseCallbackSecrets), {
    help: 'list of `whsec_`; every callback carries one signature for each',
    isSecret: true,
    make: MAKE_SECRET,
  }),
  linkKeys: setting('LINK_SECRETS', keys, {
    help: 'list of base64 keys of 32 bytes',
    isSecret: true,
    make: MAKE_KEY,
  }),
  dataKeys: setting('DATA_SECRETS', keys, {
    help: 'list of base64 keys of 32 bytes; **keep a copy in a vault**',
    isSecret: true,
    make: MAKE_KEY,
  }),
  shards: setting(
    'SHARDS',
    readBy((value) => {
      const given = typeof value === 'string' ? value.trim() : ''
      return parseShardMap((given || ONE_DATABASE).split(/\s+/))
    }, ONE_DATABASE),
    {
      help: 'which of the 256 slots of accounts are in which D1 database, by its binding: `0-127:DB 128-255:DB_1`; changed after slots were [moved](docs/growing.md), not before',
    },
  ),
}

const DELIVERY_SETTINGS = {
  attemptTimeoutMs: setting('SMS_ATTEMPT_TIMEOUT_MS', whole({ fallback: 1_500, max: 10_000 }), {
    help: 'deadline of one provider call',
  }),
  /** How long a receipt may be missing before the alert goes out once more by another provider. */
  receiptWaitMs: setting('SMS_RECEIPT_WAIT_MS', whole({ fallback: 60_000, max: 600_000 }), {
    help: 'how long to wait for any receipt before a second SMS goes out by another provider',
  }),
  /**
   * Alerts of known devices that go out one by one in ten minutes; more are told together. Infobip, for
   * one, drops what comes after twenty different texts to one number in an hour.
   */
  alertsPerWindow: setting('ALERTS_PER_10_MINUTES', whole({ fallback: 3, max: 1_000 }), {
    help: 'alerts about known devices that go out one by one; further ones are gathered into one SMS',
  }),
  /** Whoever holds a password logs in as often as they like, on as many devices as they can name: each SMS is paid. */
  alertsPerDay: setting('ALERTS_PER_DAY', whole({ fallback: 20, max: 1_000 }), {
    help: 'SMS about a single login that an account gets a day, from midnight UTC; further logins are gathered, one SMS in ten minutes',
  }),
  /** GSM-7 has room for all of it in two. */
  warningSegmentsMax: setting(
    'ALERT_SEGMENTS_MAX',
    whole({
      fallback: WARNING_SEGMENTS_MAX,
      min: SEGMENTS_MAX['UCS-2'],
      max: WARNING_SEGMENTS_MAX,
    }),
    {
      help: `segments of an alert in a [script of its own](docs/delivery.md#what-an-alert-says) that has something to warn of (another session, a data centre, a new country or device, several logins) or an anti-phishing code: the fourth costs a third more and is taken only where a fact would be missing; any other alert has ${SEGMENTS_MAX['UCS-2']} at most, in GSM-7 ${SEGMENTS_MAX['GSM-7']}`,
    },
  ),
}

/** All but the providers' own, in README's order. */
export const SETTING_TABLES: readonly SettingTable[] = [
  OWN_SETTINGS,
  SMS_SETTINGS,
  ROUTE_SETTINGS,
  SENDER_SETTINGS,
  DELIVERY_SETTINGS,
  CODE_SETTINGS,
  KEPT_SETTINGS,
  PUSH_SETTINGS,
  PROFILE_SETTINGS,
  OPS_SETTINGS,
  HOLD_SETTINGS,
  LOCK_SETTINGS,
]

export type Config = ValuesOf<
  typeof OWN_SETTINGS &
    typeof ROUTE_SETTINGS &
    typeof SENDER_SETTINGS &
    typeof DELIVERY_SETTINGS &
    typeof PROFILE_SETTINGS &
    typeof HOLD_SETTINGS &
    typeof LOCK_SETTINGS
> & {
  /** In order of preference. */
  readonly providers: readonly SmsProvider[]
  /** Null when push is off. */
  readonly push: PushSettings | null
  /** Who may be sent a code, and how many. */
  readonly codePolicy: CodePolicy
  readonly kept: KeptDays
  readonly ops: OpsSettings
}

/** Parses all settings; on failure every missing or malformed one is named. */
export function parseConfig(
  settings: Settings,
  ports: ProviderPorts,
): Result<Config, readonly SettingProblem[]> {
  const problems: SettingProblem[] = []
  const own = readSettings(OWN_SETTINGS, settings, problems, undefined)
  const { names, providers } = configureProviders(settings, problems, ports)
  const routes = readSettings(ROUTE_SETTINGS, settings, problems, names)
  const senders = readSettings(SENDER_SETTINGS, settings, problems, names)
  const delivery = readSettings(DELIVERY_SETTINGS, settings, problems, undefined)
  const codePolicy = readSettings(CODE_SETTINGS, settings, problems, undefined)
  const kept = readSettings(KEPT_SETTINGS, settings, problems, undefined)
  const push = readPushSettings(settings, problems)
  const held = readSettings(PROFILE_SETTINGS, settings, problems, undefined)
  const holding = readSettings(HOLD_SETTINGS, settings, problems, undefined)
  const ops = readSettings(OPS_SETTINGS, settings, problems, undefined)
  const lock = readSettings(LOCK_SETTINGS, settings, problems, undefined)
  if (own && held) problems.push(...nameProblems(own.exchangeName, held.profile))

  if (problems.length > 0) return err(problems)
  if (!own || !routes || !senders || !delivery || !codePolicy || !held || !kept || !ops)
    return err(problems)
  if (!holding || !lock) return err(problems)
  return ok({
    ...{ ...own, ...routes, ...senders, ...delivery, ...held, ...holding, ...lock },
    ...{ providers, push, codePolicy, kept, ops },
    apiKeys: keysUnder(holding.liftPolicy, own.apiKeys),
  })
}

/** The name goes into every text as it is: what a profile keeps out of texts must not come in with it. */
function nameProblems(name: string, rules: ProfileRules): readonly SettingProblem[] {
  const { link, number } = tappableIn(name)
  const problems = [
    ...(link && rules.links === 'none' ? ['a web address, as phones read it'] : []),
    ...(number && rules.phoneNumbers === 'none' ? ['a phone number'] : []),
  ]
  return problems.map((what) => ({
    setting: 'EXCHANGE_NAME',
    problem: `holds ${what}, which PROFILE keeps out of texts`,
  }))
}

/** Ours to sign with, so no public keys. */
function parseCallbackSecrets(texts: readonly string[]): Result<readonly WebhookSecret[], string> {
  const secrets = parseWebhookSecrets(texts)
  if (!secrets.ok) return secrets
  return secrets.value.every((secret) => secret.kind === 'hmac')
    ? secrets
    : err('must hold whsec_ secrets only')
}
