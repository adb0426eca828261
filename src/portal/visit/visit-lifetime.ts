// How long a visit lasts.

import { MINUTE_MS } from '../../lib/time.ts'

export const VISIT_LIFETIME_MS = 30 * MINUTE_MS
