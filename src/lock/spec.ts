// The pages behind a lock link and behind a typed code, declared: for people, described so that nobody has
// to guess what a link does.

import * as v from 'valibot'
import { text } from '../lib/answer-spec.ts'
import { formBody, pageAnswer } from '../lib/body-spec.ts'
import { durationInWords } from '../lib/duration-spec.ts'
import { retryAfterHeader } from '../lib/problem-spec.ts'
import type { AnswerSpec, ParameterSpec, RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import { TRIES_PER_ADDRESS_AND_HOUR, TRIES_PER_NUMBER_AND_ADDRESS } from './code-lock.ts'
import { LINK_LIFETIME_MS, TOKEN_MAX_LENGTH } from './link.ts'

const TAG = 'Lock link'
const LINK_LIFETIME = durationInWords(LINK_LIFETIME_MS)

const token: ParameterSpec = {
  name: 'token',
  in: 'path',
  required: true,
  description: 'The signed token from the SMS: the link is the secret.',
  // The signature's last character stands for four bits: one of sixteen.
  schema: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
    v.maxLength(TOKEN_MAX_LENGTH),
  ),
}

const REFUSALS = {
  404: pageAnswer('Not a link of ours.'),
  410: pageAnswer(`Expired: a link lives ${LINK_LIFETIME} from the login.`),
}

function later(description: string): AnswerSpec {
  return { ...pageAnswer(description), headers: { 'Retry-After': retryAfterHeader } }
}

function seeOther(description: string): AnswerSpec {
  return {
    description,
    headers: {
      Location: {
        description: 'The page that shows how far the lock has come.',
        schema: v.string(),
      },
    },
  }
}

/** What the form of /lock sends; it is read leniently, and answered with the form again. */
const CodeFormSchema = v.object({
  phone: text('With the country code.'),
  code: text('Eight letters and digits, with or without a gap.'),
})

export const lockSpecs: RouteSpecs = {
  [paths.lock]: {
    get: {
      operationId: 'showLockPage',
      tag: TAG,
      summary: 'Show the lock button',
      description:
        'The page that the link in an SMS opens. It never acts, whatever opens it, scanners and previews included.',
      access: 'public',
      parameters: [token],
      answers: { 200: pageAnswer('The page with the button.'), ...REFUSALS },
      problems: ['unavailable'],
    },
    post: {
      operationId: 'lockByLink',
      tag: TAG,
      summary: 'Lock the account',
      description:
        'The button on that page; no body, no script, no cookie. One alert locks once: pressing again shows the same lock.',
      access: 'public',
      parameters: [token],
      answers: {
        303: seeOther(
          'Locked and stored; the page it leads to says whether the exchange has confirmed.',
        ),
        202: pageAnswer('Accepted although the database is away; it will be stored and sent.'),
        ...REFUSALS,
        503: later('Not accepted: the page offers the button again, and `Retry-After` says when.'),
      },
      problems: ['unavailable'],
    },
  },
  [paths.lockStatus]: {
    get: {
      operationId: 'showLockStatus',
      tag: TAG,
      summary: 'Show how far the lock has come',
      description:
        'Never acts. Reloads itself until the exchange has confirmed. Goes on after the link has expired, while a hold of it runs or is not confirmed.',
      access: 'public',
      parameters: [token],
      answers: {
        200: pageAnswer(
          'The state, as far as it is known; while the database is away, that it is not.',
        ),
        404: REFUSALS[404],
        410: pageAnswer('Expired, and nothing of a lock is left to see.'),
      },
      problems: ['unavailable'],
    },
  },
  [paths.lockByCode]: {
    get: {
      operationId: 'showCodePage',
      tag: TAG,
      summary: 'Show the form for number and code',
      description:
        'For owners who cannot open the link. Link to it from your own help pages: where links are banned in SMS, the text tells owners to look for it there.',
      access: 'public',
      answers: { 200: pageAnswer('The form.') },
      problems: ['unavailable'],
    },
    post: {
      operationId: 'lockByCode',
      tag: TAG,
      summary: 'Lock the account by number and code',
      description: `A form with a mobile number and the eight letters and digits from one of its alerts of the last ${LINK_LIFETIME}; alerts that cannot be answered by SMS have such a code. From one address, ${TRIES_PER_NUMBER_AND_ADDRESS} tries per number and hour, ${TRIES_PER_ADDRESS_AND_HOUR} in all; what others try elsewhere does not count. A code of four is accepted only as a reply.`,
      access: 'public',
      request: {
        required: true,
        description: 'As the form sends it; at most 4 KiB.',
        body: formBody(CodeFormSchema, {
          typed: { value: { phone: '+12025550123', code: '7K3Q M2WX' } },
        }),
      },
      answers: {
        202: pageAnswer(
          'Kept although the database is away; it will be checked then, and may be refused. Or, after a lock by code that was lifted within a day, the owner is sent a link to confirm.',
        ),
        303: seeOther('Locked and stored; leads to the state of the lock.'),
        422: pageAnswer('The number and the code do not match, or the code is too old.'),
        429: later('Too many attempts; `Retry-After` says when.'),
        503: later('Not accepted: the page offers the button again.'),
      },
      problems: ['body_too_large', 'unavailable'],
    },
  },
}
