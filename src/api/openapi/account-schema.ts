// What the API says of an account. A test holds the shape against the functions of api/views.ts, property by
// property.

import type { Account } from '../../account/accounts.ts'
import type { SenderKind } from '../../country/sender.ts'
import type { Service } from '../../routing/route.ts'
import { flag, instant, objectOf, oneWordOf, text, textOrNull } from './schema-parts.ts'

const phoneStateWords: Readonly<Record<Account['phoneState'], string>> = {
  ok: 'nothing speaks against it',
  invalid: 'a provider says it cannot be reached',
  opted_out: 'the owner stopped messages at the carrier',
}

const alertPolicyWords: Readonly<Record<Account['alerts'], string>> = {
  all: 'every login',
  unusual: 'those that look unusual; at present that is every login',
  off: 'none',
}

const serviceWords: Readonly<Record<Service, string>> = {
  served: 'as far as is known, texts arrive',
  unregistered: 'senders have to be registered there first, and ours is not set in SMS_SENDERS',
  not_served:
    'no configured sender is accepted there, as far as is published; it is tried all the same, but warn the owner by other means too',
}

const senderWords: Readonly<Record<SenderKind, string>> = {
  number: 'a phone number',
  short_code: 'a short code',
  name: 'a name; nobody can answer it',
  pool: 'one of a pool of the provider',
}

export const accountSchema = objectOf({
  account_id: text('As in the path.'),
  phone: {
    description: 'Null when none is stored.',
    anyOf: [
      objectOf({
        masked: text('The last four digits.'),
        country: text('Two letters.'),
        state: oneWordOf('Whether it can be alerted.', phoneStateWords),
        state_code: textOrNull("The provider's code behind `state`."),
        sms: objectOf({
          service: oneWordOf('Whether our senders may send there.', serviceWords),
          sender: {
            description: 'What the first sender tried is; null when there is none.',
            anyOf: [oneWordOf('Kind of sender.', senderWords), { type: 'null' }],
          },
          link: flag('False where links are banned: the text then has a code only.'),
        }),
      }),
      { type: 'null' },
    ],
  },
  locale: textOrNull('Language of the texts; without one, that of the login event.'),
  alerts: oneWordOf<Account['alerts']>('Which logins are told.', alertPolicyWords),
  has_phrase: flag('A phrase is stored; it is never shown.'),
  has_totp_secret: flag('A TOTP secret is stored; it is never shown.'),
  created_at: instant('First import, or first lock.'),
  updated_at: instant('Last change.'),
  held: flag('Withdrawals are held now.'),
})
