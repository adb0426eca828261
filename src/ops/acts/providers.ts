// A provider asked first or last for an hour, or trusted again at once: without a deploy, and every isolate follows within
// two seconds. None of it takes a provider away: whoever is asked last is still asked when the others fail.

import { isSupportedCountry } from 'libphonenumber-js/mobile'
import type { Db } from '../../lib/db.ts'
import { logInfo } from '../../lib/log.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok } from '../../lib/result.ts'
import { HOUR_MS } from '../../lib/time.ts'
import { breakerScope } from '../../routing/breaker.ts'
import { clearOrderStatement, setOrderStatement } from '../../routing/hand-orders.ts'
import { trustAgainStatements } from '../../routing/trust-again.ts'
import type { SmsProvider } from '../../sms/registry.ts'
import type { ActRefusal, ActResult, OrderProvider, TrustProvider } from './act.ts'
import { actDone, newAct, recordStatement } from './record.ts'

export type ProviderActContext = Pick<Ports, 'randomBytes'> & {
  readonly db: Db
  readonly config: { readonly providers: readonly SmsProvider[] }
}

export const ORDER_MS = HOUR_MS

export async function orderProvider(
  context: ProviderActContext,
  act: OrderProvider,
  who: string,
  now: number,
): Promise<ActResult> {
  const refusal = refuseScope(context, act)
  if (refusal) return err(refusal)
  const { db } = context
  const scope = breakerScope(act.provider, act.country)
  const record = newAct(context.randomBytes, act, `${scope} ${act.place}`, who, now)
  if (act.place === 'usual') {
    const cleared = await db.batch([
      clearOrderStatement(db, scope, now),
      recordStatement(db, record),
    ])
    return ok(actDone(record, { count: cleared[0].meta.changes }))
  }
  const untilAt = now + ORDER_MS
  await db.batch([
    setOrderStatement(db, { scope, place: act.place, sinceAt: now, untilAt }),
    recordStatement(db, { ...record, count: 1, untilAt }),
  ])
  return ok(actDone(record, { count: 1, untilAt }))
}

/** Counts the breakers that were closed and the weights that were given back. */
export async function trustProvider(
  context: ProviderActContext,
  act: TrustProvider,
  who: string,
  now: number,
): Promise<ActResult> {
  const refusal = refuseScope(context, act)
  if (refusal) return err(refusal)
  const { db } = context
  const scope = breakerScope(act.provider, act.country)
  const record = newAct(context.randomBytes, act, scope, who, now)
  const [, closed, , raised] = await db.batch([
    ...trustAgainStatements(db, act, now),
    recordStatement(db, record),
  ])
  for (const breaker of closed) logInfo('breaker.closed', { ...breaker, by: 'hand' })
  return ok(actDone(record, { count: closed.length + raised.meta.changes }))
}

function refuseScope(
  { config }: ProviderActContext,
  { provider, country }: Pick<OrderProvider, 'provider' | 'country'>,
): ActRefusal | null {
  if (!config.providers.some(({ name }) => name === provider)) {
    return { kind: 'invalid', pointer: '/provider', detail: 'is not in SMS_PROVIDERS' }
  }
  return country === null ? null : refuseCountry(country)
}

/** One that no number has would hold for nobody. */
export function refuseCountry(country: string): ActRefusal | null {
  if (isSupportedCountry(country)) return null
  const detail = 'is no country: two capitals of ISO 3166-1'
  return { kind: 'invalid', pointer: '/country', detail }
}
