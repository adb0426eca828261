// Infobip in the registry: its settings, and the adapter made of them.

import { text, url } from '../../lib/setting-kinds.ts'
import { setting } from '../../lib/settings.ts'
import { defineProvider } from '../define-provider.ts'
import { infobip } from './infobip.ts'

export const infobipEntry = defineProvider({
  label: 'Infobip',
  inbound: { where: 'the number: forward to HTTP, with the key below', query: '?k=KEY' },
  settings: {
    baseUrl: setting('INFOBIP_BASE_URL', url, { help: 'your own `https://….api.infobip.com`' }),
    apiKey: setting('INFOBIP_API_KEY', text, { help: 'a key that may send SMS', isSecret: true }),
    from: setting('INFOBIP_FROM', text, { help: 'a number or sender name' }),
    receiptSecret: setting('INFOBIP_RECEIPT_SECRET', text, {
      help: 'one you make up: receipts are not signed, so their URLs carry keys derived from it',
      isSecret: true,
      make: 'openssl rand -hex 32',
    }),
  },
  make: infobip,
})
