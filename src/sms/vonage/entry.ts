// Vonage in the registry: its settings, and the adapter made of them.

import { text, textOr, url } from '../../lib/setting-kinds.ts'
import { setting } from '../../lib/settings.ts'
import { defineProvider } from '../define-provider.ts'
import { VONAGE_BASE_URL, vonage } from './vonage.ts'

export const vonageEntry = defineProvider({
  label: 'Vonage',
  inbound: { where: 'Messages application or account: inbound webhook, signed' },
  settings: {
    apiKey: setting('VONAGE_API_KEY', text, { help: 'Messages API, the key of the account' }),
    apiSecret: setting('VONAGE_API_SECRET', text, {
      help: "the key's secret",
      isSecret: true,
    }),
    signatureSecret: setting('VONAGE_SIGNATURE_SECRET', text, {
      help: "the account's signature secret: receipts are signed with it",
      isSecret: true,
    }),
    from: setting('VONAGE_FROM', text, { help: 'a number or sender name' }),
    baseUrl: setting('VONAGE_BASE_URL', textOr(url, VONAGE_BASE_URL), {
      help: "another origin in place of Vonage's",
    }),
  },
  make: vonage,
})
