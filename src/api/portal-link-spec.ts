// POST /v1/accounts/{id}/portal-links, declared.

import * as v from 'valibot'
import { instant, named, text } from '../lib/answer-spec.ts'
import { jsonAnswer, jsonBody } from '../lib/body-spec.ts'
import { durationInWords } from '../lib/duration-spec.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import { ENTRY_LIFETIME_MS } from '../portal/visit/entry-link.ts'
import { accountIdParameter, bodyProblems } from './parameter-spec.ts'
import { PortalLinkSchema } from './requests.ts'

const ENTRY_TIME = durationInWords(ENTRY_LIFETIME_MS)

const PortalEntrySchema = named(
  'PortalEntry',
  v.object({
    url: text(
      'Send the user there. It works once; opening it does not use it up, pressing its button does.',
    ),
    expires_at: instant(`${ENTRY_TIME} from now.`),
  }),
)
export type PortalEntryAnswer = v.InferOutput<typeof PortalEntrySchema>

export const portalLinkSpecs: RouteSpecs = {
  [paths.accountPortalLinks]: {
    post: {
      operationId: 'createPortalLink',
      tag: "Owner's pages",
      summary: 'Let an owner into their pages',
      description: `For a user who is signed in with you: number, alerts, sessions, history, passkeys, push. Answers with a link that works once, within ${ENTRY_TIME}; redirect to it at once. The account need not have been imported.`,
      access: 'api_key',
      parameters: [accountIdParameter],
      request: {
        required: false,
        description: 'How you have just checked the user, if you have.',
        body: jsonBody(PortalLinkSchema, { otp: { value: { amr: ['otp'] } } }),
      },
      answers: {
        201: jsonAnswer('A link; never cached.', PortalEntrySchema, {
          otp: {
            value: {
              url: 'https://lock.example.com/enter/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMDQ4MjExMyJ9.c2lnbmF0dXJl',
              expires_at: '2026-11-23T14:10:10.000Z',
            },
          },
        }),
      },
      problems: bodyProblems,
    },
  },
}
