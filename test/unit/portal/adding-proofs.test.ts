// A proof added beside a passkey: what the account has is asked for first, once, in this visit and for this; and whoever has
// lost it removes it, which is told and waits.

import { describe, expect, it } from 'vitest'
import { saveAccountStatement, sealField } from '../../../src/account/accounts.ts'
import { bindingCode } from '../../../src/account/binding-code.ts'
import { listPasskeys, PASSKEYS_MAX } from '../../../src/account/passkeys.ts'
import { findProofCode } from '../../../src/account/proof-codes.ts'
import { accounts } from '../../../src/account/tables.ts'
import { callbacks } from '../../../src/exchange/tables.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { holds } from '../../../src/lock/tables.ts'
import { notices } from '../../../src/notice/tables.ts'
import { fill } from '../../../src/page/words.ts'
import { isStillProvenSql } from '../../../src/portal/change/still-proven.ts'
import { en } from '../../../src/words/languages/en.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import { createPasskeyDevice, type PasskeyDevice } from '../../support/passkey-device.ts'
import { GARBAGE, LIES, readAsked } from '../../support/passkeys.ts'
import { randomBytes } from '../../support/ports.ts'
import { storePasskey } from '../../support/stored-passkey.ts'
import { totpAt } from '../../support/totp.ts'
import { ID, type OwnerPages, ownerPages } from './owner-pages.ts'

const PASSKEYS = '/portal/passkeys'
const PROVE = '/portal/passkeys/prove'
const REMOVE = '/portal/passkeys/remove'
const APP = '/portal/authenticator'
const ORIGIN = 'https://lock.example.com'
const ADDED = `${PASSKEYS}?done=passkey_added`

type Fields = Readonly<Record<string, string>>

/** The owner's, of a day ago: what proves no hold's end yet adds another. */
async function withPasskey(beginning: Parameters<typeof ownerPages>[0] = {}) {
  const pages = await ownerPages(beginning)
  const own = await pages.addPasskey(pages.clock.now - DAY_MS)
  return { pages, own }
}

async function asserted(
  pages: OwnerPages,
  device: PasskeyDevice,
  { path = PASSKEYS, visitId, ...lie }: { path?: string; visitId?: string } & object = {},
): Promise<Fields> {
  const { challenge, sealed } = readAsked((await pages.ask(path, undefined, visitId)).text)
  return { challenge: sealed, credential: device.assert({ challenge, ...lie }) }
}

/** What the second page asks of another device, answered. */
function registered(page: string, device: PasskeyDevice): Fields {
  const { challenge, sealed } = readAsked(page)
  const [, provenBy] = /name="proven_by" value="([^"]*)"/.exec(page) ?? []
  const fields = { challenge: sealed, credential: device.register({ challenge }) }
  return provenBy === undefined ? fields : { ...fields, proven_by: provenBy }
}

async function prove(pages: OwnerPages, own: PasskeyDevice): Promise<string> {
  const proven = await pages.ask(PROVE, await asserted(pages, own))
  expect(proven.status).toBe(200)
  return proven.text
}

async function proposed(pages: OwnerPages): Promise<Fields & { readonly secret: string }> {
  const { text } = await pages.ask(APP)
  const [, proposal = ''] = /name="proposal" value="([^"]*)"/.exec(text) ?? []
  const [, secret = ''] = /secret=([A-Z2-7]+)/.exec(text) ?? []
  return { proposal, totp: totpAt(pages.clock.now, secret), secret }
}

async function smsCode(pages: OwnerPages): Promise<string> {
  const proof = await findProofCode(pages.db, ID, pages.clock.now)
  if (!proof) throw new Error('no code was sent')
  return bindingCode(pages.config.linkKeys, proof)
}

const newDevice = () => createPasskeyDevice(ORIGIN)

const idsOf = async ({ db }: OwnerPages) =>
  (await listPasskeys(db, ID)).map(({ credentialId }) => credentialId)

async function toldOf({ db }: OwnerPages, type: string) {
  const rows = await db.select().from(callbacks)
  return rows.filter((row) => row.type === type).map(({ body }) => JSON.parse(body).data)
}

