// The pages of the ways to lock without an alert, declared: for people, described so that nobody has to guess what a card does.

import * as v from 'valibot'
import { text } from '../lib/answer-spec.ts'
import { formBody, pageAnswer } from '../lib/body-spec.ts'
import { retryAfterHeader } from '../lib/problem-spec.ts'
import type { ParameterSpec, RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import { CARD_TOKEN_MAX_LENGTH } from './card/card-token.ts'
import { PASSKEY_TRIES_PER_ADDRESS_AND_HOUR } from './passkey/lock-by-passkey.ts'

const TAG = 'Lock link'

const card: ParameterSpec = {
  name: 'token',
  in: 'path',
  required: true,
  description: 'The signed token from the card: whoever has it can lock.',
  schema: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
    v.maxLength(CARD_TOKEN_MAX_LENGTH),
  ),
}

const ref: ParameterSpec = {
  name: 'ref',
  in: 'path',
  required: true,
  description: 'Sealed: which lock is shown.',
  schema: v.pipe(v.string(), v.maxLength(400)),
}

const NOT_OURS = pageAnswer('Not a link of ours.')
const LEADS = {
  description: 'Locked and stored; leads to the state of the lock.',
  headers: {
    Location: {
      description: 'The page that shows how far the lock has come.',
      schema: v.string(),
    },
  },
}
const KEPT_OR_ASKED = pageAnswer(
  'Nothing is locked yet: kept although the database is away, or, after a lock of this way that was lifted within a day, the owner is sent a link to confirm.',
)
const LATER = {
  ...pageAnswer('Not accepted: the page offers the button again, and `Retry-After` says when.'),
  headers: { 'Retry-After': retryAfterHeader },
}

/** What the page's script puts into the form; read strictly. */
const PasskeyFormSchema = v.object({
  challenge: text('Sealed, as the form had it.'),
  credential: text('The answer of the browser, as JSON.'),
})

export const waysSpecs: RouteSpecs = {
  [paths.lockCard]: {
    get: {
      operationId: 'showLockCardPage',
      tag: TAG,
      summary: 'Show the lock button of a card',
      description:
        "The page behind the code on an owner's printed lock card. It never acts and asks nobody: whether the card was revoked is seen when the button is pressed.",
      access: 'public',
      parameters: [card],
      answers: { 200: pageAnswer('The page with the button.'), 404: NOT_OURS },
      problems: ['unavailable'],
    },
    post: {
      operationId: 'lockByCard',
      tag: TAG,
      summary: 'Lock the account by its card',
      description:
        'The button on that page; no body, no script, no cookie. A card is valid until its owner revokes it or makes another, can only lock, and locks once while its lock stands and no login has come since.',
      access: 'public',
      parameters: [card],
      answers: {
        303: LEADS,
        202: KEPT_OR_ASKED,
        404: NOT_OURS,
        410: pageAnswer('Revoked, by its owner or by a newer card. Nothing was locked.'),
        503: LATER,
      },
      problems: ['unavailable'],
    },
  },
  [paths.lockByPasskey]: {
    post: {
      operationId: 'lockByPasskey',
      tag: TAG,
      summary: 'Lock the account by a passkey',
      description: `The second form of \`/lock\`: any passkey that the owner has added since passkeys name themselves, from any device, without a number. A challenge counts for five minutes and for one lock. From one address, ${PASSKEY_TRIES_PER_ADDRESS_AND_HOUR} tries an hour.`,
      access: 'public',
      request: {
        required: true,
        description: 'As the script of the page sends it; at most 16 KiB.',
        body: formBody(PasskeyFormSchema, {
          answered: { value: { challenge: 'kPrK.c2VhbGVk', credential: '{"id":"…"}' } },
        }),
      },
      answers: {
        303: LEADS,
        202: pageAnswer('Kept although the database is away; it will be checked then.'),
        422: pageAnswer('The passkey could not be verified. Nothing was locked.'),
        429: {
          ...pageAnswer('Too many attempts; `Retry-After` says when.'),
          headers: { 'Retry-After': retryAfterHeader },
        },
        503: LATER,
      },
      problems: ['body_too_large', 'unavailable'],
    },
  },
  [paths.lockWayStatus]: {
    get: {
      operationId: 'showLockWayStatus',
      tag: TAG,
      summary: 'Show how far a lock without a link has come',
      description: 'Never acts. Reloads itself until the exchange has confirmed.',
      access: 'public',
      parameters: [ref],
      answers: {
        200: pageAnswer(
          'The state, as far as it is known; while the database is away, that it is not.',
        ),
        404: NOT_OURS,
      },
      problems: ['unavailable'],
    },
  },
}
