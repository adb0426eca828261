// 405 for what is mounted, but not by that method: one rule for every path, so that `Allow` cannot say
// something else than the routes.

import type { Hono } from 'hono'
import { problem } from './problem.ts'

/**
 * Refuses every other method of the paths mounted so far, but for those `refused` by an earlier call, and
 * gives back all of them. What guards a path by then (a key, a visit) is asked first: whoever may not call
 * learns nothing of methods.
 */
export function refuseOtherMethods<E extends { Bindings: object }>(
  routes: Hono<E>,
  refused: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  // `ALL` is middleware.
  const mounted = routes.routes.filter(({ method, path }) => method !== 'ALL' && !refused.has(path))
  const byPath = Map.groupBy(mounted, ({ path }) => path)
  for (const [path, handlers] of byPath) {
    const methods = new Set(handlers.map(({ method }) => method))
    // Hono answers HEAD wherever there is a GET.
    if (methods.has('GET')) methods.add('HEAD')
    const headers = { allow: [...methods].sort().join(', ') }
    routes.all(path, () => problem('method_not_allowed', { headers }))
  }
  return new Set([...refused, ...byPath.keys()])
}
