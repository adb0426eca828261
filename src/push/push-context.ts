// What pushing to a device needs of the context.

import type { Db } from '../lib/db.ts'
import type { Ports } from '../lib/ports.ts'
import type { SealKeys } from '../lib/seal.ts'
import type { PushSettings } from './push-settings.ts'

export type PushContext = Pick<Ports, 'now' | 'after' | 'fetch'> & {
  readonly db: Db
  readonly config: {
    readonly dataKeys: SealKeys
    /** Null when push is off. */
    readonly push: PushSettings | null
  }
}
