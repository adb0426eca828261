// A limit to how long a question waits for D1. Whoever asks (a withdrawal service, a gateway, a frightened
// owner) is better served by "not now" than by silence. For questions alone: an act that is late may still
// be done, and must not be answered as if it were not.

import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import type { Ports } from './ports.ts'
import { problem } from './problem.ts'
import type { RouteEnv } from './route-env.ts'

export const READ_DEADLINE_MS = 2_000

/** When to ask again, in seconds. */
export const READ_RETRY_AFTER = '5'

type DeadlineEnv = RouteEnv<Pick<Ports, 'after'>>

/**
 * Answers with `late` what has no answer after `READ_DEADLINE_MS`. `isQuestion` adds questions that are
 * not asked by GET.
 */
export function readDeadline<E extends DeadlineEnv>(
  late: (c: HonoContext<E>) => Response | Promise<Response>,
  isQuestion: (path: string) => boolean = () => false,
): MiddlewareHandler<E> {
  return async (c, next) => {
    const { method, path } = c.req
    if (method !== 'GET' && method !== 'HEAD' && !isQuestion(path)) return next()
    const expired = Promise.withResolvers<'expired'>()
    const cancel = c.env.context.after(READ_DEADLINE_MS, () => expired.resolve('expired'))
    try {
      // What comes later is let go: Hono keeps the first answer.
      const first = await Promise.race([next(), expired.promise])
      return first === 'expired' ? await late(c) : undefined
    } finally {
      cancel()
    }
  }
}

/** For machines. */
export function lateProblem(): Response {
  return problem('unavailable', { headers: { 'retry-after': READ_RETRY_AFTER } })
}
