// What many operations have in common: where they are, who may call them, how a body is shown. Pure.

import { schemaRef } from './schema-parts.ts'
import type { Content, Example, Parameter, Reference, Response } from './types.ts'

/** `/v1/accounts/:accountId` → `/v1/accounts/{accountId}`. */
export function toTemplate(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}')
}

export const API_KEY = [{ apiKey: [] }]
export const WEBHOOK_SIGNATURE = [{ webhookSignature: [] }]
/** Nothing but the address is needed. */
export const PUBLIC: readonly [] = []

/** JSON of a named schema, with its examples by name. */
export function jsonContent(
  schemaName: string,
  examples: Readonly<Record<string, Example>>,
): Content {
  return { 'application/json': { schema: schemaRef(schemaName), examples } }
}

export function jsonResponse(
  description: string,
  schemaName: string,
  examples: Readonly<Record<string, Example>>,
): Response {
  return { description, content: jsonContent(schemaName, examples) }
}

export function htmlResponse(description: string): Response {
  return { description, content: { 'text/html; charset=UTF-8': { schema: { type: 'string' } } } }
}

export function parameterRef(name: keyof typeof parameters): Reference {
  return { $ref: `#/components/parameters/${name}` }
}

const ID = { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,64}$' } as const

export const parameters = {
  accountId: {
    name: 'accountId',
    in: 'path',
    required: true,
    description: 'Your id of the account, as in the events.',
    schema: ID,
    example: '10482113',
  },
  sessionId: {
    name: 'sessionId',
    in: 'path',
    required: true,
    description: 'Your id of the session, as in the events.',
    schema: ID,
    example: 's_9f2c',
  },
  token: {
    name: 'token',
    in: 'path',
    required: true,
    description: 'The signed token of the SMS: the link is the secret.',
    schema: { type: 'string' },
  },
  webhookId: {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description:
      'Unique per event and the same whenever it is repeated: what duplicates are told by.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,256}$' },
    example: 'login_s_9f2c',
  },
  webhookTimestamp: {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description: 'When this request was sent, in seconds since 1970; at most five minutes off.',
    schema: { type: 'string', pattern: '^[1-9][0-9]{0,11}$' },
    example: '1795442607',
  },
  webhookSignature: {
    name: 'webhook-signature',
    in: 'header',
    required: true,
    description:
      'Signatures separated by spaces, `v1,` and base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`. Events in may also carry `v1a,` and base64 of ed25519. One that fits is enough.',
    schema: { type: 'string' },
    example: 'v1,VXXVJxV1IYZJ8Bn6IrqEIQJX0SnpIZ/P0jphQ8P/Rlk=',
  },
} satisfies Readonly<Record<string, Parameter>>

/** The three headers of Standard Webhooks, both ways. */
export const webhookHeaders: readonly Reference[] = [
  parameterRef('webhookId'),
  parameterRef('webhookTimestamp'),
  parameterRef('webhookSignature'),
]
