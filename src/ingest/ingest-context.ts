// What taking in events needs of the context: what delivering them needs, and what they are verified and stored with.

import type { DeliverContext } from '../deliver/deliver-context.ts'
import type { WebhookSecret } from '../lib/webhook-secret.ts'
import type { PlaceTable } from '../place/place-table.ts'
import type { StorageHealth } from './storage-health.ts'

export type IngestContext = DeliverContext & {
  readonly config: { readonly webhookSecrets: readonly WebhookSecret[] }
  readonly placeTable: PlaceTable
  readonly storage: StorageHealth
}
