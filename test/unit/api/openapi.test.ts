// The OpenAPI document is whole (every reference leads somewhere, every example fits), and true: it is
// held against the routes mounted, the schemas requests are read with, the views and the problems.

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { createDocsRoutes } from '../../../src/api/docs-routes.ts'
import { openApiDocument } from '../../../src/api/openapi/document.ts'
import { toTemplate } from '../../../src/api/openapi/path-template.ts'
import { leftOut } from '../../../src/api/openapi/specs.ts'
import type { Operation, PathItem, Schema } from '../../../src/api/openapi/types.ts'
import { AccountChangeSchema, LiftSchema } from '../../../src/api/requests.ts'
import { accountView, loginView, sessionView } from '../../../src/api/views.ts'
import { app } from '../../../src/app.ts'
import { NO_PROFILE } from '../../../src/country/profile-setting.ts'
import { parseEvent } from '../../../src/ingest/event.ts'
import { paths } from '../../../src/paths.ts'
import { PRIVATE_RELAY } from '../../../src/place/relay.ts'
import { buildDocument } from '../../../tools/openapi/build-document.ts'
import { isRecord, readDescription } from '../../support/description.ts'
import { randomBytes } from '../../support/ports.ts'
import { ACCOUNT_ROW, LOGIN_ROW, PHONE } from './openapi-rows.ts'

const document = await openApiDocument('https://lock.example.com')
const { violations } = readDescription(document)

/** What a `#/…` reference leads to, or undefined. */
function lookUp(ref: string): unknown {
  const keys = ref.startsWith('#/') ? ref.slice(2).split('/') : []
  if (keys.length === 0) return undefined
  let found: unknown = document
  for (const key of keys) {
    found = isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined
  }
  return found
}

type Located = { readonly at: string; readonly operation: Operation }

function operationsOf(items: Readonly<Record<string, PathItem>>): readonly Located[] {
  return Object.entries(items).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      at: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
}

const operations = [...operationsOf(document.paths), ...operationsOf(document.webhooks)]

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (!isRecord(value)) return []
  const own = typeof value.$ref === 'string' ? [value.$ref] : []
  return [...own, ...Object.values(value).flatMap(referencesIn)]
}

function responsesOf(operation: Operation) {
  return Object.entries(operation.responses).map(([status, response]) => {
    const found = '$ref' in response ? lookUp(response.$ref) : response
    return [status, found as Exclude<typeof response, { $ref: string }>] as const
  })
}

/** Every request body and response body of an operation that has a schema. */
function mediaOf({ at, operation }: Located) {
  const bodies = [
    ...(operation.requestBody
      ? [{ where: 'request', content: operation.requestBody.content }]
      : []),
    ...responsesOf(operation).map(([where, { content }]) => ({ where, content })),
  ]
  return bodies.flatMap(({ where, content }) =>
    Object.entries(content ?? {}).map(([type, media]) => ({ at: `${at} ${where}`, type, media })),
  )
}

