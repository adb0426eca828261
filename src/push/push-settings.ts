// VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_SUBJECT and PUSH_ORIGINS: who we are to push services, and which of
// them we speak to. All three keys or none; without them push is off.

import { fromBase64Url } from '../lib/base64.ts'
import { listOf, optional, textLike } from '../lib/setting-kinds.ts'
import {
  isSet,
  readSettings,
  type SettingProblem,
  type Settings,
  setting,
} from '../lib/settings.ts'

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

const publicKey = textLike(
  (key) => fromBase64Url(key)?.length === POINT_BYTES,
  'must be a P-256 point, base64url of 65 bytes',
)
const privateKey = textLike(
  (key) => fromBase64Url(key)?.length === NUMBER_BYTES,
  'must be a P-256 private number, base64url of 32 bytes',
)
const subject = textLike(
  (address) => /^(mailto:.+@.+|https:\/\/.+)$/.test(address),
  'must be a mailto: or https: address',
)
const origins = listOf(
  (text) => URL.canParse(text) && new URL(text).origin === text,
  'must be origins like https://push.example.com',
)

const GENERATE = 'npx web-push generate-vapid-keys'
const when = 'for push: all three'

/** Required of whoever has set one of the first three. */
export const PUSH_SETTINGS = {
  publicKey: setting('VAPID_PUBLIC_KEY', publicKey, {
    help: 'uncompressed P-256 point, base64url',
    make: GENERATE,
    when,
  }),
  privateKey: setting('VAPID_PRIVATE_KEY', privateKey, {
    help: 'its private number, base64url',
    isSecret: true,
    make: GENERATE,
    when,
  }),
  subject: setting('VAPID_SUBJECT', subject, {
    help: '`mailto:` or `https:` address of the operator',
    when,
  }),
  origins: setting('PUSH_ORIGINS', optional(origins), {
    help: 'list of origins of push services, in place of the known ones',
  }),
}

/** Null when push is off, and after a problem was recorded. */
export function readPushSettings(
  settings: Settings,
  problems: SettingProblem[],
): PushSettings | null {
  const { publicKey, privateKey, subject } = PUSH_SETTINGS
  if (![publicKey, privateKey, subject].some(({ name }) => isSet(settings, name))) return null
  const values = readSettings(PUSH_SETTINGS, settings, problems, undefined)
  if (values === null) return null
  const { origins: listed, ...vapid } = values
  return { vapid, origins: listed ? new Set(listed) : null }
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
