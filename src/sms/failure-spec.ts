// The words for what went wrong with a provider, as the API's description shows them.

import type { FailureClass } from './outcome-classes.ts'

export const failureWords: Readonly<Record<FailureClass, string>> = {
  recipient_permanent:
    'this provider says that there is no such mobile number; others are asked for their opinion',
  recipient_temporary: 'the phone could not be reached for now',
  opted_out: 'the provider holds a STOP from the owner; no other provider is tried',
  message_rejected: 'this provider refused the text',
  provider_config: 'our account, sender, registration or route with the provider is at fault',
  provider_transient: 'the provider was down, slow or busy',
  ambiguous: 'no answer we could read: the message may or may not have gone out',
  expired: 'the provider gave up after its validity period',
  unclear: 'refused, and it is not known for certain why',
}
