// Every provider there is, one entry each. A provider is added here and in a folder of its own; types and
// tests then name what is still missing: contract test, simulated carrier, README's rows. Of `http` there can be several
// at once, each under a name of the operator's.

import * as v from 'valibot'
import { list } from '../lib/setting-kinds.ts'
import { readSetting, type SettingProblem, type Settings, setting } from '../lib/settings.ts'
import { isKeyOf, keysOf, mapValues } from '../lib/table.ts'
import { awsEntry } from './aws/entry.ts'
import { httpEntry, namedHttpEntry } from './http/entry.ts'
import { HTTP_NAME_RULE, type HttpName, httpNameIn } from './http/name.ts'
import { infobipEntry } from './infobip/entry.ts'
import type { ProviderEntry, ProviderPorts, SmsAdapter } from './provider.ts'
import { sandboxEntry } from './sandbox/entry.ts'
import { sinchEntry } from './sinch/entry.ts'
import { telnyxEntry } from './telnyx/entry.ts'
import { twilioEntry } from './twilio/entry.ts'
import { vonageEntry } from './vonage/entry.ts'

/** By the name that SMS_PROVIDERS and rows have it under; its folder here is called the same. */
export const PROVIDERS = {
  twilio: twilioEntry,
  infobip: infobipEntry,
  vonage: vonageEntry,
  sinch: sinchEntry,
  telnyx: telnyxEntry,
  aws: awsEntry,
  http: httpEntry,
  sandbox: sandboxEntry,
} satisfies Readonly<Record<string, ProviderEntry>>

/** One that has its folder here. */
export type BuiltInName = keyof typeof PROVIDERS

export type ProviderName = BuiltInName | HttpName

export const PROVIDER_NAMES = keysOf(PROVIDERS)

/** Total: rows, queue messages and settings may hold what this deployment does not know. */
export function isProviderName(value: unknown): value is ProviderName {
  return typeof value === 'string' && (isKeyOf(PROVIDERS, value) || httpNameIn(value) !== null)
}

export const ProviderNameSchema = v.custom<ProviderName>(isProviderName)

function entryOf(name: string): ProviderEntry | null {
  if (isKeyOf(PROVIDERS, name)) return PROVIDERS[name]
  const own = httpNameIn(name)
  return own === null ? null : namedHttpEntry(own)
}

export const PROVIDER_LABELS = mapValues(PROVIDERS, ({ label }) => label)

export const SMS_SETTINGS = {
  providers: setting('SMS_PROVIDERS', list, {
    help: `list, in order of preference, of any of \`${PROVIDER_NAMES.join(' ')}\`, and \`http:<name>\` for each further [template](docs/http-provider.md#several-of-them)`,
  }),
}

/** An adapter under the name it was configured by. */
export type SmsProvider = SmsAdapter & { readonly name: ProviderName }

export type ConfiguredProviders = {
  /** As named, each once, whether it could be configured or not: routes may name them. */
  readonly names: readonly ProviderName[]
  readonly providers: readonly SmsProvider[]
}

/** In order of preference. Settings of providers that are not named are ignored. */
export function configureProviders(
  settings: Settings,
  problems: SettingProblem[],
  ports: ProviderPorts,
): ConfiguredProviders {
  const setting = SMS_SETTINGS.providers
  const wanted = new Set(readSetting(setting, settings, problems, undefined))
  const names = [...wanted].filter(isProviderName)
  if (names.length < wanted.size) {
    const problem = `must hold only: ${PROVIDER_NAMES.join(', ')}, http:<name> (${HTTP_NAME_RULE})`
    problems.push({ setting: setting.name, problem })
  }
  const providers = names.flatMap((name) => {
    const adapter = entryOf(name)?.configure(settings, problems, ports)
    return adapter ? [{ ...adapter, name }] : []
  })
  return { names, providers }
}
