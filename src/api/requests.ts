// What the exchange may send to the REST API: schemas, and one way to read and refuse a body. A field that is not known
// is refused: a misspelt `phone` would be an account that nobody can warn.

import type { Context as HonoContext } from 'hono'
import * as v from 'valibot'
import { readTotpSecret } from '../account/totp-secret.ts'
import { cleanField } from '../alert/field.ts'
import { PHRASE_MAX_LENGTH } from '../alert/parts.ts'
import { AccountIdSchema, toFieldErrors } from '../lib/fields.ts'
import { problem } from '../lib/problem.ts'
import { refuseMediaType } from '../lib/refuse-body.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { LOCK_ACTION_NAMES } from '../lock/lock-actions.ts'
import type { ApiContext } from './api-context.ts'

const TOTP_SECRET_RULE = 'must be base32, 16 to 103 characters'

/** TOTP secrets travel in base32 (RFC 4648 §6): taken in every spelling that the apps take. */
const TotpSecretSchema = v.pipe(
  v.string('must be base32 text'),
  v.regex(/^[A-Za-z2-7 -]{16,200}[= ]{0,12}$/, TOTP_SECRET_RULE),
  v.check((text) => readTotpSecret(text) !== null, TOTP_SECRET_RULE),
  v.description(
    'Base32 secret of the authenticator app, 16 to 103 characters beside spaces, dashes and padding, in capitals or not. Stored sealed, never shown here. Null forgets it.',
  ),
  v.transform((text) => readTotpSecret(text) ?? ''),
)

const PhraseSchema = v.pipe(
  v.string('must be a string'),
  v.trim(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(PHRASE_MAX_LENGTH, `must have at most ${PHRASE_MAX_LENGTH} characters`),
  // Shown changed, or not at all, it would teach its owner to trust a wrong SMS.
  v.check(
    (phrase) => cleanField(phrase, PHRASE_MAX_LENGTH) === phrase,
    'must be plain letters, digits and spaces, as an SMS can show them',
  ),
  v.description(
    'Anti-phishing code the owner chose, in letters, digits and spaces that every phone shows; an alert, and any other SMS with a link, ends in it where there is room. Stored sealed, never shown here. Null forgets it.',
  ),
)

export const AccountChangeSchema = v.pipe(
  v.strictObject({
    phone: v.nullish(
      v.pipe(
        v.string('must be a string'),
        v.maxLength(40, 'is too long'),
        v.description(
          'International form, any spelling: `+12025550123`; also one its country has given up (`+52 1 …`), which is kept in its current form. Must be a valid mobile number. Null forgets it.',
        ),
      ),
    ),
    locale: v.nullish(
      v.pipe(
        v.string('must be a language tag'),
        v.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/, 'must be a language tag like zh-TW'),
        v.description('Language of the texts. Null: the one in each login event.'),
      ),
    ),
    alerts: v.nullish(
      v.pipe(
        v.picklist(['all', 'unusual', 'off'], 'must be all, unusual or off'),
        v.description(
          'Which logins get an alert: `all`, `unusual` (only those whose device, country or network was not known) or `off`. Null: `all`. Fewer than `PROFILE` lets an owner choose is refused.',
        ),
      ),
    ),
    opted_in: v.optional(
      v.pipe(
        v.literal(true, 'must be true'),
        v.description(
          'The owner has told you that texts may be sent again, although the number is marked. Undoes a STOP, as START by SMS does; carriers and providers may keep a STOP of their own.',
        ),
      ),
    ),
    phrase: v.nullish(PhraseSchema),
    totp_secret: v.nullish(TotpSecretSchema),
    former_phone_told: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.description(
          'True: you have told the number before this one yourself, or it is not its owner’s any more. Without it, a number that is changed or removed here is told by SMS, with a lock link, and gets a copy of every alert and notice for 72 hours.',
        ),
      ),
    ),
    owner_told: v.optional(
      v.pipe(
        v.boolean('must be true or false'),
        v.description(
          'True: you have told the owner of this change yourself. Without it, less alerts, another phrase or none, another language, and an authenticator app that is set, replaced or taken away are told by SMS, as on the owner’s pages; a first import and what changes nothing are not. Say it where you import many accounts anew.',
        ),
      ),
    ),
  }),
  v.title('AccountChange'),
)

/** One line of a bulk import: the account, and what a PUT of it takes. */
export const AccountImportSchema = v.pipe(
  v.strictObject({
    account_id: v.pipe(AccountIdSchema, v.description('Your id of the account, as in the events.')),
    ...AccountChangeSchema.entries,
  }),
  v.title('AccountImport'),
)

/** A file has no end that we know of; a request has. */
const LINE_NUMBER_MAX = 999_999_999

export const LineNumberSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(LINE_NUMBER_MAX),
)

const LineNumberTextSchema = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^[1-9][0-9]{0,8}$/, `must be a whole number from 1 to ${LINE_NUMBER_MAX}`),
    v.transform(Number),
  ),
  '1',
)

export const ImportQuerySchema = v.object({
  first_line: LineNumberTextSchema,
  from_line: LineNumberTextSchema,
})

export type AccountChangeRequest = v.InferOutput<typeof AccountChangeSchema>

