// What Hono hands to every route: the Worker's bindings and the context built from them.

import type { Context } from './context.ts'

export type AppEnv = { Bindings: Env; Variables: { context: Context } }
