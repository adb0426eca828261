// The routes' declarations → the OpenAPI document. Pure.

import { toTemplate } from '../../src/api/openapi/path-template.ts'
import {
  eventOutSpecs,
  info,
  routeSpecs,
  securitySchemes,
  tags,
} from '../../src/api/openapi/specs.ts'
import type {
  MediaType,
  OpenApiDocument,
  Operation,
  Parameter,
  Response,
  Schema,
} from '../../src/api/openapi/types.ts'
import { ROUTE_SCOPES, type Scope } from '../../src/api/scopes.ts'
import type {
  Access,
  AnswerSpec,
  BodySpec,
  Method,
  ParameterSpec,
  RouteSpec,
} from '../../src/lib/route-spec.ts'
import { convertHeaders, convertSchema } from './convert-schema.ts'
import { mapValues } from './map-values.ts'
import { createProblemResponses, type ProblemResponses } from './problem-responses.ts'

type Building = { readonly schemas: Map<string, Schema>; readonly problems: ProblemResponses }

export function buildDocument(): OpenApiDocument {
  const schemas = new Map<string, Schema>()
  const building = { schemas, problems: createProblemResponses(schemas) }
  const paths = Object.fromEntries(
    Object.entries(routeSpecs).map(([path, methods]) => [
      toTemplate(path),
      mapValues(methods, (spec, method) => routeOperation(building, { path, method, spec })),
    ]),
  )
  const webhooks = mapValues(eventOutSpecs, (spec) => ({
    post: operation(
      building,
      spec,
      mapValues(spec.answers, (one) => response(building, spec, one)),
    ),
  }))
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/', description: 'This deployment' }],
    tags,
    paths,
    webhooks,
    components: {
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => a.localeCompare(b))),
      responses: building.problems.used(),
      securitySchemes,
    },
  }
}

/** What the access alone, or any call, may be refused with. */
function commonProblems(access: Access, method: Method) {
  const always = ['method_not_allowed', 'internal'] as const
  if (access !== 'api_key') return always
  const read = [
    'unauthorized',
    'insufficient_scope',
    'rate_limited',
    'unavailable',
    ...always,
  ] as const
  return method === 'get' ? read : (['body_too_large', ...read] as const)
}

type Route = { readonly path: string; readonly method: Method; readonly spec: RouteSpec }

function routeOperation(building: Building, { path, method, spec }: Route): Operation {
  const codes = [...spec.problems, ...commonProblems(spec.access, method)]
  const refused = building.problems.byStatus(codes)
  const own = mapValues(spec.answers, (answer, status): Response => {
    const given = response(building, spec, answer)
    const reference = refused[status]
    // Refused by a page for people where settings are there, by a problem where they are missing.
    return reference ? eitherOf(given, building.problems.resolve(reference)) : given
  })
  return operation(building, spec, { ...refused, ...own }, ROUTE_SCOPES[path]?.[method])
}

function eitherOf(page: Response, problem: Response): Response {
  return {
    description: `${page.description} Or a problem: ${problem.description}`,
    headers: { ...problem.headers, ...page.headers },
    content: { ...page.content, ...problem.content },
  }
}

function operation(
  building: Building,
  spec: RouteSpec,
  responses: Operation['responses'],
  scope?: Scope,
): Operation {
  const { request, parameters = [] } = spec
  const examples = playedExamples(spec)
  return {
    operationId: spec.operationId,
    tags: [spec.tag],
    summary: spec.summary,
    description: spec.description + scopeNote(spec.access, scope),
    security: SECURITY[spec.access],
    ...(parameters.length > 0
      ? { parameters: parameters.map((one) => parameter(building, one, examples)) }
      : {}),
    ...(request
      ? {
          requestBody: {
            required: request.required,
            ...(request.description ? { description: request.description } : {}),
            content: { [request.body.mediaType]: mediaType(building, spec, request.body) },
          },
        }
      : {}),
    responses,
  }
}

const SECURITY: Readonly<Record<Access, Operation['security']>> = {
  api_key: [{ apiKey: [] }],
  signed: [{ webhookSignature: [] }],
  public: [],
}

/** In words: OpenAPI has scopes for OAuth alone, and linters refuse them of a key. */
function scopeNote(access: Access, scope?: Scope): string {
  if ((access === 'api_key') !== (scope !== undefined)) {
    throw new Error('whoever needs a key names its scope in src/api/scopes.ts, and nobody else')
  }
  return scope === undefined ? '' : ` The key needs the scope \`${scope}\`.`
}

/** Tools play a call by the examples of one name in its parameters, its request and its answer. */
function playedExamples({ request, answers }: RouteSpec): readonly string[] {
  const asked = Object.keys(request?.body.examples ?? {})
  const good = Object.entries(answers).filter(([status]) => status.startsWith('2'))
  const answered = good.flatMap(([, { body }]) => Object.keys(body?.examples ?? {}))
  return request ? asked.filter((name) => answered.includes(name)) : answered
}

function parameter(
  { schemas }: Building,
  spec: ParameterSpec,
  names: readonly string[],
): Parameter {
  const { schema, example, ...rest } = spec
  const base = { ...rest, schema: convertSchema(schema, schemas) }
  if (example === undefined || !spec.required) return base
  if (names.length === 0) return { ...base, example }
  return { ...base, examples: Object.fromEntries(names.map((name) => [name, { value: example }])) }
}

function mediaType({ schemas }: Building, spec: RouteSpec, body: BodySpec): MediaType {
  const schema: Schema = body.schema ? convertSchema(body.schema, schemas) : { type: 'string' }
  const played = playedExamples(spec)
  const names = Object.keys(body.examples)
  const [alone] = names
  if (alone === undefined) return { schema }
  if (names.every((name) => played.includes(name))) return { schema, examples: body.examples }
  if (names.length > 1) throw new Error(`${spec.operationId}: examples without a partner`)
  return { schema, example: body.examples[alone]?.value }
}

function response(building: Building, spec: RouteSpec, answer: AnswerSpec): Response {
  const { description, headers, body } = answer
  return {
    description,
    ...(headers ? { headers: convertHeaders(headers, building.schemas) } : {}),
    ...(body ? { content: { [body.mediaType]: mediaType(building, spec, body) } } : {}),
  }
}
