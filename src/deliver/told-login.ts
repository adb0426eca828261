// Which login a text or a push tells of, and what is new of it: where one tells of several, the most unusual of them.

import type { Db } from '../lib/db.ts'
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
}

export async function readTold(db: Db, login: Login): Promise<ToldLogin> {
  const merged = login.mergedInto === login.seq ? await readMerged(db, login) : null
  const told = merged?.told ?? login
  // To an account's first login every country and device is new.
  const isLater = told.seq > 1
  return {
    told,
    numbers: merged?.numbers ?? [login.alertNumber ?? 0],
    isMixed: merged?.isMixed ?? false,
    isNewCountry: told.isNewCountry && isLater,
    isNewDevice: merged?.isNewDevice ?? (told.isNewDevice && isLater),
  }
}
