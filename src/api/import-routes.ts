// POST /v1/accounts/import: many accounts as lines of JSON, answered line by line. A line that is refused stops no other;
// where D1 is away or a bound is reached, the last line says where to go on.

import { Hono } from 'hono'
import { logInfo } from '../lib/log.ts'
import { refuseMediaType } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { paths } from '../paths.ts'
import type { ApiContext } from './api-context.ts'
import { keyName } from './api-key.ts'
import { importLines } from './import-lines.ts'
import { ImportQuerySchema, readInput } from './requests.ts'

const NDJSON = 'application/x-ndjson'

export const importRoutes = new Hono<RouteEnv<ApiContext>>()

importRoutes.post(paths.accountImport, async (c) => {
  const refusal = refuseMediaType(c.req.header('content-type'), NDJSON)
  if (refusal) return refusal
  const query = readInput(ImportQuerySchema, c.req.query())
  if (!query.ok) return query.error
  const { context } = c.env
  const { first_line: firstLine, from_line: given } = query.value
  const fromLine = Math.max(firstLine, given)
  const { body } = c.req.raw
  const key = await keyName(c)
  const encoder = new TextEncoder()
  const answer = new ReadableStream<Uint8Array>({
    // Written as it comes to be, whether or not it is read: a caller that sends everything before it reads must not wait
    // for itself. The number of lines bounds what is kept.
    start: async (controller) => {
      const write = (lines: readonly object[]) => {
        const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
        controller.enqueue(encoder.encode(text))
      }
      const end = await importLines(context, body, { firstLine, fromLine, key }, write)
      const { stored, refused, next_line: next } = end
      logInfo('accounts.imported', { stored, refused, is_all: next === null, key })
      write([end])
      controller.close()
    },
  })
  return c.body(answer, 200, { 'content-type': NDJSON })
})
