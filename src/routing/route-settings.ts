// What the operator wants of the order of providers: routes by dial prefix, weights and pins by country.
// Parsing only; all are optional, and without them the order of SMS_PROVIDERS is all there is.

import * as v from 'valibot'
import { parseJsonSetting } from '../lib/json.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { readBy } from '../lib/setting-kinds.ts'
import { setting } from '../lib/settings.ts'
import type { ProviderName } from '../sms/registry.ts'
import { parseRoutes } from './route.ts'

/** ISO 3166-1 alpha-2 country or `*` → points of 100 per provider; who is not named has none. */
export type RestingWeights = ReadonlyMap<string, ReadonlyMap<ProviderName, number>>

/** Country or `*` → the provider that always comes first there. */
export type RoutePins = ReadonlyMap<string, ProviderName>

const Scope = v.pipe(v.string(), v.regex(/^(?:\*|[A-Z]{2})$/))
const Points = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))
const WeightsSchema = v.record(Scope, v.record(v.string(), Points))
const PinsSchema = v.record(Scope, v.string())

const UNKNOWN_PROVIDER = 'names a provider that is not in SMS_PROVIDERS'

export function parseWeights(
  setting: unknown,
  configured: readonly ProviderName[],
): Result<RestingWeights, string> {
  if (setting === undefined || setting === '') return ok(new Map())
  const parsed = v.safeParse(WeightsSchema, parseJsonSetting(setting))
  if (!parsed.success) return err('must be JSON like {"*":{"twilio":60,"infobip":40}}')

  const weights = new Map<string, ReadonlyMap<ProviderName, number>>()
  for (const [scope, points] of Object.entries(parsed.output)) {
    const ofScope = new Map<ProviderName, number>()
    for (const [text, point] of Object.entries(points)) {
      const name = configured.find((provider) => provider === text)
      if (!name) return err(UNKNOWN_PROVIDER)
      ofScope.set(name, point)
    }
    const total = [...ofScope.values()].reduce((sum, point) => sum + point, 0)
    if (total !== 100) return err('must give each country 100 points in all')
    weights.set(scope, ofScope)
  }
  return ok(weights)
}

export function parsePins(
  setting: unknown,
  configured: readonly ProviderName[],
): Result<RoutePins, string> {
  if (setting === undefined || setting === '') return ok(new Map())
  const parsed = v.safeParse(PinsSchema, parseJsonSetting(setting))
  if (!parsed.success) return err('must be JSON like {"TH":"infobip"}')

  const pins = new Map<string, ProviderName>()
  for (const [scope, text] of Object.entries(parsed.output)) {
    const name = configured.find((provider) => provider === text)
    if (!name) return err(UNKNOWN_PROVIDER)
    pins.set(scope, name)
  }
  return ok(pins)
}

/** What is set for `country`, else what is set for all. */
export function settingFor<T>(settings: ReadonlyMap<string, T>, country: string): T | undefined {
  return settings.get(country) ?? settings.get('*')
}

const EXAMPLE_ROUTES = '`{"+1":["twilio"],"+66":["infobip","vonage"]}`'
const EXAMPLE_WEIGHTS = '`{"*":{"twilio":60,"infobip":40},"TH":{"infobip":100}}`'
const LEARNING = '[Learning](docs/delivery.md#routing-that-learns)'

/** Read against the names in SMS_PROVIDERS. */
export const ROUTE_SETTINGS = {
  routes: setting('SMS_ROUTES', readBy(parseRoutes), {
    help: `JSON, dial prefix → providers: ${EXAMPLE_ROUTES}; the longest prefix wins`,
  }),
  weights: setting('SMS_WEIGHTS', readBy(parseWeights), {
    help: `JSON, country or \`*\` → how 100 points of traffic are shared out at rest: ${EXAMPLE_WEIGHTS}; without it, all to the first of the route. ${LEARNING} takes from these points and gives them back`,
  }),
  pins: setting('SMS_PINS', readBy(parsePins), {
    help: 'JSON, country or `*` → the provider that always comes first there, whatever is learnt: `{"TH":"infobip"}`; while it is distrusted it is asked last all the same',
  }),
}
