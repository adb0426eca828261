// Which release answers: beside what /healthz says, so that a deployment can be told from the one before. Says nothing
// where nobody named it.

import { createMiddleware } from 'hono/factory'
import type { RouteEnv } from '../lib/route-env.ts'

export const RELEASE_HEADER = 'lockline-release'

type ReleaseContext = { readonly release: string | null }

export const tellRelease = createMiddleware<RouteEnv<ReleaseContext>>(async (c, next) => {
  await next()
  const { release } = c.env.context
  if (release !== null) c.header(RELEASE_HEADER, release)
})
