// What taking in events needs of the context.

import type { AlertJob } from '../jobs.ts'
import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { WebhookSecret } from '../lib/webhook-secret.ts'
import type { PlaceTable } from '../place/place-table.ts'

export type IngestContext = Pick<Ports, 'now' | 'after'> & {
  readonly config: {
    readonly webhookSecrets: readonly WebhookSecret[]
    readonly dataKeys: SealKeys
    readonly alertsPerWindow: number
  }
  readonly db: Db
  readonly alerts: Queue<AlertJob>
  readonly placeTable: PlaceTable
}