describe('a passkey beside another, without an app', () => {
  it('is added by that one, whatever its age, in two steps', async () => {
    const { pages, own } = await withPasskey()
    const first = await pages.ask(PASSKEYS)
    expect(first.text).toContain(en.beside.takes)
    expect(first.text).toContain('src="/lock/confirm.js"')
    const page = await prove(pages, own)
    expect(page).toContain(en.beside.proven)
    expect(page).toContain('src="/portal/passkeys.js"')
    const other = newDevice()
    const added = await pages.ask(PASSKEYS, registered(page, other))
    expect([added.status, added.location]).toEqual([303, ADDED])
    expect(await idsOf(pages)).toEqual([own.credentialId, other.credentialId])
    expect(await toldOf(pages, 'protection.changed')).toMatchObject([
      { change: 'passkey_added', proof: 'passkey' },
    ])
    // No SMS but the one that tells of it.
    const sent = await pages.db.select().from(notices)
    expect(sent.map(({ kind }) => kind)).toEqual(['passkey_added'])
  })

  it('is not added by a code, by the exchange’s word, or by what was asked before', async () => {
    const pages = await ownerPages()
    const before = (await pages.ask(PASSKEYS)).text
    await pages.ask(PASSKEYS, registered(before, newDevice()))
    const code = await smsCode(pages)
    const own = await pages.addPasskey(pages.clock.now)
    for (const fields of [{}, { sms_code: code }, { totp: '123456' }, { proven_by: '' }]) {
      const thiefs = { ...registered(before, newDevice()), ...fields }
      expect((await pages.ask(PASSKEYS, thiefs)).status).toBe(422)
    }
    const named = { ...registered(before, newDevice()), proven_by: own.credentialId }
    expect((await pages.ask(PASSKEYS, named)).status).toBe(422)
    expect(await idsOf(pages)).toEqual([own.credentialId])

    const checked = await withPasskey({ otpAt: Date.UTC(2026, 10, 23, 12) - 1 })
    const asked = (await checked.pages.ask(PASSKEYS)).text
    expect(asked).toContain(en.beside.takes)
    expect(asked).not.toContain('name="proven_by"')
  })

  it.each(LIES)('is not added after %s', async (_what, lie) => {
    const { pages, own } = await withPasskey()
    const refused = await pages.ask(PROVE, await asserted(pages, own, lie))
    expect([refused.status, refused.text.includes('proven_by')]).toEqual([422, false])
  })

  it.each(GARBAGE)('is not added after %s', async (_what, credential) => {
    const { pages, own } = await withPasskey()
    const fields = { ...(await asserted(pages, own)), credential }
    expect((await pages.ask(PROVE, fields)).status).toBe(422)
  })

  it('is not added by another account’s passkey', async () => {
    const { pages, own } = await withPasskey()
    const stranger = { accountId: 'other', createdAt: 0, origin: ORIGIN }
    const { device } = await storePasskey(pages.db, stranger)
    expect((await pages.ask(PROVE, await asserted(pages, device))).status).toBe(422)
    expect(await idsOf(pages)).toEqual([own.credentialId])
  })

  it('is proven and added in one visit: neither step is worth anything in another', async () => {
    const { pages, own } = await withPasskey()
    const answer = await asserted(pages, own)
    expect((await pages.ask(PROVE, answer, 'vst_2')).status).toBe(422)
    const fields = registered(await prove(pages, own), newDevice())
    expect((await pages.ask(PASSKEYS, fields, 'vst_2')).status).toBe(422)
    expect(await idsOf(pages)).toEqual([own.credentialId])
  })

  it('is not added by an answer for something else, nor does its answer do that', async () => {
    const { pages, own } = await withPasskey()
    const forApp = await asserted(pages, own, { path: APP })
    expect((await pages.ask(PROVE, forApp)).status).toBe(422)
    const { secret: _secret, ...app } = await proposed(pages)
    expect((await pages.ask(APP, { ...app, ...(await asserted(pages, own)) })).status).toBe(422)
    expect((await pages.account())?.totpSealed).toBeNull()
  })

  it('takes either step within five minutes', async () => {
    const { pages, own } = await withPasskey()
    const answer = await asserted(pages, own)
    pages.clock.now += 5 * MINUTE_MS
    expect((await pages.ask(PROVE, answer)).status).toBe(422)
    const fields = registered(await prove(pages, own), newDevice())
    pages.clock.now += 5 * MINUTE_MS
    expect((await pages.ask(PASSKEYS, fields)).status).toBe(422)
    expect(await idsOf(pages)).toEqual([own.credentialId])
  })

  it('takes an answer for each: a step that comes again does nothing', async () => {
    const { pages, own } = await withPasskey()
    const answer = await asserted(pages, own)
    const taps = await Promise.all([pages.ask(PROVE, answer), pages.ask(PROVE, answer)])
    expect(taps.map(({ status }) => status).sort()).toEqual([200, 422])
    const page = taps.find(({ status }) => status === 200)?.text ?? ''
    const [one, two] = [newDevice(), newDevice()]
    const fields = registered(page, one)
    const presses = await Promise.all([pages.ask(PASSKEYS, fields), pages.ask(PASSKEYS, fields)])
    expect(presses.map(({ location }) => location)).toEqual([ADDED, ADDED])
    // The device of somebody else, with the same page.
    expect((await pages.ask(PASSKEYS, registered(page, two))).status).toBe(422)
    expect(await idsOf(pages)).toEqual([own.credentialId, one.credentialId])
    expect(await toldOf(pages, 'passkey.added')).toHaveLength(1)
    expect(await toldOf(pages, 'protection.changed')).toHaveLength(1)
  })

  it('is not added by one that was removed in between', async () => {
    const { pages, own } = await withPasskey()
    const thiefs = await pages.addPasskey(pages.clock.now)
    const fields = registered(await prove(pages, thiefs), newDevice())
    await pages.ask(REMOVE, { credential_id: thiefs.credentialId })
    const removal = { credential_id: thiefs.credentialId, sms_code: await smsCode(pages) }
    expect((await pages.ask(REMOVE, removal)).status).toBe(303)
    expect((await pages.ask(PASSKEYS, fields)).status).toBe(422)
    expect(await idsOf(pages)).toEqual([own.credentialId])
  })

  it('is asked for nothing where no more have a place', async () => {
    const { pages } = await withPasskey()
    for (let count = 1; count < PASSKEYS_MAX; count += 1) await pages.addPasskey(pages.clock.now)
    expect((await pages.ask(PASSKEYS)).text).not.toContain('name="challenge"')
  })

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'is explained in %s, with the way of whoever has lost the first',
    async (_tag, language) => {
      const { pages } = await withPasskey({ language })
      for (const path of [PASSKEYS, APP]) {
        const { text } = await pages.ask(path)
        expect(text).toContain(language.beside.takes)
        const [lost = ''] = fill(language.beside.lost, { exchange: 'BitEx' }).split('{')
        expect(text).toContain(lost)
        expect(text).not.toMatch(/\{(age|exchange)/)
      }
    },
  )
})

