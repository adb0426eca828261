// API_KEYS: what each key may do. Whoever holds one gets what its list says and nothing else, and a mistake in it is a
// start-up error rather than a key that may do too much.

import fc from 'fast-check'
import { Hono } from 'hono'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { apiKeyAuth } from '../../../src/api/api-key.ts'
import { type ApiKey, parseApiKeys } from '../../../src/api/api-keys.ts'
import { openApiDocument } from '../../../src/api/openapi/document.ts'
import { toTemplate } from '../../../src/api/openapi/path-template.ts'
import { ROUTE_SCOPES, SCOPE_NAMES, type Scope, scopeOf } from '../../../src/api/scopes.ts'
import { app } from '../../../src/app.ts'
import { paths } from '../../../src/paths.ts'

const ALL_BUT_ACT = SCOPE_NAMES.filter((scope) => scope !== 'ops.act')

/** What `parseApiKeys` made of it, as plain data; null where it was refused. */
function read(...texts: readonly string[]) {
  const parsed = parseApiKeys(texts)
  return parsed.ok ? parsed.value.map(({ key, scopes }) => [key, [...scopes]]) : null
}

const keyText = fc.stringMatching(/^[!-9;-~]{16,40}$/)
const scopeList = fc.subarray([...SCOPE_NAMES], { minLength: 1 })

describe('parseApiKeys', () => {
  it('gives a key without scopes all but ops.act', () => {
    fc.assert(
      fc.property(keyText, (key) => {
        expect(read(key)).toEqual([[key, ALL_BUT_ACT]])
      }),
    )
  })

  it('gives a key with scopes exactly those', () => {
    fc.assert(
      fc.property(keyText, scopeList, (key, scopes) => {
        expect(read(`${key}:${scopes.join(',')}`)).toEqual([[key, scopes]])
      }),
    )
  })

  it.each([
    ['an unknown scope', 'a-key-of-the-exchange:admin'],
    ['an unknown one among known ones', 'a-key-of-the-exchange:sessions,admin'],
    ['no scope', 'a-key-of-the-exchange:'],
    ['an empty one', 'a-key-of-the-exchange:sessions,'],
    ['a scope in capitals', 'a-key-of-the-exchange:Sessions'],
    ['a name every object has', 'a-key-of-the-exchange:toString'],
    ['a colon within the key', 'a-key:of-the-exchange'],
    ['a colon within the key, and scopes', 'a-key:of-the-exchange:sessions'],
    ['scopes twice', 'a-key-of-the-exchange:sessions:locks'],
    ['a short key', 'a-short-key:sessions'],
    ['no key', ':sessions'],
    ['a letter that no header carries', 'a-key-of-the-börse'],
    ['one that looks like another', 'а-key-of-the-exchange:sessions'],
    ['a control character', 'a-key-of-the-\u0007exchange'],
    ['what cannot be seen', 'a-key-of-the-\u200bexchange'],
    ['a key that is longer than a header may carry', 'k'.repeat(513)],
  ])('refuses %s', (_what, text) => {
    expect(read(text)).toBe(null)
    expect(read('another-key-of-the-exchange', text)).toBe(null)
  })

  it('refuses any other colon', () => {
    fc.assert(
      fc.property(keyText, keyText, (key, rest) => {
        fc.pre(!rest.split(',').every((scope) => SCOPE_NAMES.some((known) => known === scope)))
        expect(read(`${key}:${rest}`)).toBe(null)
      }),
    )
  })

  it('takes a key twice only where it may do the same', () => {
    const key = 'a-key-of-the-exchange'
    expect(read(`${key}:sessions,locks`, `${key}:locks,sessions`)).toHaveLength(1)
    expect(read(`${key}:sessions`, `${key}:locks`)).toBe(null)
    expect(read(key, `${key}:locks`)).toBe(null)
  })
})

