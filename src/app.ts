// Routes mounted, security headers set, errors turned into problem+json. No decision of any room.

import { Hono, type Context as HonoContext } from 'hono'
import { except } from 'hono/combine'
import { accountRoutes } from './api/account-routes.ts'
import { actionRoutes } from './api/action-routes.ts'
import { apiKeyAuth } from './api/api-key.ts'
import { createDocsRoutes } from './api/docs-routes.ts'
import { holdRoutes } from './api/hold-routes.ts'
import { importRoutes } from './api/import-routes.ts'
import { portalLinkRoutes } from './api/portal-link-routes.ts'
import { tellRelease } from './api/release.ts'
import { sessionRoutes } from './api/session-routes.ts'
import type { Context } from './context.ts'
import { inboundRoutes } from './inbound/routes.ts'
import { ingestRoutes } from './ingest/routes.ts'
import { errorFields, logError } from './lib/log.ts'
import { isPlainPath, sentPath } from './lib/plain-path.ts'
import type { Ports } from './lib/ports.ts'
import { problem } from './lib/problem.ts'
import { lateProblem, readDeadline } from './lib/read-deadline.ts'
import { limitBody } from './lib/refuse-body.ts'
import { refuseOtherMethods } from './lib/refuse-methods.ts'
import type { RouteEnv } from './lib/route-env.ts'
import { securityHeaders } from './lib/security-headers.ts'
import type { SettingProblem } from './lib/settings.ts'
import { formatInstant } from './lib/time.ts'
import { cardRoutes } from './lock/card/card-routes.ts'
import { codeRoutes } from './lock/code-routes.ts'
import { confirmRoutes } from './lock/confirm-routes.ts'
import { liftStopRoutes } from './lock/lift/stop-routes.ts'
import { nowherePage, unavailablePage } from './lock/page.ts'
import { lockRoutes } from './lock/routes.ts'
import { lockStatusRoutes } from './lock/status-routes.ts'
import { actRoutes } from './ops/acts/routes.ts'
import { readHealth } from './ops/health.ts'
import { brokenOpsPage } from './ops/pages/broken-page.ts'
import { opsRoutes } from './ops/pages/routes.ts'
import { opsStatusRoutes } from './ops/status-routes.ts'
import { watchCron } from './ops/watch-over.ts'
import { pageBasics, show } from './page/respond.ts'
import { paths } from './paths.ts'
import { practiceRoutes } from './portal/drill/routes.ts'
import { receiptKeyRoutes } from './portal/hold/routes.ts'
import { pushWorkerRoutes } from './portal/push/worker-routes.ts'
import { portalRoutes } from './portal/routes.ts'
import { entryRoutes } from './portal/visit/entry-routes.ts'
import { receiptRoutes } from './receipt/routes.ts'

/** Without all settings there is no context, only what is wrong with them. */
type SetupEnv = {
  Bindings: Pick<Ports, 'randomBytes' | 'now'> & { readonly problems: readonly SettingProblem[] }
}

const REST_BODY_MAX_KIB = 16

/** It has bounds of its own. An account may be called `import`, too: a PUT of it is a PUT. */
const isImport = ({ req }: HonoContext) => req.method === 'POST' && req.path === paths.accountImport

// Introspection is a question though it is a POST.
const apiReadDeadline = readDeadline<RouteEnv<Context>>(
  lateProblem,
  (path) => path === paths.introspect,
)

/**
 * Whose addresses may be spelled encoded: the REST API's, since clients encode ids as a matter of course (`:` as
 * `%3A`), and what is compared and stored is the id. And those with a token, which answer with their own page.
 */
const OTHERWISE_SPELLED = ['/v1/accounts/', '/l/', '/c/', '/enter/']

/** What is signed by its sender instead of coming with a key. */
const KEYLESS = ['/v1/events/', '/v1/receipts/', '/v1/inbound/']

