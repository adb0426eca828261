// What pushing to a device needs of the context.

import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { DbOf } from '../lib/shards.ts'
import type { PushSettings } from './push-settings.ts'

export type PushContext = Pick<Ports, 'now' | 'after' | 'fetch'> & {
  readonly dbOf: DbOf
  readonly config: {
    readonly dataKeys: SealKeys
    /** Null when push is off. */
    readonly push: PushSettings | null
  }
}
