// Sinch in the registry: its settings, and the adapter made of them.

import { text, textOr, url } from '../../lib/setting-kinds.ts'
import { setting } from '../../lib/settings.ts'
import { defineProvider } from '../define-provider.ts'
import { SINCH_BASE_URL, sinch } from './sinch.ts'

export const sinchEntry = defineProvider({
  label: 'Sinch',
  inbound: { where: 'service plan: callback URL, with the HMAC switched on' },
  settings: {
    servicePlanId: setting('SINCH_SERVICE_PLAN_ID', text, { help: 'of the SMS API (XMS)' }),
    apiToken: setting('SINCH_API_TOKEN', text, { help: 'of the service plan', isSecret: true }),
    callbackSecret: setting('SINCH_CALLBACK_SECRET', text, {
      help: 'must be switched on for the service plan: receipts are signed with it',
      isSecret: true,
    }),
    from: setting('SINCH_FROM', text, { help: 'a number or sender name' }),
    baseUrl: setting('SINCH_BASE_URL', textOr(url, SINCH_BASE_URL), {
      help: "another origin in place of Sinch's, such as another region",
    }),
  },
  make: (values, { now }) => sinch({ ...values, now }),
})
