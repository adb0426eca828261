// What Hono hands to a route: not the Worker's Env but what the entry made of it, so that no route runs
// before all settings are known to be there. Each room names the part of the context it needs.

export type RouteEnv<Context> = { Bindings: { readonly context: Context } }
