// The pages behind a lock link: for people, shown here so that nobody has to guess what a link does.

import { LINK_LIFETIME } from './durations.ts'
import { htmlResponse, PUBLIC, parameterRef } from './operation-parts.ts'
import { problemResponses } from './problems.ts'
import { objectOf, text } from './schema-parts.ts'
import type { PathItem } from './types.ts'

const TAGS = ['Lock link']
const REFUSALS = {
  404: htmlResponse('Not a link of ours.'),
  410: htmlResponse(`Expired: a link lives ${LINK_LIFETIME} from the login.`),
}
const NOT_CONFIGURED = problemResponses(['internal', 'unavailable'])

export const linkPaths = {
  lock: {
    get: {
      operationId: 'showLockPage',
      tags: TAGS,
      summary: 'Show the lock button',
      description:
        'What the link in an SMS opens. Never acts, whatever opens it: scanners and previews may. Other methods than GET, HEAD and POST are refused with 405.',
      security: PUBLIC,
      parameters: [parameterRef('token')],
      responses: {
        200: htmlResponse('The page with the button.'),
        ...REFUSALS,
        ...NOT_CONFIGURED,
      },
    },
    post: {
      operationId: 'lockByLink',
      tags: TAGS,
      summary: 'Lock the account',
      description:
        'What the button does; no body, no script, no cookie. One alert locks once: pressing again shows the same lock.',
      security: PUBLIC,
      parameters: [parameterRef('token')],
      responses: {
        200: htmlResponse('Locked and stored; the page says whether the exchange has confirmed.'),
        202: htmlResponse('Taken although the database is away; it will be stored and sent.'),
        ...REFUSALS,
        ...NOT_CONFIGURED,
        503: withPage(
          'Not taken: the page offers the button again, and `Retry-After` says when. A problem instead of a page when settings are missing.',
        ),
      },
    },
  },
  lockByCode: {
    get: {
      operationId: 'showCodePage',
      tags: TAGS,
      summary: 'Show the form for number and code',
      description:
        'For whoever cannot open the link. Lead to it from your own help pages: where links are banned in SMS, the text says to look for it there.',
      security: PUBLIC,
      responses: { 200: htmlResponse('The form.'), ...NOT_CONFIGURED },
    },
    post: {
      operationId: 'lockByCode',
      tags: TAGS,
      summary: 'Lock the account by number and code',
      description:
        'A form of a mobile number and the four letters and digits of its newest alert. Five tries a number and hour, twenty an address, ten an account and day.',
      security: PUBLIC,
      requestBody: {
        required: true,
        description: 'As the form sends it.',
        content: {
          'application/x-www-form-urlencoded': {
            schema: objectOf({
              phone: text('With the country code.'),
              code: text('Four letters and digits.'),
            }),
            examples: { typed: { value: { phone: '+12025550123', code: '7K3Q' } } },
          },
        },
      },
      responses: {
        200: htmlResponse('Locked and stored.'),
        ...problemResponses(['body_too_large']),
        422: htmlResponse('Number and code do not fit together, or the code is too old.'),
        429: htmlResponse('Too many tries; `Retry-After` says when.'),
        ...NOT_CONFIGURED,
        503: withPage('Not taken: the page offers the button again.'),
      },
    },
  },
  lockStatus: {
    get: {
      operationId: 'showLockStatus',
      tags: TAGS,
      summary: 'Show how far the lock has come',
      description: 'Never acts. Reloads itself until the exchange has confirmed.',
      security: PUBLIC,
      parameters: [parameterRef('token')],
      responses: {
        200: htmlResponse('The state as far as it is known.'),
        ...REFUSALS,
        ...NOT_CONFIGURED,
      },
    },
  },
} satisfies Readonly<Record<string, PathItem>>

function withPage(description: string) {
  const { content, ...problem } = NOT_CONFIGURED[503] ?? { content: {} }
  return { ...problem, description, content: { ...htmlResponse('').content, ...content } }
}
