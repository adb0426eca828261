// The words for what went wrong with a provider, as the API's description shows them.

import type { FailureClass } from './provider.ts'

export const failureWords: Readonly<Record<FailureClass, string>> = {
  recipient_permanent: 'no provider can reach the number; no other one was tried',
  recipient_temporary: 'the phone could not be reached for now',
  opted_out: 'the owner stopped messages; nothing dodges that',
  message_rejected: 'this provider refused the text',
  provider_config: 'our account with the provider is at fault',
  provider_transient: 'the provider was down, slow or busy',
  ambiguous: 'no answer we could read: the message may or may not have gone out',
  expired: 'the provider gave up after its validity period',
}
