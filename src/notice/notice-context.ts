// What posting a notice needs of the context.

import type { AlertJob } from '../jobs.ts'
import type { Ports } from '../lib/ports.ts'
import type { DbOf } from '../lib/shards.ts'

export type NoticeContext = Pick<Ports, 'now'> & {
  readonly dbOf: DbOf
  readonly alerts: Queue<AlertJob>
}
