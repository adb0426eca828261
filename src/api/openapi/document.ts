// The OpenAPI document put together. Every path of paths.ts is described here or named as left out with
// the reason; the compiler notices a forgotten one, and a test compares with the routes mounted.

import { keysOf } from '../../lib/table.ts'
import { paths } from '../../paths.ts'
import { accountPaths } from './account-paths.ts'
import { HOLD_TIME } from './durations.ts'
import { eventPaths } from './event-paths.ts'
import { holdPaths } from './hold-paths.ts'
import { linkPaths } from './link-paths.ts'
import { parameters, toTemplate } from './operation-parts.ts'
import { ownersPages } from './owners-pages.ts'
import { portalPaths } from './portal-paths.ts'
import { requestSchemas } from './request-schemas.ts'
import { responseSchemas } from './response-schemas.ts'
import { schemaRef } from './schema-parts.ts'
import { servicePaths } from './service-paths.ts'
import { sessionPaths } from './session-paths.ts'
import type { OpenApiDocument, PathItem, Schema } from './types.ts'
import { webhookSchemas, webhooks } from './webhooks.ts'

/** Paths that are nobody's business but the one named. */
export const leftOut = {
  receipts: 'for SMS providers, each with its own protocol',
  inbound: 'for SMS providers, each with its own protocol',
  ...ownersPages,
} as const satisfies Partial<Record<keyof typeof paths, string>>

type DescribedPath = Exclude<keyof typeof paths, keyof typeof leftOut>

const described: Readonly<Record<DescribedPath, PathItem>> = {
  ...eventPaths,
  ...accountPaths,
  ...sessionPaths,
  ...holdPaths,
  ...linkPaths,
  ...portalPaths,
  ...servicePaths,
}

function byTemplate(items: Readonly<Record<DescribedPath, PathItem>>) {
  const names = keysOf(items)
  return Object.fromEntries(names.map((name) => [toTemplate(paths[name]), items[name]]))
}

const event: Schema = {
  oneOf: [schemaRef('LoginSucceeded'), schemaRef('SessionEnded')],
  discriminator: {
    propertyName: 'type',
    mapping: {
      'login.succeeded': '#/components/schemas/LoginSucceeded',
      'session.ended': '#/components/schemas/SessionEnded',
    },
  },
}

/** The document of the deployment at `origin`; null when that is not known. */
export function openApiDocument(origin: string | null): OpenApiDocument {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Lockline',
      version: '0.1.0',
      summary: 'Login alerts with an emergency lock, for crypto exchanges.',
      description:
        `Report every login. The owner of the account gets an SMS that says where, when and on what; one tap on its link ends all sessions and holds withdrawals for ${HOLD_TIME}.` +
        '\n\nNew fields, events and words may be added at any time: ignore what you do not know.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin ?? '/', description: 'This deployment' }],
    tags: [
      { name: 'Events in', description: 'What you post, signed.' },
      { name: 'Accounts', description: 'Who is alerted, and what became of each alert.' },
      { name: 'Sessions', description: 'What is logged in, and ending it.' },
      { name: 'Hold and lock', description: 'Whether withdrawals may go out.' },
      { name: 'Lock link', description: 'The pages an owner sees. Not for programs.' },
      { name: "Owner's pages", description: 'The way in for your signed-in user.' },
      { name: 'Service', description: 'Health, and this document.' },
      { name: 'Events out', description: 'What is posted to your `CALLBACK_URL`, signed.' },
    ],
    paths: byTemplate(described),
    webhooks,
    components: {
      schemas: { Event: event, ...requestSchemas, ...responseSchemas, ...webhookSchemas },
      parameters,
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'One of the keys in `API_KEYS`. For your servers only.',
        },
        webhookSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'webhook-signature',
          description:
            'Standard Webhooks (www.standardwebhooks.com). Events in are signed with a secret whose counterpart is in `WEBHOOK_SECRETS`, events out with every secret in `CALLBACK_SECRETS`.',
        },
      },
    },
  }
}
