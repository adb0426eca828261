// Twilio in the registry: its settings, and the adapter made of them.

import { text, textOr, url } from '../../lib/setting-kinds.ts'
import { setting } from '../../lib/settings.ts'
import { defineProvider } from '../define-provider.ts'
import { TWILIO_BASE_URL, twilio } from './twilio.ts'

export const twilioEntry = defineProvider({
  label: 'Twilio',
  inbound: { where: 'the number or Messaging Service: *A message comes in*, POST' },
  settings: {
    accountSid: setting('TWILIO_ACCOUNT_SID', text, { help: '`AC…`' }),
    authToken: setting('TWILIO_AUTH_TOKEN', text, {
      help: 'the primary auth token: receipts are signed with it',
      isSecret: true,
    }),
    from: setting('TWILIO_FROM', text, { help: 'a number, sender name or `MG…` service' }),
    baseUrl: setting('TWILIO_BASE_URL', textOr(url, TWILIO_BASE_URL), {
      help: "another origin in place of Twilio's",
    }),
  },
  make: twilio,
})
