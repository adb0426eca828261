// Which providers may carry a message to a destination, in which order. Pure; health is the breaker's
// business, not the route's.

import * as v from 'valibot'
import type { Phone } from '../account/phone.ts'
import type { Sender } from '../country/sender.ts'
import { chooseSender, type SmsSenders } from '../country/senders.ts'
import { isBarred, type Standing } from '../country/standing.ts'
import { parseJsonSetting } from '../lib/json.ts'
import { findByLongestPrefix } from '../lib/longest-prefix.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { ProviderName, SmsProvider } from '../sms/registry.ts'

/** One provider that may carry a message, and whom the message then comes from. */
export type RouteStep = {
  readonly provider: SmsProvider
  readonly sender: Sender
  /** How the sender stands with the carriers of the destination. */
  readonly standing: Standing
}

/** Dial-code prefix (`+1`, `+6681`) → provider names in order. */
export type SmsRoutes = ReadonlyMap<string, readonly ProviderName[]>

const RoutesSchema = v.record(
  v.pipe(v.string(), v.regex(/^\+[1-9]\d{0,14}$/)),
  v.pipe(v.array(v.string()), v.minLength(1)),
)

/** Parses SMS_ROUTES; only providers of SMS_PROVIDERS may be named. Absent means no special route. */
export function parseRoutes(
  setting: unknown,
  configured: readonly ProviderName[],
): Result<SmsRoutes, string> {
  if (setting === undefined || setting === '') return ok(new Map())
  const parsed = v.safeParse(RoutesSchema, parseJsonSetting(setting))
  if (!parsed.success) return err('must be JSON like {"+1":["twilio","infobip"]}')

  const routes = new Map<string, readonly ProviderName[]>()
  for (const [prefix, texts] of Object.entries(parsed.output)) {
    const names = texts.map((text) => configured.find((name) => name === text))
    const known = names.filter((name) => name !== undefined)
    if (known.length < names.length) return err('names a provider that is not in SMS_PROVIDERS')
    routes.set(prefix, [...new Set(known)])
  }
  return ok(routes)
}

/** In this order behind all others. */
const LATE: readonly Standing[] = ['registration', 'refused', 'branded', 'blocked']

export type RouteSettings = {
  readonly providers: readonly SmsProvider[]
  readonly routes: SmsRoutes
  readonly senders: SmsSenders
}

/**
 * The route of the longest prefix that fits `to`, without one the order of SMS_PROVIDERS; who sends from
 * an unregistered sender comes after those, and who is said to be refused there comes last. Not left out:
 * what is published of a country may be old, and a warning in vain costs less than none. Left out is what a dated
 * rule blocks or brands as a fraud at `now`.
 */
export function chooseRoute(settings: RouteSettings, to: Phone, now: number): readonly RouteStep[] {
  return rateRoute(settings, to, now).filter(({ standing }) => !isBarred(standing))
}

/** The same with those that may not be used, last. */
function rateRoute(
  { providers, routes, senders }: RouteSettings,
  to: Phone,
  now: number,
): readonly RouteStep[] {
  const steps = chooseProviders(providers, routes, to.e164).map((provider) => ({
    provider,
    ...chooseSender(senders, provider, to, now),
  }))
  const rank = ({ standing }: RouteStep) => LATE.indexOf(standing)
  return steps.sort((left, right) => rank(left) - rank(right))
}

/** What is known, before any login, of whether alerts will reach a number. */
export type Service = 'served' | 'unregistered' | 'not_served' | 'sender_branded' | 'sender_blocked'

export type ServiceVerdict = {
  readonly service: Service
  /** Whom the first text would come from; null where none may be sent. */
  readonly sender: Sender | null
}

export function serviceFor(settings: RouteSettings, to: Phone, now: number): ServiceVerdict {
  const best = rateRoute(settings, to, now)[0]
  if (!best) return { service: 'not_served', sender: null }
  const { standing, sender } = best
  if (isBarred(standing)) return { service: BARRED[standing], sender: null }
  if (standing === 'refused') return { service: 'not_served', sender }
  return { service: standing === 'registration' ? 'unregistered' : 'served', sender }
}

const BARRED = { branded: 'sender_branded', blocked: 'sender_blocked' } as const

/** Whether texts arrive, as far as is known. */
export function isServed(service: Service): boolean {
  return service === 'served' || service === 'unregistered'
}

/** Whether none is sent at all. */
export function isUnserved(service: Service): service is 'sender_branded' | 'sender_blocked' {
  return service === 'sender_branded' || service === 'sender_blocked'
}

function chooseProviders(
  providers: readonly SmsProvider[],
  routes: SmsRoutes,
  to: string,
): readonly SmsProvider[] {
  const names = findByLongestPrefix(to, (prefix) => routes.get(prefix))
  if (!names) return providers
  return names.flatMap((name) => providers.filter((provider) => provider.name === name))
}