describe('an authenticator app beside a passkey', () => {
  it('is set up by that one, in one press', async () => {
    const { pages, own } = await withPasskey()
    const { secret: _secret, ...app } = await proposed(pages)
    const answer = await asserted(pages, own, { path: APP })
    const made = await pages.ask(APP, { ...app, ...answer })
    expect([made.status, made.location]).toEqual([303, '/portal/number?done=set_up'])
    expect(await toldOf(pages, 'protection.changed')).toMatchObject([
      { change: 'authenticator_added', proof: 'passkey' },
    ])
  })

  it('is not set up by a code of its own, by one sent to the number, or by an answer used before', async () => {
    const pages = await ownerPages()
    const { secret, ...app } = await proposed(pages)
    expect((await pages.ask(APP, app)).status).toBe(422)
    const sms_code = await smsCode(pages)
    const own = await pages.addPasskey(pages.clock.now)
    expect((await pages.ask(APP, { ...app, sms_code })).status).toBe(422)

    const answer = await asserted(pages, own, { path: APP })
    const wrong = { ...app, totp: totpAt(pages.clock.now - DAY_MS, secret), ...answer }
    expect((await pages.ask(APP, wrong)).status).toBe(422)
    // A slip of the finger has not used it up; that it was taken once does.
    const taps = [await pages.ask(APP, { ...app, ...answer })]
    await saveAccountStatement(pages.db, ID, { totpSealed: null }, pages.clock.now)
    taps.push(await pages.ask(APP, { ...app, ...answer }))
    expect(taps.map(({ status }) => status)).toEqual([303, 422])
    expect((await pages.account())?.totpSealed).toBeNull()
  })
})