export const app = new Hono<RouteEnv<Context>>()
app.use(securityHeaders)
app.use(async (c, next) => {
  const path = sentPath(c.req.url)
  const isOther = OTHERWISE_SPELLED.some((start) => path.startsWith(start))
  return isOther || isPlainPath(c.req.url) ? next() : c.notFound()
})
app.use(async (c, next) => {
  await next()
  // Whoever sees that the minute's work stands still says so: it cannot itself.
  const said = watchCron(c.env.context)
  if (said) c.executionCtx.waitUntil(said)
})
app.use(paths.health, tellRelease)
app.get(paths.health, async (c) => {
  const { status, sinceAt } = await readHealth(c.env.context)
  const body = { status, since: formatInstant(sinceAt) }
  return status === 'down' ? c.json(body, 503, { 'retry-after': '5' }) : c.json(body)
})
app.route(
  '/',
  createDocsRoutes<RouteEnv<Context>>(({ context: { config, randomBytes } }) => ({
    origin: config.publicOrigin,
    randomBytes,
  })),
)
app.route('/', ingestRoutes)
app.route('/', receiptRoutes)
app.route('/', inboundRoutes)
app.route('/', confirmRoutes)
app.route('/', lockRoutes)
app.route('/', codeRoutes)
app.route('/', cardRoutes)
app.route('/', liftStopRoutes)
app.route('/', lockStatusRoutes)
app.route('/', entryRoutes)
app.route('/', practiceRoutes)
app.route('/', pushWorkerRoutes)
app.route('/', receiptKeyRoutes)
app.route('/', portalRoutes)
app.route('/', opsRoutes)
const withoutKey = refuseOtherMethods(app)
// Before the key is asked for: whoever posts events or receipts has none, and would look for it in vain.
app.use('/v1/*', async (c, next) => {
  const { pathname } = new URL(c.req.url)
  if (pathname.endsWith('/')) return problem('not_found', { detail: 'No path ends in a slash.' })
  return KEYLESS.some((start) => pathname.startsWith(start)) ? problem('not_found') : next()
})
app.use('/v1/*', apiKeyAuth, except(isImport, limitBody(REST_BODY_MAX_KIB)), apiReadDeadline)
app.route('/', importRoutes)
app.route('/', accountRoutes)
app.route('/', sessionRoutes)
app.route('/', holdRoutes)
app.route('/', actionRoutes)
app.route('/', portalLinkRoutes)
app.route('/', actRoutes)
app.route('/', opsStatusRoutes)
refuseOtherMethods(app, withoutKey)
app.notFound((c) =>
  isPerson(c.req.raw) ? show(nowherePage(pageBasics(c)), 404) : problem('not_found'),
)
app.onError((error, c) => {
  logError('request.failed', errorFields(error))
  // D1 away is a state of the world: the caller shall retry. Anything else is a bug of ours.
  if (!isStorageError(error)) return problem('internal')
  const headers = { 'retry-after': '5' }
  return isPerson(c.req.raw)
    ? show(unavailablePage(pageBasics(c), isAct(c.req.method)), 503, headers)
    : problem('unavailable', { headers })
})

/** Answers while settings are missing or malformed: says which, shows the docs, refuses the rest. */
export const setupApp = new Hono<SetupEnv>()
setupApp.use(securityHeaders)
// Names of settings are no secret, and the operator needs them; values are never shown.
setupApp.get(paths.health, (c) =>
  c.json({ status: 'misconfigured', settings: c.env.problems }, 503),
)
setupApp.get(paths.ops, (c) => brokenOpsPage(c.env.problems, c.env.now()))
setupApp.route(
  '/',
  createDocsRoutes<SetupEnv>(({ randomBytes }) => ({ origin: null, randomBytes })),
)
refuseOtherMethods(setupApp)
setupApp.notFound(() => problem('unavailable', { headers: { 'retry-after': '30' } }))

/** Browsers ask for HTML by name where a page is to be shown; machines do not (RFC 9110 §12.5.1). */
function isPerson({ headers, url }: Request): boolean {
  const isApi = new URL(url).pathname.startsWith('/v1/')
  return !isApi && (headers.get('accept') ?? '').includes('text/html')
}

/** What is no act has changed nothing, answered or not. */
function isAct(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

function isStorageError(error: Error): boolean {
  return error.message.startsWith('Failed query') || error.message.startsWith('D1_ERROR')
}
