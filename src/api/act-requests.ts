// What an operator may have done by hand, as it is sent: one shape for each act, told apart by `act`.

import * as v from 'valibot'
import { AccountIdSchema, instantField } from '../lib/fields.ts'
import { SHARD_NAME } from '../lib/shard-map.ts'

const named = <const Name extends string>(name: Name, does: string) =>
  v.pipe(v.literal(name), v.description(does))

const ReasonSchema = v.pipe(
  v.string('must be a string'),
  v.trim(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(200, 'must have at most 200 characters'),
  v.description('Why, for the record.'),
)

const ProviderSchema = v.pipe(
  v.string('must be a string'),
  v.maxLength(64, 'is too long'),
  v.description('One of `SMS_PROVIDERS`.'),
)

const CountrySchema = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Z]{2}$/, 'must be two capitals of ISO 3166-1'),
  v.description('Two letters of ISO 3166-1.'),
)

const WithCountrySchema = v.optional(
  v.pipe(CountrySchema, v.description('Only for numbers of this country; without it, everywhere.')),
)

const IdSchema = (meaning: string) =>
  v.pipe(
    v.string('must be a string'),
    v.regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be an id'),
    v.description(meaning),
  )

const FromSchema = v.optional(
  v.pipe(
    v.string('must be a string'),
    v.maxLength(200, 'is too long'),
    v.description('`next` of the answer before, to go on there.'),
  ),
)

const OrderProviderSchema = v.pipe(
  v.strictObject({
    act: named(
      'order_provider',
      'Ask a provider before or after all others, for an hour. Known everywhere within two seconds.',
    ),
    provider: ProviderSchema,
    country: WithCountrySchema,
    place: v.pipe(
      v.picklist(['first', 'last', 'usual'], 'must be first, last or usual'),
      v.description(
        'For an hour from now: asked before the others (distrusted, it is asked after those that are not), or after all others. `usual` ends it.',
      ),
    ),
    reason: ReasonSchema,
  }),
  v.title('ActOrderProvider'),
)

const TrustProviderSchema = v.pipe(
  v.strictObject({
    act: named(
      'trust_provider',
      'End all that is held against a provider, now. Known everywhere within two seconds.',
    ),
    provider: ProviderSchema,
    country: WithCountrySchema,
    reason: ReasonSchema,
  }),
  v.title('ActTrustProvider'),
)

const RedriveCallbackSchema = v.pipe(
  v.strictObject({
    act: named('redrive_callback', 'Bring a callback again that is not confirmed.'),
    account_id: v.pipe(AccountIdSchema, v.description('Whose it is.')),
    callback_id: IdSchema('`webhook-id` of the callback.'),
    reason: ReasonSchema,
  }),
  v.title('ActRedriveCallback'),
)

const RedriveCallbacksSchema = v.pipe(
  v.strictObject({
    act: named('redrive_callbacks', 'The same for all of them, a part with each call.'),
    since: instantField('Those that came up since.'),
    from: FromSchema,
    reason: ReasonSchema,
  }),
  v.title('ActRedriveCallbacks'),
)

const RedriveDeadLettersSchema = v.pipe(
  v.strictObject({
    act: named(
      'redrive_dead_letters',
      'Put messages that used up their retries back into their queues, a part with each call.',
    ),
    message_ids: v.optional(
      v.pipe(
        v.array(IdSchema('Of one letter.'), 'must be a list'),
        v.minLength(1, 'must not be empty'),
        v.maxLength(50, 'must have at most 50'),
        v.description('These alone; without it the next 50 of all.'),
      ),
    ),
    from: FromSchema,
    reason: ReasonSchema,
  }),
  v.title('ActRedriveDeadLetters'),
)

const ResendAlertSchema = v.pipe(
  v.strictObject({
    act: named(
      'resend_alert',
      'Send the SMS of an alert again, with its number and link: three times at most, while the link has an hour left.',
    ),
    alert_id: IdSchema('Of the alert.'),
    reason: ReasonSchema,
  }),
  v.title('ActResendAlert'),
)

const UndoPhoneMarkSchema = v.pipe(
  v.strictObject({
    act: named(
      'undo_phone_mark',
      'Take back what providers said of a number; never a STOP of its owner’s.',
    ),
    account_id: v.pipe(AccountIdSchema, v.description('Whose number it is.')),
    reason: ReasonSchema,
  }),
  v.title('ActUndoPhoneMark'),
)

const StopCodesSchema = v.pipe(
  v.strictObject({
    act: named('stop_codes', 'Let no code SMS go to a country. Alerts go on.'),
    country: CountrySchema,
    lasts: v.pipe(
      v.picklist(['hour', 'day', 'until_allowed'], 'must be hour, day or until_allowed'),
      v.description('From now on: an hour, a day, or until `allow_codes`.'),
    ),
    reason: ReasonSchema,
  }),
  v.title('ActStopCodes'),
)

const AllowCodesSchema = v.pipe(
  v.strictObject({
    act: named('allow_codes', 'End that.'),
    country: CountrySchema,
    reason: ReasonSchema,
  }),
  v.title('ActAllowCodes'),
)

const MoveSlotSchema = v.pipe(
  v.strictObject({
    act: named(
      'move_slot',
      'Move a slot of accounts to another database, a part with each call: see docs/growing.md.',
    ),
    slot: v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(0, 'must be 0 or more'),
      v.maxValue(255, 'must be 255 or less'),
      v.description('Which.'),
    ),
    to: v.pipe(
      v.string('must be text'),
      v.regex(SHARD_NAME, 'must be DB, or DB_ and a number'),
      v.description('The binding of the database that is to have it.'),
    ),
    from: v.optional(
      v.pipe(
        v.picklist(
          ['copy', 'delete', 'clear'],
          'must be `next` of an answer: copy, delete or clear',
        ),
        v.description('`next` of the answer before.'),
      ),
    ),
    reason: ReasonSchema,
  }),
  v.title('ActMoveSlot'),
)

export const ActSchema = v.variant(
  'act',
  [
    OrderProviderSchema,
    TrustProviderSchema,
    RedriveCallbackSchema,
    RedriveCallbacksSchema,
    RedriveDeadLettersSchema,
    ResendAlertSchema,
    UndoPhoneMarkSchema,
    StopCodesSchema,
    AllowCodesSchema,
    MoveSlotSchema,
  ],
  'must be one of the acts',
)
export type ActRequest = v.InferOutput<typeof ActSchema>