it('an owner with an app adds a passkey by its code, though the exchange has just seen one', async () => {
  const { pages, own } = await withPasskey({ otpAt: Date.UTC(2026, 10, 23, 12) - 1 })
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const keys = pages.config.dataKeys
  const totpSealed = await sealField(randomBytes, keys, ID, 'totp', secret)
  await saveAccountStatement(pages.db, ID, { totpSealed }, pages.clock.now)
  const other = newDevice()
  const fields = registered((await pages.ask(PASSKEYS)).text, other)
  expect((await pages.ask(PASSKEYS, fields)).status).toBe(422)
  const proven = { ...fields, totp: totpAt(pages.clock.now, secret) }
  expect((await pages.ask(PASSKEYS, proven)).location).toBe(ADDED)
  expect(await idsOf(pages)).toEqual([own.credentialId, other.credentialId])
})

describe('an owner who has lost the only passkey', () => {
  it('removes it by a code to the number, which is told, holds, and counts as a loss', async () => {
    const { pages, own } = await withPasskey({ COOLING_OFF_HOURS: '12' })
    pages.clock.now += 2 * DAY_MS
    expect((await pages.ask(PASSKEYS)).text).toContain('withdrawals wait for 12 hours')
    const removal = { credential_id: own.credentialId }
    expect((await pages.ask(REMOVE, removal)).status).toBe(422)
    const code = await smsCode(pages)
    expect((await pages.ask(REMOVE, { ...removal, sms_code: code })).status).toBe(303)
    expect(await idsOf(pages)).toEqual([])
    expect((await pages.account())?.passkeyLostAt).toBe(pages.clock.now)
    expect(await toldOf(pages, 'protection.changed')).toMatchObject([
      { change: 'passkey_removed', direction: 'weakens', proof: 'sms_code' },
    ])
    expect(await toldOf(pages, 'hold.started')).toMatchObject([
      { reason: 'activity', cause: 'passkey_removed' },
    ])
    expect(await pages.db.select().from(holds)).toMatchObject([
      { until: pages.clock.now + DAY_MS / 2 },
    ])
    const told = await pages.db.select().from(notices)
    expect(told.map(({ kind }) => kind).sort()).toEqual(['passkey_removed', 'proof_code'])
  })

  it('adds another by the number then, which is as new as its addition', async () => {
    const { pages, own } = await withPasskey()
    const removal = { credential_id: own.credentialId }
    await pages.ask(REMOVE, removal)
    await pages.ask(REMOVE, { ...removal, sms_code: await smsCode(pages) })
    pages.clock.now += MINUTE_MS
    const other = newDevice()
    const fields = registered((await pages.ask(PASSKEYS)).text, other)
    expect((await pages.ask(PASSKEYS, fields)).status).toBe(422)
    const made = await pages.ask(PASSKEYS, { ...fields, sms_code: await smsCode(pages) })
    expect(made.location).toBe(ADDED)
    expect(await listPasskeys(pages.db, ID)).toMatchObject([{ createdAt: pages.clock.now }])
  })
})

describe('what proved it, looked at once more in the batch that adds', () => {
  it.each([
    ['a passkey that is there', true, 'own', true],
    ['a passkey that has gone', true, 'other', false],
    ['a code by SMS, where there is no passkey', false, null, true],
    ['a code by SMS, where a passkey has come', true, null, false],
  ] as const)('%s', async (_what, hasOwn, by, isEnough) => {
    const pages = await ownerPages()
    const own = hasOwn ? await pages.addPasskey(pages.clock.now) : newDevice()
    const credentialId = by === 'own' ? own.credentialId : 'other'
    const verdict =
      by === null ? ({ proof: 'sms_code' } as const) : ({ proof: 'passkey', credentialId } as const)
    const isStill = isStillProvenSql(ID, verdict).as<number>('is_still')
    const [row] = await pages.db.select({ isStill }).from(accounts)
    expect(row?.isStill).toBe(isEnough ? 1 : 0)
  })
})

