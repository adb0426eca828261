// Which login a text or a push tells of, and what is new of it: where one tells of several, the most unusual of them.

import type { Db } from '../lib/db.ts'
import { countBeyond } from '../login/counted.ts'
import type { Login } from '../login/login.ts'
import { readMerged } from '../login/logins.ts'

export type ToldLogin = {
  readonly told: Login
  /** Numbers of all that are told of, in any order. */
  readonly numbers: readonly number[]
  readonly isMixed: boolean
  readonly isNewCountry: boolean
  /** Of several: any of them. */
  readonly isNewDevice: boolean
  /** How many are told of; of an activity, those as well that are only counted. */
  readonly times: number
}

export async function readTold(db: Db, login: Login): Promise<ToldLogin> {
  const merged = login.mergedInto === login.seq ? await readMerged(db, login) : null
  const told = merged?.told ?? login
  const numbers = merged?.numbers ?? [login.alertNumber ?? 0]
  const isGathered = merged !== null && login.activity !== null
  const counted = isGathered ? await countBeyond(db, login) : 0
  // To an account's first login every country and device is new.
  const isLater = told.seq > 1
  return {
    told,
    numbers,
    times: numbers.length + counted,
    isMixed: merged?.isMixed ?? false,
    isNewCountry: told.isNewCountry && isLater,
    isNewDevice: merged?.isNewDevice ?? (told.isNewDevice && isLater),
  }
}