describe('the document', () => {
  it('is up to date with what the routes declare', async () => {
    const built: unknown = JSON.parse(JSON.stringify(buildDocument()))
    expect(await openApiDocument(null), 'out of date: run `npm run openapi`').toEqual(built)
  })

  it('describes the routes mounted, all of them and no others', () => {
    const hidden = new Set<string>(Object.keys(leftOut).map((name) => paths[name as 'receipts']))
    const mounted = app.routes
      .filter(({ method, path }) => method !== 'ALL' && !hidden.has(path))
      .map(({ method, path }) => `${method} ${toTemplate(path)}`)
    const described = operationsOf(document.paths).map(({ at }) => at)
    expect(described.toSorted()).toEqual([...new Set(mounted)].sort())
  })

  it('has only references that lead somewhere', () => {
    const references = referencesIn(document)
    expect(references.length).toBeGreaterThan(50)
    expect(references.filter((ref) => lookUp(ref) === undefined)).toEqual([])
    const mapped = Object.values(document.components.schemas).flatMap(({ discriminator }) =>
      Object.values(discriminator?.mapping ?? {}),
    )
    expect(mapped.filter((ref) => lookUp(ref) === undefined)).toEqual([])
  })

  it('says of every property what it means', () => {
    const silent = (schema: Schema, at: string): readonly string[] => [
      ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
        // Places and devices say it by their names.
        ...(property.description || property.properties ? [] : [`${at}.${name}`]),
        ...silent(property, `${at}.${name}`),
      ]),
      ...[...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])].flatMap((inner) =>
        silent(inner, at),
      ),
    ]
    const schemas = Object.entries(document.components.schemas)
    expect(schemas.flatMap(([name, schema]) => silent(schema, name))).toEqual([])
  })

  it('uses every component it defines', () => {
    const used = new Set(referencesIn(document))
    const { schemas, responses } = document.components
    const defined = [
      ...Object.keys(schemas).map((name) => `#/components/schemas/${name}`),
      ...Object.keys(responses).map((name) => `#/components/responses/${name}`),
    ]
    expect(defined.filter((ref) => !used.has(ref))).toEqual([])
  })

  it('gives every operation an id of its own, a summary, a known tag and answers', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(ids).toEqual([...new Set(ids)])
    const tags = new Set(document.tags.map(({ name }) => name))
    const poor = operations.filter(
      ({ operation }) =>
        !/^[a-z][A-Za-z]+$/.test(operation.operationId) ||
        operation.summary === '' ||
        operation.description === '' ||
        Object.keys(operation.responses).length === 0 ||
        !Object.keys(operation.responses).every((status) =>
          /^([1-5]\d\d|2XX|default)$/.test(status),
        ) ||
        operation.tags.length !== 1 ||
        !operation.tags.every((tag) => tags.has(tag)),
    )
    expect(poor.map(({ at }) => at)).toEqual([])
  })

  it('names known security schemes only', () => {
    const schemes = operations.flatMap(({ operation }) => operation.security.flatMap(Object.keys))
    const known = Object.keys(document.components.securitySchemes)
    expect([...new Set(schemes)].sort()).toEqual(known.toSorted())
  })

  it('declares every parameter of a path, and none that is not in it', () => {
    for (const { at, operation } of operationsOf(document.paths)) {
      const inPath = [...at.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => name)
      expect(declared, at).toEqual(inPath)
    }
  })

  it('has an example for every JSON and form body, and each fits its schema', () => {
    // The document is its own example.
    const without = [`GET ${paths.openapi} 200`]
    const media = operations.flatMap(mediaOf).filter(({ type }) => type !== 'text/html')
    const wrong = media.flatMap(({ at, media }) => {
      const alone = media.example === undefined ? [] : [media.example]
      const examples = [...Object.values(media.examples ?? {}).map(({ value }) => value), ...alone]
      if (examples.length === 0) return without.includes(at) ? [] : [`${at}: no example`]
      return examples.flatMap((value) =>
        violations(media.schema, value).map((text) => `${at} ${text}`),
      )
    })
    expect(wrong).toEqual([])
  })

  // What the three linters of `npm run openapi:lint` ask for, beyond what is above.
  it('names an example of an answer only where its call is an example of that name', () => {
    const alone = operations.flatMap(({ at, operation }) => {
      const { requestBody, parameters = [] } = operation
      const asked = Object.values(requestBody?.content ?? {})
      const requests = asked.flatMap(({ examples }) => Object.keys(examples ?? {}))
      const answers = responsesOf(operation).flatMap(([, { content }]) =>
        Object.values(content ?? {}).flatMap(({ examples }) => Object.keys(examples ?? {})),
      )
      const required = parameters.filter((parameter) => parameter.required)
      const names = new Set([...requests, ...answers])
      return [...names]
        .filter(
          (name) =>
            (requestBody !== undefined && !requests.includes(name)) ||
            !answers.includes(name) ||
            !required.every(({ examples }) => examples !== undefined && name in examples),
        )
        .map((name) => `${at} ${name}`)
    })
    expect(alone).toEqual([])
  })

  it('has a refusal for every call, and no parameter that is a security scheme too', () => {
    const refusing = operationsOf(document.paths).filter(({ operation }) =>
      Object.keys(operation.responses).some((status) => status.startsWith('4')),
    )
    expect(refusing.length).toBe(operationsOf(document.paths).length)
    const schemes = Object.values(document.components.securitySchemes).map(({ name }) => name)
    const names = operations.flatMap(({ operation }) => operation.parameters ?? [])
    expect(names.filter(({ name }) => schemes.includes(name))).toEqual([])
  })

  it('has parameters whose examples fit', () => {
    const parameters = operations.flatMap(({ operation }) => operation.parameters ?? [])
    const wrong = parameters.flatMap(({ name, schema, example, examples }) =>
      [...Object.values(examples ?? {}).map(({ value }) => value), example ?? []]
        .flat()
        .flatMap((value) => violations(schema, value).map((text) => `${name} ${text}`)),
    )
    expect(wrong).toEqual([])
  })

  it('has requests in it that the API would take', () => {
    const bodies = (operation: Operation | undefined) => {
      const media = operation?.requestBody?.content['application/json']
      const named = Object.values(media?.examples ?? {}).map(({ value }) => value)
      return media?.example === undefined ? named : [media.example]
    }
    const events = bodies(document.paths[paths.events]?.post)
    expect(events.map((event) => parseEvent(event, Date.UTC(2026, 10, 24)).ok)).toEqual([
      true,
      true,
    ])
    const changes = bodies(document.paths[toTemplate(paths.account)]?.put)
    expect(changes.map((change) => v.is(AccountChangeSchema, change))).toEqual([true, true])
    const lifts = bodies(document.paths[toTemplate(paths.accountHold)]?.delete)
    expect(lifts.map((lift) => v.is(LiftSchema, lift))).toEqual([true])
  })

  it('shows accounts, logins and sessions as the views make them', () => {
    const { Account, Login, Session } = document.components.schemas
    const at = { now: ACCOUNT_ROW.updatedAt, profile: NO_PROFILE, isHeld: false }
    const SMS = { served: false, service: 'not_served', sender: null, link: false } as const
    const shown = [
      [Account, accountView(ACCOUNT_ROW, { ...PHONE, sms: SMS }, at)],
      [Account, accountView(ACCOUNT_ROW, null, at)],
      [Login, loginView(LOGIN_ROW)],
      [Login, loginView({ ...LOGIN_ROW, hosting: PRIVATE_RELAY })],
      [
        Login,
        loginView({
          ...LOGIN_ROW,
          state: 'suppressed',
          suppressionReason: 'no_number',
          alertNumber: null,
          attempts: [],
        }),
      ],
      [Session, sessionView(LOGIN_ROW)],
    ] as const
    for (const [schema, view] of shown) {
      expect(violations(schema ?? {}, JSON.parse(JSON.stringify(view)))).toEqual([])
    }
  })

  it('names a relay as such, and as no data centre', () => {
    const { place } = loginView({ ...LOGIN_ROW, hosting: PRIVATE_RELAY })
    expect(place).toMatchObject({ hosting: null, relay: PRIVATE_RELAY })
    expect(loginView(LOGIN_ROW).place).toMatchObject({ hosting: 'Hetzner', relay: null })
  })

  it('has the version of the package', () => {
    expect(document.info.version).toBe(packageJson.version)
  })
})

describe('GET /openapi.json', () => {
  async function get(origin: string | null) {
    const routes = createDocsRoutes(() => ({ origin, randomBytes }))
    const response = await routes.request(paths.openapi)
    const body: unknown = await response.json()
    return { response, body: isRecord(body) ? body : {} }
  }

  it('is served where no origin is known, with a relative server, to any origin', async () => {
    const { response, body } = await get(null)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(body.servers).toEqual([{ url: '/', description: 'This deployment' }])
  })

  it('names the origin of the deployment', async () => {
    const { body } = await get('https://lock.example.com')
    expect(body).toEqual(JSON.parse(JSON.stringify(document)))
  })
})
