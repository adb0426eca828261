// What Hono hands to every route. Not the Worker's Env: the entry has turned that into a context, so
// no route runs before all settings are known to be there.

import type { Context } from './context.ts'
import type { SettingProblem } from './lib/settings.ts'

export type AppEnv = { Bindings: { readonly context: Context } }

/** While settings are missing or malformed there is no context, only what is wrong. */
export type SetupEnv = { Bindings: { readonly problems: readonly SettingProblem[] } }
