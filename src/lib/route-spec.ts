// How a route says what it takes and what it answers: plain data beside the route, in the room that owns
// it. `npm run openapi` makes the OpenAPI document of all of them. Types only: nothing here runs, and no
// file that the Worker runs needs a declaration but for its types.

import type { GenericSchema } from 'valibot'
import type { ProblemCode } from './problem.ts'

export type Example = { readonly summary?: string; readonly value: unknown }

export type BodySpec = {
  /** Of NDJSON, schema and examples are those of one line. */
  readonly mediaType:
    | 'application/json'
    | 'application/x-ndjson'
    | 'application/x-www-form-urlencoded'
    | 'text/html'
  /** Null for a page: text for people has no shape. */
  readonly schema: GenericSchema | null
  /**
   * By name. An example of a request and the example of the answer to it bear the same name, so that
   * tools can play the call; a single one without such a partner is shown without its name.
   */
  readonly examples: Readonly<Record<string, Example>>
}

export type HeaderSpec = { readonly description: string; readonly schema: GenericSchema }

export type ParameterSpec = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description: string
  readonly schema: GenericSchema
  readonly example?: string
}

export type AnswerSpec = {
  readonly description: string
  readonly headers?: Readonly<Record<string, HeaderSpec>>
  readonly body?: BodySpec
}

export type RequestSpec = {
  readonly required: boolean
  readonly description?: string
  readonly body: BodySpec
}

/** `api_key`: a key of API_KEYS. `signed`: Standard Webhooks. `public`: the address is enough. */
export type Access = 'api_key' | 'signed' | 'public'

export type Method = 'get' | 'put' | 'post' | 'delete'

export type RouteSpec = {
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description: string
  readonly access: Access
  readonly parameters?: readonly ParameterSpec[]
  readonly request?: RequestSpec
  /** By status, or `2XX` and `default` where the answer is the other side's. */
  readonly answers: Readonly<Record<string, AnswerSpec>>
  /** What it may be refused with, beside what every route of its kind may be. */
  readonly problems: readonly ProblemCode[]
}

/** By path as it is mounted (`/v1/accounts/:accountId`), then by method. */
export type RouteSpecs = Readonly<Record<string, Readonly<Partial<Record<Method, RouteSpec>>>>>

/** What is posted to the exchange, by type of event. */
export type EventSpecs = Readonly<Record<string, RouteSpec>>