/** RFC 8176: how the exchange has just checked its user; `otp` is what we look for. */
export const PortalLinkSchema = v.pipe(
  v.strictObject({
    amr: v.optional(
      v.pipe(
        v.array(v.string('must be a string'), 'must be a list'),
        v.description(
          'How you have just checked the user (RFC 8176). With `otp` a first number can be bound without a further code.',
        ),
      ),
    ),
  }),
  v.title('PortalLink'),
)

export const LiftReasonSchema = v.pipe(
  v.string('must be a string'),
  v.trim(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(200, 'must have at most 200 characters'),
  v.description('Why, for the record and for `hold.lifted`.'),
)

export const LiftLockSchema = v.pipe(
  v.string('must be a string'),
  v.regex(/^[A-Za-z0-9_]{1,64}$/, 'must be the id of a lock'),
  v.description('Lift only while this is the newest lock.'),
)

export const LiftSchema = v.pipe(
  v.strictObject({ reason: LiftReasonSchema, lock_id: v.optional(LiftLockSchema) }),
  v.title('HoldLift'),
)

export const LockIdSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_]{1,64}$/))

/** More than each name twice is nobody’s list. */
const NAMES_MAX = 20

const namesField = (description: string) =>
  v.optional(
    v.pipe(
      v.array(
        v.picklist(LOCK_ACTION_NAMES, `must be one of ${LOCK_ACTION_NAMES.join(', ')}`),
        'must be a list',
      ),
      v.maxLength(NAMES_MAX, `must have at most ${NAMES_MAX} names`),
      v.description(description),
    ),
  )

export const ActionsDoneSchema = v.pipe(
  v.strictObject({
    done: namesField('What you have done. It stays done, whatever is said later.'),
    failed: namesField(
      'What you have tried in vain. The owner and the operator of Lockline see it; say `done` once it is.',
    ),
  }),
  v.title('ActionsDone'),
)

export const LOGINS_PAGE_DEFAULT = 20
export const LOGINS_PAGE_MAX = 100

const WHOLE = 'must be a whole number from 1'

export const CursorSchema = v.pipe(v.string(), v.regex(/^[1-9][0-9]{0,15}$/, WHOLE))

const pageSizeSchema = (max: number) =>
  v.pipe(
    v.number(),
    v.integer(WHOLE),
    v.minValue(1, WHOLE),
    v.maxValue(max, `must be at most ${max}`),
  )

export const PageSizeSchema = pageSizeSchema(LOGINS_PAGE_MAX)

export const SESSIONS_PAGE_MAX = 200

export const SessionsPageSizeSchema = pageSizeSchema(SESSIONS_PAGE_MAX)

/** The query of a list: text, as all queries are. */
const pageQuery = (pageSize: typeof PageSizeSchema, pageDefault: number) =>
  v.object({
    cursor: v.optional(
      v.pipe(CursorSchema, v.transform(Number), v.maxValue(Number.MAX_SAFE_INTEGER, WHOLE)),
    ),
    limit: v.optional(
      v.pipe(v.string(), v.regex(/^[0-9]{1,16}$/, WHOLE), v.transform(Number), pageSize),
      String(pageDefault),
    ),
  })

export const LoginsQuerySchema = pageQuery(PageSizeSchema, LOGINS_PAGE_DEFAULT)

export const SessionsQuerySchema = pageQuery(SessionsPageSizeSchema, SESSIONS_PAGE_MAX)

/** Introspection takes a form (RFC 7662 §2.1), in which clients may send more, `token_type_hint` for one. */
export const IntrospectSchema = v.pipe(
  v.object({
    token: v.pipe(v.string(), v.minLength(1, 'is required'), v.description('The session id.')),
    account_id: v.optional(
      v.pipe(
        v.string(),
        v.description(
          'Whose session is meant. Needed where your session ids are unique in an account only: without it, an id that several accounts have is active only if it is live in each, and `sub` is left out.',
        ),
      ),
    ),
  }),
  v.title('IntrospectionRequest'),
)

/** The JSON body read by `schema`, or the problem to answer with. An empty body reads as `{}`. */
export async function readJson<Schema extends v.GenericSchema>(
  c: Pick<HonoContext, 'req'>,
  schema: Schema,
): Promise<Result<v.InferOutput<Schema>, Response>> {
  const text = await c.req.text()
  const refusal = text && refuseMediaType(c.req.header('content-type'), 'application/json')
  if (refusal) return err(refusal)
  let json: unknown
  try {
    json = text === '' ? {} : JSON.parse(text)
  } catch {
    return err(problem('malformed_json'))
  }
  return readInput(schema, json)
}

export function readInput<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): Result<v.InferOutput<Schema>, Response> {
  if (Array.isArray(input)) {
    return err(
      problem('invalid_request', { errors: [{ pointer: '', detail: 'must be an object' }] }),
    )
  }
  const parsed = v.safeParse(schema, input)
  return parsed.success
    ? ok(parsed.output)
    : err(problem('invalid_request', { errors: toFieldErrors(parsed.issues) }))
}

/** The account in the path, or 422: an id of another alphabet cannot name any account. */
export function readAccountId(c: HonoContext<RouteEnv<ApiContext>>): Result<string, Response> {
  const parsed = v.safeParse(AccountIdSchema, c.req.param('accountId'))
  if (parsed.success) return ok(parsed.output)
  const detail = `account id ${parsed.issues[0].message}`
  return err(problem('invalid_request', { errors: [{ pointer: '', detail }] }))
}
