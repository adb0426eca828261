// What routing needs of the context: what the operator wants, and what this isolate knows of providers.

import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import type { WatchMemory } from '../watch/watch-context.ts'
import type { BreakerBoard } from './breaker-board.ts'
import type { RouteSettings } from './route.ts'
import type { RouteMemory } from './route-memory.ts'
import type { RestingWeights, RoutePins } from './route-settings.ts'

export type RoutingContext = Pick<Ports, 'now' | 'randomBytes'> & {
  readonly config: RouteSettings & { readonly weights: RestingWeights; readonly pins: RoutePins }
  readonly db: Db
  readonly breakers: BreakerBoard
  readonly routing: RouteMemory
  readonly watch: Pick<WatchMemory, 'cronAt'>
}
