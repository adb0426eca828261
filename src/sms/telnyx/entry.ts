// Telnyx in the registry: its settings, and the adapter made of them.

import { optional, text, textLike, textOr, url } from '../../lib/setting-kinds.ts'
import { setting } from '../../lib/settings.ts'
import { defineProvider } from '../define-provider.ts'
import { parseTelnyxPublicKey } from './signature.ts'
import { TELNYX_BASE_URL, telnyx } from './telnyx.ts'

const publicKey = textLike(
  (key) => parseTelnyxPublicKey(key) !== null,
  'must be the base64 public key of 32 bytes',
)

export const telnyxEntry = defineProvider({
  label: 'Telnyx',
  inbound: { where: 'messaging profile: inbound webhook' },
  settings: {
    apiKey: setting('TELNYX_API_KEY', text, { help: 'a key of API v2', isSecret: true }),
    publicKey: setting('TELNYX_PUBLIC_KEY', publicKey, {
      help: "the account's public key, base64: receipts are signed for it",
    }),
    from: setting('TELNYX_FROM', text, { help: 'a number or sender name' }),
    messagingProfileId: setting('TELNYX_MESSAGING_PROFILE_ID', optional(text), {
      help: 'the profile a sender name belongs to',
      when: 'with a sender name',
    }),
    baseUrl: setting('TELNYX_BASE_URL', textOr(url, TELNYX_BASE_URL), {
      help: "another origin in place of Telnyx's",
    }),
  },
  make: telnyx,
})
