// VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_SUBJECT and PUSH_ORIGINS: who we are to push services, and which of
// them we speak to. All three keys or none; without them push is off.

import { fromBase64Url } from '../lib/base64.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { readOptional, type SettingProblem, type Settings } from '../lib/settings.ts'

export type PushSettings = {
  /** RFC 8292: uncompressed P-256 point and private number, base64url; `mailto:` or `https:` of the operator. */
  readonly vapid: {
    readonly publicKey: string
    readonly privateKey: string
    readonly subject: string
  }
  /** Null: the known push services, by `isPushService`. */
  readonly origins: ReadonlySet<string> | null
}

const POINT_BYTES = 65
const NUMBER_BYTES = 32

/** Null when push is off. */
export function parsePushSettings(
  settings: Settings,
): Result<PushSettings | null, readonly SettingProblem[]> {
  const publicKey = readOptional(settings, 'VAPID_PUBLIC_KEY')
  const privateKey = readOptional(settings, 'VAPID_PRIVATE_KEY')
  const subject = readOptional(settings, 'VAPID_SUBJECT')
  if (!publicKey && !privateKey && !subject) return ok(null)
  const problems: SettingProblem[] = []
  const check = (setting: string, isFine: boolean, problem: string) => {
    if (!isFine) problems.push({ setting, problem })
  }
  check(
    'VAPID_PUBLIC_KEY',
    fromBase64Url(publicKey ?? '')?.length === POINT_BYTES,
    'must be a P-256 point, base64url of 65 bytes',
  )
  check(
    'VAPID_PRIVATE_KEY',
    fromBase64Url(privateKey ?? '')?.length === NUMBER_BYTES,
    'must be a P-256 private number, base64url of 32 bytes',
  )
  check(
    'VAPID_SUBJECT',
    /^(mailto:.+@.+|https:\/\/.+)$/.test(subject ?? ''),
    'must be a mailto: or https: address',
  )
  const listed = readOptional(settings, 'PUSH_ORIGINS')?.split(/\s+/) ?? null
  check(
    'PUSH_ORIGINS',
    listed?.every(isOrigin) ?? true,
    'must be origins like https://push.example.com',
  )
  if (problems.length > 0 || !publicKey || !privateKey || !subject) return err(problems)
  return ok({ vapid: { publicKey, privateKey, subject }, origins: listed && new Set(listed) })
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text
}

// Where browsers have their users' subscriptions: Chrome and those built on it, Firefox, Safari, Edge.
const HOSTS: readonly RegExp[] = [
  /^fcm\.googleapis\.com$/,
  /^updates\.push\.services\.mozilla\.com$/,
  /^[a-z0-9-]+\.push\.apple\.com$/,
  /^[a-z0-9-]+\.notify\.windows\.com$/,
]

/** Whether we would post to this endpoint: a subscription is whatever somebody's browser sent. */
export function isPushService({ origins }: PushSettings, endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname, port, origin, username, password } = new URL(endpoint)
  if (username !== '' || password !== '') return false
  if (origins) return origins.has(origin)
  return protocol === 'https:' && port === '' && HOSTS.some((host) => host.test(hostname))
}
