// What posting a notice needs of the context.

import type { AlertJob } from '../jobs.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'

export type NoticeContext = Pick<Ports, 'now'> & {
  readonly db: Db
  readonly alerts: Queue<AlertJob>
}
