// The provider `http` in the registry, and each further one under a name of its own: the template, and the secrets that
// are kept out of it. Asks only for those the template needs, so it reads one setting after the other.

import { err, ok } from '../../lib/result.ts'
import { optional, text, textBy, url } from '../../lib/setting-kinds.ts'
import {
  readSetting,
  type SettingKind,
  type SettingProblem,
  type Settings,
  setting,
} from '../../lib/settings.ts'
import type { ProviderEntry, ProviderPorts, SmsAdapter } from '../provider.ts'
import { placeholdersOf } from './body.ts'
import { httpProvider } from './http.ts'
import { signingKey } from './sign.ts'
import { type HttpTemplate, parseHttpTemplate, usedPlaceholders } from './template.ts'

/** The keys of callback URLs are made of it, and whoever has one URL could try out short secrets. */
const KEYING_SECRET_MIN_LENGTH = 16

const template: SettingKind<HttpTemplate> = {
  isRequired: true,
  read: (value) =>
    value === undefined || value === null || value === ''
      ? err('is missing')
      : parseHttpTemplate(value),
}

/** Empty where the template has no place for it. */
const secret: SettingKind<string, HttpTemplate> = {
  isRequired: false,
  read: (value, { request }) => {
    if (!usedPlaceholders(request).has('secret')) return ok('')
    const { sign } = request
    const isInHeader = Object.values(request.headers).flatMap(placeholdersOf).includes('secret')
    const kind = textBy((given) =>
      isInHeader && !/^[\x20-\x7e]*$/.test(given)
        ? err('must be printable ASCII: it stands in a header')
        : sign && signingKey(sign, given) === null
          ? err('must be base64: requests are signed with it')
          : ok(given),
    )
    return kind.read(value, undefined)
  },
}

/** Empty where nothing comes back. */
const receiptSecret: SettingKind<string, HttpTemplate> = {
  isRequired: false,
  read: (value, { receipts, inbound, signature }) => {
    if (!receipts && !inbound) return ok('')
    const kind = textBy((given) =>
      !signature && given.length < KEYING_SECRET_MIN_LENGTH
        ? err(`must have ${KEYING_SECRET_MIN_LENGTH} characters or more`)
        : ok(given),
    )
    return kind.read(value, undefined)
  },
}

function settingsUnder(prefix: string) {
  return {
    template: setting(`${prefix}_TEMPLATE`, template, {
      help: 'any JSON or form API, described by a [template](docs/http-provider.md) instead of code; `http:zenvia` has `HTTP_ZENVIA_TEMPLATE`, and so on',
    }),
    from: setting(`${prefix}_FROM`, text, { help: 'a number or sender name' }),
    secret: setting(`${prefix}_SECRET`, secret, {
      help: 'what `{secret}` in the template stands for',
      isSecret: true,
      when: 'where the template has it',
    }),
    receiptSecret: setting(`${prefix}_RECEIPT_SECRET`, receiptSecret, {
      help: 'what callbacks are signed with, or one you make up where the aggregator does not sign',
      isSecret: true,
      make: 'openssl rand -hex 32',
      when: 'where the template takes receipts or replies',
    }),
    baseUrl: setting(`${prefix}_BASE_URL`, optional(url), {
      help: "another origin in place of the template's",
    }),
  }
}

type HttpSettingTable = ReturnType<typeof settingsUnder>

function entryUnder(prefix: string, label: string): ProviderEntry {
  const table = settingsUnder(prefix)
  return {
    label,
    inbound: {
      where:
        "its inbound webhook, as the template's [`inbound`](http-provider.md) reads it; for `http:zenvia`, `…/v1/inbound/http-zenvia`",
    },
    settings: table,
    configure: (settings, problems, ports) => configure(table, settings, problems, ports),
  }
}

export const httpEntry = entryUnder('HTTP', "the exchange's own gateway")

/** @param name as `httpNameIn` gives it. */
export function namedHttpEntry(name: string): ProviderEntry {
  return entryUnder(`HTTP_${name.toUpperCase()}`, name)
}

function configure(
  table: HttpSettingTable,
  settings: Settings,
  problems: SettingProblem[],
  ports: ProviderPorts,
): SmsAdapter | null {
  const from = readSetting(table.from, settings, problems, undefined)
  const baseUrl = readSetting(table.baseUrl, settings, problems, undefined) ?? undefined
  const template = readSetting(table.template, settings, problems, undefined)
  if (template === null) return null
  const secret = readSetting(table.secret, settings, problems, template)
  const receiptSecret = readSetting(table.receiptSecret, settings, problems, template)
  if (from === null || secret === null || receiptSecret === null) return null
  return httpProvider({ template, from, secret, receiptSecret, baseUrl, ports })
}