describe('a passkey that is the only proof there is', () => {
  const CARD = '/portal/ways/card'
  const RULE = '/portal/hold/rule'
  const SAVE = '/portal/settings'
  const PUSH = '/portal/push'
  const base64 = (length: number) => Buffer.alloc(length, 4).toString('base64url')
  const SUBSCRIPTION = JSON.stringify({
    endpoint: 'https://fcm.googleapis.com/fcm/send/1',
    keys: { p256dh: base64(65), auth: base64(16) },
  })
  const ONLY = [
    ['card_made', CARD, {}, '/portal/ways?done=saved'],
    [
      'alerts_off phrase_set',
      SAVE,
      { alerts: 'off', language: '', phrase: 'blue tram 7' },
      `${SAVE}?done=saved`,
    ],
    ['lift_by_owner', RULE, { rule: 'owner' }, '/portal/hold?done=saved'],
    ['push_added', PUSH, { subscription: SUBSCRIPTION }, `${PUSH}?done=push_on`],
  ] as const

  async function withoutNumber() {
    const { pages } = await withPasskey()
    // Old enough for the choice of who ends a hold; of whatever age for the rest.
    const own = await pages.addPasskey(pages.clock.now - 4 * DAY_MS)
    await saveAccountStatement(pages.db, ID, { phoneSealed: null, phoneTag: null }, pages.clock.now)
    return { pages, own }
  }

  const hiddenIn = (page: string) =>
    Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value.replaceAll('&quot;', '"')],
      ),
    )

  it.each(ONLY)(
    'is asked for before %s, and what was pressed comes again with it',
    async (changes, path, fields, done) => {
      const { pages, own } = await withoutNumber()
      const before = await pages.account()
      const asked = await pages.ask(path, fields)
      expect(asked.status).toBe(422)
      expect(await toldOf(pages, 'protection.changed')).toEqual([])
      expect(await pages.account()).toEqual(before)
      expect(asked.text).toContain('src="/lock/confirm.js"')
      const { challenge, sealed } = readAsked(asked.text)
      expect(hiddenIn(asked.text)).toEqual({ ...fields, challenge: sealed, credential: '' })
      const answer = { ...fields, challenge: sealed, credential: own.assert({ challenge }) }
      const made = await pages.ask(path, answer)
      expect([made.status, made.location]).toEqual([303, done])
      const told = await toldOf(pages, 'protection.changed')
      expect(told.map(({ change }) => change).toSorted()).toEqual(changes.split(' '))
      expect(new Set(told.map(({ proof }) => proof))).toEqual(new Set(['passkey']))
    },
  )

  it('is asked for again where the answer is no good, or was given for something else', async () => {
    const { pages, own } = await withoutNumber()
    const { challenge, sealed } = readAsked((await pages.ask(CARD, {})).text)
    const credential = own.assert({ challenge })
    const elsewhere = await pages.ask(RULE, { rule: 'owner', challenge: sealed, credential })
    const wrong = await pages.ask(CARD, { challenge: sealed, credential: '{}' })
    for (const { status, text } of [elsewhere, wrong]) {
      expect(status).toBe(422)
      expect(text).toContain(en.portal.passkey.failed)
      expect(readAsked(text).challenge).not.toBe(challenge)
    }
    expect(await toldOf(pages, 'protection.changed')).toEqual([])
    // Nor twice.
    expect((await pages.ask(CARD, { challenge: sealed, credential })).status).toBe(303)
    expect((await pages.ask(CARD, { challenge: sealed, credential })).status).toBe(422)
    expect(await toldOf(pages, 'protection.changed')).toHaveLength(1)
  })

  it('is not asked for what a visit may do', async () => {
    const { pages } = await withoutNumber()
    await saveAccountStatement(pages.db, ID, { alerts: 'unusual' }, pages.clock.now)
    const saved = await pages.ask(SAVE, { alerts: 'all', language: '', phrase: '' })
    expect([saved.status, saved.location]).toEqual([303, `${SAVE}?done=saved`])
  })
})