const routes = Object.entries(ROUTE_SCOPES).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, scope]) => ({
    method: method.toUpperCase(),
    path,
    scope,
  })),
)

describe('the scopes of routes', () => {
  it('are those of every route behind a key, and of no other', () => {
    const keyless = [paths.events, paths.receipts, paths.receiptsById, paths.inbound]
    const mounted = app.routes.filter(
      ({ method, path }) =>
        method !== 'ALL' && path.startsWith('/v1/') && !keyless.some((other) => other === path),
    )
    const name = (route: { readonly method: string; readonly path: string }) =>
      `${route.method} ${route.path}`
    const behindKey = [...new Set(mounted.map(name))].sort()
    expect(routes.map(name).toSorted()).toEqual(behindKey)
    for (const { method, path, scope } of routes) expect(scopeOf(method, path)).toBe(scope)
  })

  it.each(routes)('are in the description of $method $path', async ({ method, path, scope }) => {
    const { paths: described } = JSON.parse(JSON.stringify(await openApiDocument(null)))
    const { description } = described[toTemplate(path)][method.toLowerCase()]
    expect(description).toContain(`The key needs the scope \`${scope}\`.`)
  })
})

describe('a key', () => {
  let logged: string[]
  beforeEach(() => {
    logged = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => logged.push(line))
  })

  const unlisted = '/v1/nothing-says-who-may'
  const guarded = new Hono().use('/v1/*', apiKeyAuth)
  for (const { method, path } of routes) guarded.on(method, path, (c) => c.body(null, 204))
  guarded.get(unlisted, (c) => c.body(null, 204))
  guarded.onError((_error, c) => c.body(null, 500))

  function ask(apiKeys: readonly ApiKey[], method: string, path: string) {
    const headers = { authorization: 'Bearer the-key-that-is-shown' }
    return guarded.request(path, { method, headers }, { context: { config: { apiKeys } } })
  }
  const withScopes = (...scopes: readonly Scope[]) => [
    { key: 'the-key-that-is-shown', scopes: new Set(scopes) },
    { key: 'a-key-that-may-do-it-all', scopes: new Set(SCOPE_NAMES) },
  ]

  it.each(routes)('with $scope alone may $method $path', async ({ method, path, scope }) => {
    expect((await ask(withScopes(scope), method, path)).status).toBe(204)
  })

  it.each(routes)('with all but $scope may not $method $path', async ({ method, path, scope }) => {
    const others = SCOPE_NAMES.filter((other) => other !== scope)
    const answer = await ask(withScopes(...others), method, path)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="${scope}"`,
    ])
    expect(await answer.json()).toMatchObject({ code: 'insufficient_scope' })
    // The first eight digits of its SHA-256.
    expect(logged.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: 'api.refused', reason: 'scope', key: 'e9763d96', scope }),
    ])
  })

  it('that is taken can be shown, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(keyText, fc.constant('k'.repeat(511))),
        fc.string({ unit: 'binary', maxLength: 1 }),
        async (text, odd) => {
          const key = `${text.slice(0, 9)}${odd}${text.slice(9)}`
          const parsed = parseApiKeys([key])
          fc.pre(parsed.ok)
          const answer = await guarded.request(
            paths.accountHold.replace(':accountId', '1'),
            { headers: { authorization: `Bearer ${key}` } },
            { context: { config: { apiKeys: parsed.ok ? parsed.value : [] } } },
          )
          expect(answer.status).toBe(204)
        },
      ),
    )
  })

  it('may do nothing where no scope is said', async () => {
    expect((await ask(withScopes(...SCOPE_NAMES), 'GET', unlisted)).status).toBe(500)
  })

  it('may do nothing by HEAD that it may not by GET', async () => {
    const path = paths.accountHold.replace(':accountId', '1')
    expect((await ask(withScopes('locks'), 'HEAD', path)).status).toBe(403)
    expect((await ask(withScopes('holds.read'), 'HEAD', path)).status).toBe(204)
  })
})
