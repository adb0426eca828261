// No code SMS to a country, for as long as the operator says: against somebody who is paid for them. Alerts go on; owners who
// ask for a code there are told on their page that it cannot be sent now.

import { allowCodesStatement, stopCodesStatement } from '../../guard/code-stops.ts'
import type { Db } from '../../lib/db.ts'
import type { Ports } from '../../lib/ports.ts'
import { err, ok } from '../../lib/result.ts'
import { DAY_MS, HOUR_MS } from '../../lib/time.ts'
import type { ActResult, AllowCodes, StopCodes } from './act.ts'
import { refuseCountry } from './providers.ts'
import { actDone, newAct, recordStatement } from './record.ts'

export type CodeActContext = Pick<Ports, 'randomBytes'> & { readonly db: Db }

const LASTS_MS = { hour: HOUR_MS, day: DAY_MS, until_allowed: null } as const

export async function stopCodes(
  { db, randomBytes }: CodeActContext,
  act: StopCodes,
  who: string,
  now: number,
): Promise<ActResult> {
  const refusal = refuseCountry(act.country)
  if (refusal) return err(refusal)
  const lastsMs = LASTS_MS[act.lasts]
  const untilAt = lastsMs === null ? null : now + lastsMs
  const record = newAct(randomBytes, act, act.country, who, now)
  await db.batch([
    stopCodesStatement(db, { country: act.country, sinceAt: now, untilAt }),
    recordStatement(db, { ...record, count: 1, untilAt }),
  ])
  return ok(actDone(record, { count: 1, untilAt }))
}

export async function allowCodes(
  { db, randomBytes }: CodeActContext,
  act: AllowCodes,
  who: string,
  now: number,
): Promise<ActResult> {
  const refusal = refuseCountry(act.country)
  if (refusal) return err(refusal)
  const record = newAct(randomBytes, act, act.country, who, now)
  const [allowed] = await db.batch([
    allowCodesStatement(db, act.country, now),
    recordStatement(db, record),
  ])
  return ok(actDone(record, { count: allowed.meta.changes }))
}
