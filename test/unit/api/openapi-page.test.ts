// The page at /docs shows what the document says, all of it, escaped, in a size for a phone. The
// code it tells people to copy is that of README, which worker/readme-samples.test.ts runs.

import { describe, expect, it } from 'vitest'
import { docsPage } from '../../../src/api/docs-page.ts'
import { openApiDocument } from '../../../src/api/openapi/document.ts'
import type { OpenApiDocument } from '../../../src/api/openapi/types.ts'
import { setupApp } from '../../../src/app.ts'
import { PROBLEMS } from '../../../src/lib/problem.ts'
import { paths } from '../../../src/paths.ts'
import { DOCS_PAGE_MAX_BYTES } from '../../support/description.ts'
import { randomBytes } from '../../support/ports.ts'

const ORIGIN = 'https://lock.example.com'
const document = await openApiDocument(ORIGIN)

async function render(shown: OpenApiDocument = document): Promise<string> {
  return String(await docsPage(shown, 'nonce'))
}

/** The page's text as a reader sees it. */
function readable(page: string): string {
  return page
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

describe('the page', () => {
  it('shows every path, event, summary, schema field and problem code', async () => {
    const text = readable(await render())
    const operations = [...Object.values(document.paths), ...Object.values(document.webhooks)]
    const expected = [
      ...Object.keys(document.paths),
      ...Object.keys(document.webhooks),
      ...operations.flatMap((item) => Object.values(item).map(({ summary }) => summary)),
      ...Object.values(document.components.schemas).flatMap(({ properties }) =>
        Object.keys(properties ?? {}),
      ),
      // One is for the forms of the owner's pages alone, which the document leaves out.
      ...Object.keys(PROBLEMS).filter((code) => code !== 'forbidden'),
      ...operations
        .flatMap((item) => Object.values(item))
        .flatMap(({ parameters }) => (parameters ?? []).map(({ name }) => name)),
    ]
    expect(expected.filter((one) => !text.includes(one))).toEqual([])
  })

  it('shows the examples of the document', async () => {
    const text = readable(await render())
    const examples = document.paths[paths.events]?.post?.requestBody?.content['application/json']
    for (const { value } of Object.values(examples?.examples ?? {})) {
      expect(text).toContain(JSON.stringify(value, null, 2))
    }
  })

  it('has links within it that lead somewhere, and no id twice', async () => {
    const page = await render()
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
    const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)].map(([, id]) => id)
    expect(targets.length).toBeGreaterThan(20)
    expect(targets.filter((target) => !ids.includes(target))).toEqual([])
  })

  it('escapes whatever the document holds', async () => {
    const hostile = '<script>alert("1")</script>`<img src=x>`'
    const page = await render({
      ...document,
      info: { ...document.info, title: hostile, description: hostile },
      servers: [{ url: hostile, description: hostile }],
      tags: [...document.tags, { name: hostile, description: hostile }],
      paths: {
        ...document.paths,
        [hostile]: {
          get: {
            operationId: '"><b>',
            tags: ['Service'],
            summary: hostile,
            description: hostile,
            security: [],
            responses: {
              200: {
                description: hostile,
                content: {
                  [hostile]: {
                    schema: {
                      type: 'object',
                      properties: {
                        [hostile]: { type: 'string', description: hostile, enum: [hostile] },
                      },
                    },
                    examples: { one: { summary: hostile, value: hostile } },
                  },
                },
              },
            },
          },
        },
      },
    })
    expect(page.match(/<script|<img|"><b>/g)).toBeNull()
  })

  it('is light, without script and without anything from elsewhere', async () => {
    const page = await render()
    expect(new TextEncoder().encode(page).length).toBeLessThan(DOCS_PAGE_MAX_BYTES)
    expect(page.match(/<(script|img|link|iframe|object)\b|\bsrc=|@import|url\(/g)).toBeNull()
  })
})

describe('GET /docs', () => {
  it('is served without any setting, under a policy that allows its own style alone', async () => {
    const response = await setupApp.request(
      paths.docs,
      {},
      { problems: [], randomBytes, now: () => 0 },
    )
    const page = await response.text()
    const nonce = /<style nonce="([\w-]{22})">/.exec(page)?.[1] ?? 'none'
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    )
  })

  it('uses a nonce once', async () => {
    const policies = await Promise.all(
      [1, 2].map(async () => {
        const response = await setupApp.request(
          paths.docs,
          {},
          { problems: [], randomBytes, now: () => 0 },
        )
        return response.headers.get('content-security-policy')
      }),
    )
    expect(policies[0]).not.toBe(policies[1])
  })
})
