// Routes mounted, security headers set, errors turned into problem+json. No decision of any room.

import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { secureHeaders } from 'hono/secure-headers'
import { accountRoutes } from './api/account-routes.ts'
import { apiKeyAuth } from './api/api-key.ts'
import { docsRoutes } from './api/docs-routes.ts'
import { holdRoutes } from './api/hold-routes.ts'
import { sessionRoutes } from './api/session-routes.ts'
import type { AppEnv } from './app-env.ts'
import { createContext } from './context.ts'
import { ingestRoutes } from './ingest/routes.ts'
import { errorFields, logError } from './lib/log.ts'
import { problem } from './lib/problem.ts'
import { lockRoutes } from './lock/routes.ts'
import { paths } from './paths.ts'
import { receiptRoutes } from './receipt/routes.ts'

export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  // The lock pages bring their own, stricter ones.
  for (const path of ['/v1/*', paths.health, paths.openapi, paths.docs]) app.use(path, apiHeaders)
  app.get(paths.health, (c) => {
    const context = createContext(c.env)
    // Names of settings are no secret, and the operator needs them; values are never shown.
    return context.ok
      ? c.json({ status: 'ok' })
      : c.json({ status: 'misconfigured', settings: context.error }, 503)
  })
  app.route('/', docsRoutes)
  app.use(withContext)
  app.route('/', ingestRoutes)
  app.route('/', receiptRoutes)
  app.route('/', lockRoutes)
  app.use('/v1/*', apiKeyAuth, restBodyLimit)
  app.route('/', accountRoutes)
  app.route('/', sessionRoutes)
  app.route('/', holdRoutes)
  app.notFound(() => problem('not_found'))
  app.onError((error) => {
    const fields = errorFields(error)
    logError('request.failed', fields)
    // D1 away is a state of the world: the caller shall retry. Anything else is a bug of ours.
    return isStorageError(error)
      ? problem('unavailable', { headers: { 'retry-after': '5' } })
      : problem('internal')
  })
  return app
}

const apiHeaders = secureHeaders({ referrerPolicy: 'no-referrer', xFrameOptions: 'DENY' })

const REST_BODY_MAX_BYTES = 16 * 1024
const restBodyLimit = bodyLimit({
  maxSize: REST_BODY_MAX_BYTES,
  onError: () => problem('body_too_large'),
})

const withContext = createMiddleware<AppEnv>(async function withContext(c, next) {
  const context = createContext(c.env)
  if (!context.ok) return problem('unavailable', { headers: { 'retry-after': '30' } })
  c.set('context', context.value)
  return next()
})

function isStorageError(error: Error): boolean {
  return error.message.startsWith('Failed query') || error.message.startsWith('D1_ERROR')
}
