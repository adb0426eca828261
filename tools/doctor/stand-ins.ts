// Secrets in place of those that only Cloudflare knows, so that the settings can be read as a whole: of the right form, and
// never used. What is no secret of a known form gets a word.

import { PROVIDER_NAMES, PROVIDERS } from '../../src/sms/registry.ts'

const BYTES = 'c3RhbmQtaW4gc3RhbmQtaW4gc3RhbmQtaW4gc3RhbmQ='

const FORMS: Readonly<Record<string, string>> = {
  WEBHOOK_SECRETS: `whsec_${BYTES}`,
  CALLBACK_SECRETS: `whsec_${BYTES}`,
  API_KEYS: 'stand-in-stand-in',
  LINK_SECRETS: BYTES,
  DATA_SECRETS: BYTES,
}

/** @param names of settings that are set where their values are not shown */
export function standIns(names: readonly string[]): Readonly<Record<string, string>> {
  const ofProviders = new Set(
    PROVIDER_NAMES.flatMap((name) =>
      Object.values(PROVIDERS[name].settings)
        .filter(({ isSecret }) => isSecret)
        .map((setting) => setting.name),
    ),
  )
  return Object.fromEntries(
    names.flatMap((name) => {
      const form = FORMS[name] ?? (ofProviders.has(name) || /^HTTP_/.test(name) ? 'stand-in' : null)
      return form === null ? [] : [[name, form]]
    }),
  )
}
