// Every route's declaration, gathered from the rooms, and what the document says of itself. `npm run
// openapi` builds document.json of this; the Worker reads that alone. A test compares with the routes mounted.

import type { LiftPolicy } from '../../account/owner-proofs.ts'
import { alertEventSpecs } from '../../deliver/event-spec.ts'
import type { CallbackType } from '../../exchange/callback.ts'
import { exchangeEventSpecs } from '../../exchange/event-spec.ts'
import { eventSpecs } from '../../ingest/spec.ts'
import { durationInWords } from '../../lib/duration-spec.ts'
import type { RouteSpec, RouteSpecs } from '../../lib/route-spec.ts'
import { lockEventSpecs } from '../../lock/event-spec.ts'
import { HOLD_MS } from '../../lock/hold.ts'
import { lockSpecs } from '../../lock/spec.ts'
import { waysSpecs } from '../../lock/ways-spec.ts'
import type { paths } from '../../paths.ts'
import { receiptKeySpecs } from '../../portal/hold/spec.ts'
import { accountSpecs } from '../account-spec.ts'
import { actSpecs } from '../act-spec.ts'
import { actionSpecs } from '../action-spec.ts'
import { holdSpecs } from '../hold-spec.ts'
import { importSpecs } from '../import-spec.ts'
import { opsSpecs } from '../ops-spec.ts'
import { portalLinkSpecs } from '../portal-link-spec.ts'
import { SCOPE_NAMES, SCOPES, unsaidScopes } from '../scopes.ts'
import { serviceSpecs } from '../service-spec.ts'
import { sessionSpecs } from '../session-spec.ts'
import { operatorsPages } from './operators-pages.ts'
import { ownersPages } from './owners-pages.ts'

/** Paths that are nobody's business but the one named. */
export const leftOut = {
  receipts: 'for SMS providers, each with its own protocol',
  receiptsById: 'for SMS providers, each with its own protocol',
  inbound: 'for SMS providers, each with its own protocol',
  ...ownersPages,
  ...operatorsPages,
} as const satisfies Partial<Record<keyof typeof paths, string>>

export const routeSpecs: RouteSpecs = {
  ...eventSpecs,
  ...importSpecs,
  ...accountSpecs,
  ...sessionSpecs,
  ...holdSpecs,
  ...actionSpecs,
  ...lockSpecs,
  ...waysSpecs,
  ...portalLinkSpecs,
  ...receiptKeySpecs,
  ...actSpecs,
  ...serviceSpecs,
  ...opsSpecs,
}

export const eventOutSpecs: Readonly<Record<CallbackType, RouteSpec>> = {
  ...lockEventSpecs,
  ...exchangeEventSpecs,
  ...alertEventSpecs,
}

export const info = {
  title: 'Lockline',
  version: '0.1.0',
  summary: 'Login alerts with an emergency lock, for crypto exchanges.',
  description:
    `Report every login. The owner of the account gets an SMS that says where, when and on what device; its link leads to a button that ends all sessions and puts withdrawals on hold for ${durationInWords(HOLD_MS)}.` +
    '\n\nNew fields, events and words may be added at any time: ignore what you do not know.',
  contact: { name: 'Whoever runs this deployment' },
  license: { name: 'MIT', identifier: 'MIT' },
}

export const tags = [
  { name: 'Events in', description: 'What you post, signed.' },
  { name: 'Accounts', description: 'Who is alerted, and what became of each alert.' },
  { name: 'Sessions', description: 'What is logged in, and ending it.' },
  { name: 'Hold and lock', description: 'Whether withdrawals may go out.' },
  { name: 'Lock link', description: 'The pages an owner sees. Not for programs.' },
  { name: "Owner's pages", description: 'The way in for your signed-in user.' },
  { name: 'Operations', description: 'Repair by hand, for whoever runs this.' },
  { name: 'Service', description: 'Health, and this document.' },
  { name: 'Events out', description: 'What is posted to your `CALLBACK_URL`, signed.' },
]

const scopeWords = Object.entries(SCOPES)
  .map(([scope, words]) => `\`${scope}\` (${words})`)
  .join(', ')
const notUnsaid = (policy: LiftPolicy) => {
  const unsaid = unsaidScopes(policy)
  return SCOPE_NAMES.filter((scope) => !unsaid.has(scope))
}
const underApi = notUnsaid('api')
const underOwner = notUnsaid('owner').filter((scope) => !underApi.includes(scope))
const named = (scopes: readonly string[]) => scopes.map((scope) => `\`${scope}\``).join(', ')

export const securitySchemes = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: `One of the keys in \`API_KEYS\`. For your servers only. Each call names the scope that its key needs: ${scopeWords}. A key that names none has all but ${named(underApi)}, and under \`LIFT_POLICY=owner\` not ${named(underOwner)} either.`,
  },
  webhookSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description:
      'Standard Webhooks (www.standardwebhooks.com): signatures separated by spaces, `v1,` and base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`. Events in may also carry `v1a,` and base64 of ed25519; one that fits is enough. Events in are signed with a secret whose counterpart is in `WEBHOOK_SECRETS`, events out with every secret in `CALLBACK_SECRETS`.',
  },
}
