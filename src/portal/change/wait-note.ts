// Said before a change that holds withdrawals by itself: nobody should learn it from the hold. Silent where none would begin.

import { html } from 'hono/html'
import { DAY_MS } from '../../lib/time.ts'
import { coolingOffMs } from '../../lock/hold-settings.ts'
import type { Markup } from '../../page/markup.ts'
import { fillDurations } from '../../page/words.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import { CHANGES, type PortalChange } from './changes.ts'

export function waitNote(c: VisitContext, change: PortalChange): Markup | '' {
  const { config, now } = c.env.context
  const { account, holds, language } = c.var
  const hold = coolingOffMs(config)
  const isHolding = CHANGES[change].holds !== undefined && hold > 0
  // As where it begins: none in the first day, none while one for the same reason runs.
  const isNew = account.unseen === 0 && account.createdAt > now() - DAY_MS
  if (!isHolding || isNew || holds.some(({ reason }) => reason === 'activity')) return ''
  return html`<p>${fillDurations(language, language.change.waits, { hold })}</p>`
}
