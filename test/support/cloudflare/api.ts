// Cloudflare's API on loopback, over an account in memory: what `npm run deploy` and wrangler ask of it. Records every call.
// Anything it does not know is answered 404 and shows in `unknown`.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAccount, type FakeAccount } from './account.ts'
import { refused } from './answer.ts'
import { readBody, textOf } from './body.ts'
import { answerOf } from './routes.ts'

export type FakeCall = { readonly method: string; readonly path: string; readonly body: unknown }

export type FakeCloudflare = {
  readonly account: FakeAccount
  readonly baseUrl: string
  readonly calls: FakeCall[]
  /** Calls that change something, as `METHOD path`; a query of D1 is one unless it only reads. */
  readonly writes: () => readonly string[]
  readonly unknown: string[]
  /** Answers these with 500 instead: `METHOD path` as a whole. */
  readonly failing: Set<string>
  readonly close: () => Promise<void>
}

export const FAKE_ACCOUNT_ID = 'a1'
export const FAKE_TOKEN = 'fake-token'

export async function startCloudflare(): Promise<FakeCloudflare> {
  const account = createAccount()
  const calls: FakeCall[] = []
  const unknown: string[] = []
  const failing = new Set<string>()
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const method = request.method ?? 'GET'
    const path = url.pathname.replace(`/accounts/${FAKE_ACCOUNT_ID}`, '')
    const body = await readBody(request)
    calls.push({ method, path, body })
    const answer =
      request.headers.authorization !== `Bearer ${FAKE_TOKEN}`
        ? refused(401, 10000, 'Authentication error')
        : failing.has(`${method} ${path}`)
          ? refused(500, 10001, 'the fake was told to fail')
          : answerOf({ account, method, path, query: url.searchParams, body })
    if (answer === null) unknown.push(`${method} ${path}`)
    const { status, content } = answer ?? refused(404, 7003, `no route ${method} ${path}`)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(content))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ account, calls, unknown, failing, baseUrl: `http://127.0.0.1:${port}` },
    writes: () => calls.filter(isWrite).map(({ method, path }) => `${method} ${path}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function isWrite({ method, path, body }: FakeCall): boolean {
  if (method === 'GET') return false
  return !(path.endsWith('/query') && /^\s*SELECT\b/i.test(textOf(body, 'sql')))
}
