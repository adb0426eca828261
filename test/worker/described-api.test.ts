// The API's own description, where the Worker serves it. That every answer of every other test is as it
// says is held by support/check-answers.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../../src/api/openapi/document.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const { paths } = await openApiDocument(null)

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

describe('a described path', () => {
  it.each(Object.entries(paths))('refuses other methods: %s', async (template, item) => {
    const path = template.replace(/\{\w+\}/g, 'some-id')
    const described = Object.keys(item).map((method) => method.toUpperCase())
    const allowed = described.includes('GET') ? [...described, 'HEAD'] : described
    const answer = await stage.world.exchange.api('PATCH', path)
    expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([
      405,
      allowed.sort().join(', '),
      expect.objectContaining({ code: 'method_not_allowed' }),
    ])
  })
})

describe('/openapi.json', () => {
  it('is the document, with the origin of this deployment', async () => {
    const answer = await stage.runtime.fetch('/openapi.json')
    const document: unknown = await answer.json()
    const { origin } = stage.runtime
    expect(document).toEqual(JSON.parse(JSON.stringify(await openApiDocument(origin))))
  })
})
