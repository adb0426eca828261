// /v1/accounts/{id} and its history, declared.

import * as v from 'valibot'
import type { Account } from '../account/accounts.ts'
import type { SenderKind } from '../country/sender.ts'
import { flag, instant, named, oneWordOf, orNull, text, textOrNull } from '../lib/answer-spec.ts'
import { jsonAnswer, jsonBody } from '../lib/body-spec.ts'
import { ACCOUNT_ID } from '../lib/example-spec.ts'
import { AccountIdSchema } from '../lib/fields.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import type { Service } from '../routing/route.ts'
import { LOGIN, LoginPageSchema } from './login-spec.ts'
import { accountIdParameter, bodyProblems, cursorParameter } from './parameter-spec.ts'
import { AccountChangeSchema, LOGINS_PAGE_DEFAULT, PageSizeSchema } from './requests.ts'

const phoneStateWords: Readonly<Record<Account['phoneState'], string>> = {
  ok: 'nothing speaks against it',
  invalid:
    'two providers say that it does not exist, or one that looked it up; tried again after a day',
  opted_out:
    'the owner replied STOP, which START or `opted_in` undoes; or a provider holds a STOP, and is asked again after a day',
}

const alertPolicyWords: Readonly<Record<Account['alerts'], string>> = {
  all: 'every login',
  unusual: 'only those whose device, country or network was not known',
  off: 'none',
}

const serviceWords: Readonly<Record<Service, string>> = {
  served: 'as far as we know, texts arrive',
  unregistered: 'senders must be registered there first, and ours is not set in SMS_SENDERS',
  not_served:
    'no configured sender is accepted there, according to what is published; we try all the same, but warn the owner by other means too',
  sender_branded:
    'a rule of the country marks our senders as a likely fraud; nothing is sent, and `alert.unserved` says so',
  sender_blocked:
    'a rule of the country blocks our senders; nothing is sent, and `alert.unserved` says so',
}

const senderWords: Readonly<Record<SenderKind, string>> = {
  number: 'a phone number',
  short_code: 'a short code',
  name: 'a name; nobody can answer it',
  pool: 'one of a pool of the provider',
}

/** Whether texts arrive, as far as is known. */
export const SmsServiceSchema = v.object({
  served: flag(
    'False where alerts do not arrive, as far as is known: warn the owner by other means.',
  ),
  service: oneWordOf('Whether our senders may send there.', serviceWords),
  sender: orNull(
    'What the first sender tried is; null when none may be.',
    oneWordOf('Kind of sender.', senderWords),
  ),
  link: flag('False where the country or `PROFILE` bans links: the text then has only a code.'),
})

const AccountSchema = named(
  'Account',
  v.object({
    account_id: text('As in the path.'),
    phone: orNull(
      'Null when none is stored.',
      v.object({
        masked: text('The last four digits.'),
        country: text('Two letters.'),
        state: oneWordOf('Whether it can be alerted.', phoneStateWords),
        state_code: textOrNull("The provider's code behind `state`."),
        sms: SmsServiceSchema,
      }),
    ),
    locale: textOrNull(
      'Language of the texts; without one, that of the logins before from known devices and places, else that of the number’s country.',
    ),
    alerts: oneWordOf(
      'Which logins get an alert: as was chosen, or more where `PROFILE` asks for it.',
      alertPolicyWords,
    ),
    has_phrase: flag('An anti-phishing code (`phrase`) is stored; it is never shown.'),
    has_totp_secret: flag('A TOTP secret is stored; it is never shown.'),
    created_at: instant('First import, or first lock.'),
    updated_at: instant('Last change.'),
    held: flag('Withdrawals are on hold now.'),
  }),
)
export type AccountAnswer = v.InferOutput<typeof AccountSchema>

const ACCOUNT: AccountAnswer = {
  account_id: ACCOUNT_ID,
  phone: {
    masked: '•••• 0123',
    country: 'US',
    state: 'ok',
    state_code: null,
    sms: { served: true, service: 'served', sender: 'number', link: true },
  },
  locale: 'zh-TW',
  alerts: 'all',
  has_phrase: false,
  has_totp_secret: false,
  created_at: '2026-11-01T09:00:00.000Z',
  updated_at: '2026-11-01T09:00:00.000Z',
  held: false,
}

const TAG = 'Accounts'

export const accountSpecs: RouteSpecs = {
  [paths.account]: {
    put: {
      operationId: 'putAccount',
      tag: TAG,
      summary: 'Import or change an account',
      description:
        'Every field is optional: what is absent stays as it is, what is null is cleared. Creates the account if necessary. A new number starts with a clean slate; the same one stays as it is, a STOP included, unless `opted_in` says otherwise. The previous number is told of the change, and of every alert for 72 hours, unless `former_phone_told` is set; the owner is told of what else weakens the protection, unless `owner_told` is.',
      access: 'api_key',
      parameters: [accountIdParameter],
      request: {
        required: false,
        description: 'At most 16 KiB.',
        body: jsonBody(AccountChangeSchema, {
          import: {
            summary: 'Import',
            value: { phone: '+1 202 555 0123', locale: 'zh-TW', alerts: 'all' },
          },
          forget_phone: { summary: 'Forget the number', value: { phone: null } },
        }),
      },
      answers: {
        200: jsonAnswer('The account as it is now.', AccountSchema, {
          import: { summary: 'Imported', value: ACCOUNT },
          forget_phone: { summary: 'The number is forgotten', value: { ...ACCOUNT, phone: null } },
        }),
      },
      problems: [...bodyProblems, 'account_held'],
    },
    get: {
      operationId: 'getAccount',
      tag: TAG,
      summary: 'Read an account',
      description:
        'The phone number is masked; anti-phishing code and TOTP secret are never shown.',
      access: 'api_key',
      parameters: [accountIdParameter],
      answers: { 200: jsonAnswer('The account.', AccountSchema, { account: { value: ACCOUNT } }) },
      problems: ['not_found', 'invalid_request'],
    },
    delete: {
      operationId: 'deleteAccount',
      tag: TAG,
      summary: 'Erase an account for good',
      description:
        'Erases account, logins, alerts and locks. Not while withdrawals are held, for whatever reason: 409 `account_held`. Only `account.locked` events that you have not confirmed yet are still sent. Erasing an account that does not exist is not an error.',
      access: 'api_key',
      parameters: [
        accountIdParameter,
        {
          name: 'account_id',
          in: 'query',
          required: false,
          description:
            'The id again; required where it is also the name of something below an account (`hold`, `lock`, `logins`, `sessions`, `portal-links`), so that no other call that lost a part of its path erases an account.',
          schema: AccountIdSchema,
        },
      ],
      answers: { 204: { description: 'Erased.' } },
      problems: ['invalid_request', 'account_held'],
    },
  },
  [paths.accountLogins]: {
    get: {
      operationId: 'listLogins',
      tag: TAG,
      summary: 'Read the history of logins',
      description:
        'Newest first, each with its alert and every call to an SMS provider; between the logins the activities, which `activity` tells apart. Those beyond what is told of one kind are only counted, and not listed. An unknown account has an empty history.',
      access: 'api_key',
      parameters: [
        accountIdParameter,
        cursorParameter,
        {
          name: 'limit',
          in: 'query',
          required: false,
          description: 'Logins per page.',
          schema: v.optional(PageSizeSchema, LOGINS_PAGE_DEFAULT),
        },
      ],
      answers: {
        200: jsonAnswer('One page.', LoginPageSchema, {
          page: { value: { logins: [LOGIN], next_cursor: '41' } },
        }),
      },
      problems: ['invalid_request'],
    },
  },
}
