// Headers that no answer may lack, whatever its path and status (OWASP ASVS 5.0, V3.4 and V14.3).

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { paths } from '../../src/paths.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

/** The same for everybody, or checked for a newer one at each use. */
const CACHED: Readonly<Record<string, string>> = {
  [paths.openapi]: 'public, max-age=300',
  [paths.receiptKeys]: 'public, max-age=3600',
  [paths.lockConfirmScript]: 'no-cache',
}

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

describe('C10 an answer of', () => {
  it.each([...Object.values(paths), '/nothing/here', '/'])('%s has them', async (path) => {
    for (const method of ['GET', 'POST', 'PATCH']) {
      const url = path.replace(/:\w+/g, 'x')
      const headers = { origin: 'https://elsewhere.example' }
      const answer = await stage.runtime.fetch(url, { method, headers, redirect: 'manual' })
      await answer.body?.cancel()
      const isCached = answer.ok && method === 'GET'
      // The API's description says nothing of anybody; nothing else may be read by another origin.
      const isForAll = isCached && path === paths.openapi
      const cors = [...answer.headers].filter(([name]) => name.startsWith('access-control-'))
      expect([method, cors]).toEqual([
        method,
        isForAll ? [['access-control-allow-origin', '*']] : [],
      ])
      expect([method, answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
        method,
        expect.any(Number),
        {
          'strict-transport-security': 'max-age=63072000; includeSubDomains',
          'content-security-policy': expect.stringMatching(
            /^default-src 'none';.* base-uri 'none'; frame-ancestors 'none'/,
          ),
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': expect.stringMatching(/^(no-referrer|same-origin)$/),
          'cache-control': (isCached && CACHED[path]) || 'no-store',
        },
      ])
    }
  })
})
