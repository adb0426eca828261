// An account a year old, a login of a new device that began a hold a minute ago, and what its owner or a thief can then do: the
// real routes over the real tables, at an instant that the test chooses.

import { generateHOTP } from '@oslojs/otp'
import { saveAccountStatement, sealField } from '../../../src/account/accounts.ts'
import type { LiftPolicy } from '../../../src/account/owner-proofs.ts'
import { totpKey } from '../../../src/account/totp-secret.ts'
import { parseConfig } from '../../../src/config.ts'
import type { Context } from '../../../src/context.ts'
import type { CallbackJob } from '../../../src/jobs.ts'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../src/lib/time.ts'
import { confirmRoutes } from '../../../src/lock/confirm-routes.ts'
import { findHoldState } from '../../../src/lock/hold-state.ts'
import { type HoldToStart, holdCallbackId, startHoldStatements } from '../../../src/lock/holds.ts'
import { lockClaims, mintLockToken } from '../../../src/lock/link.ts'
import type { Login } from '../../../src/login/login.ts'
import { lockConfirmPath } from '../../../src/paths.ts'
import { callbacks, logins, notices } from '../../../src/schema.ts'
import { createPasskeyDevice, type PasskeyDevice } from '../../support/passkey-device.ts'
import { readAsked } from '../../support/passkeys.ts'
import { ports, randomBytes } from '../../support/ports.ts'
import { storePasskey } from '../../support/stored-passkey.ts'
import { aLogin, NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'
import { ID, SETTINGS } from '../portal/owner-pages.ts'

export const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
export const OTHER_SECRET = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU'
const ORIGIN = SETTINGS.PUBLIC_ORIGIN
/** Old enough at the moment a hold began. */
export const LONG_AGO = NOW - 72 * HOUR_MS
export const TOO_LATE = LONG_AGO + 1

type Beginning = {
  readonly LIFT_POLICY?: LiftPolicy
  /** Since when the authenticator's secret is the account's; undefined: it has none. */
  readonly totpAt?: number
  readonly passkeyAt?: number
}

/** The hold is of twelve hours, began at `NOW`; it is a minute later. */
export async function heldOwner({ totpAt, passkeyAt, LIFT_POLICY = 'api' }: Beginning) {
  const parsed = parseConfig({ ...SETTINGS, LIFT_POLICY }, ports)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const config = parsed.value
  const db = openMemoryDb()
  const clock = { now: NOW + 60_000 }
  const nudged: string[] = []
  const context: Context = Object.assign(Object.create(null), {
    ...ports,
    ...{ config, ...storesOf(db), now: () => clock.now },
    alerts: { send: async () => {} },
    callbacks: {
      send: async (job: CallbackJob) => {
        if (job.kind === 'callback') nudged.push(job.callbackId)
      },
    },
  })
  const setTotp = async (secret: string | null, at: number) => {
    const { dataKeys } = config
    const totpSealed = secret && (await sealField(randomBytes, dataKeys, ID, 'totp', secret))
    await saveAccountStatement(db, ID, { totpSealed }, at)
  }
  await saveAccountStatement(db, ID, {}, NOW - 365 * DAY_MS)
  if (totpAt !== undefined) await setTotp(SECRET, totpAt)

  async function addPasskey(createdAt: number): Promise<PasskeyDevice> {
    return (await storePasskey(db, { accountId: ID, createdAt, origin: ORIGIN })).device
  }
  const device = passkeyAt === undefined ? createPasskeyDevice(ORIGIN) : await addPasskey(passkeyAt)

  let seq = 0
  /** What the exchange reported: an alert of its own, whose link comes back. */
  async function happened(changes: Partial<Login> = {}): Promise<string> {
    seq += 1
    const own = { accountId: ID, seq, alertId: `alr_${seq}`, sessionId: `s_${seq}` }
    const times = { occurredAt: clock.now, receivedAt: clock.now }
    const login = aLogin({ ...own, ...times, alertNumber: seq, isFamiliar: false, ...changes })
    await db.insert(logins).values(login)
    const claims = lockClaims(ID, login.alertNumber ?? 0, login.occurredAt)
    return lockConfirmPath(await mintLockToken(config.linkKeys, claims))
  }
  async function hold(changes: Partial<HoldToStart> = {}) {
    const begun: HoldToStart = {
      ...{ accountId: ID, holdId: 'hld_1', reason: 'cooling_off', startedAt: clock.now },
      ...{ until: clock.now + 12 * HOUR_MS, alertId: 'alr_1', cause: 'device' },
      ...changes,
    }
    const callbackId = await holdCallbackId('hold.started', begun)
    await db.batch(startHoldStatements(db, { ...begun, callbackId, erasedScopes: [] }))
  }
  clock.now = NOW
  const link = await happened({ holdUntil: NOW + 12 * HOUR_MS })
  await hold()
  clock.now = NOW + 60_000

  async function ask(path: string, fields?: Readonly<Record<string, string>>, from?: string) {
    const own = from === undefined ? {} : { 'cf-connecting-ip': from }
    const headers = { origin: ORIGIN, 'accept-language': 'en', ...own }
    const body = fields && new URLSearchParams(fields)
    const request = { method: fields ? 'POST' : 'GET', headers, ...(body && { body }) }
    const response = await confirmRoutes.request(path, request, { context })
    return { status: response.status, text: await response.text() }
  }
  const codeOf = (secret: string, at = clock.now) =>
    generateHOTP(totpKey(secret), BigInt(Math.floor(at / (30 * SECOND_MS))), 6)
  const shownOn = (page: string) => /name="shown" value="([^"]*)"/.exec(page)?.[1] ?? ''
  /** As its page is filled in. */
  async function typeCode(path: string, totp = codeOf(SECRET)) {
    return ask(path, { shown: shownOn((await ask(path)).text), totp })
  }
  async function sign(path: string, by = device) {
    const { challenge, sealed } = readAsked((await ask(path)).text)
    return ask(path, { challenge: sealed, credential: by.assert({ challenge }) })
  }
  const isHeld = async () => (await findHoldState(db, ID, clock.now)).hold !== null
  const told = async () =>
    (await db.select().from(callbacks))
      .map(({ type }) => type)
      .filter((type) => type !== 'hold.started')
  const posted = async () => (await db.select().from(notices)).map(({ kind }) => kind)
  const act = { ask, typeCode, sign, codeOf, shownOn, addPasskey, setTotp, hold, happened }
  return { db, context, clock, link, device, nudged, isHeld, told, posted, ...act }
}
