// The ways to lock without an alert, each by what it leaves in D1: a card while it is the account's own, a passkey once for
// each challenge, a contact's word within its ten tries; and each asks the owner after a false lock.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sealField } from '../../../src/account/accounts.ts'
import { makePhoneTag } from '../../../src/account/phone-tag.ts'
import type { Context } from '../../../src/context.ts'
import { answerInbound } from '../../../src/inbound/answer.ts'
import { answerContact } from '../../../src/inbound/answer-contact.ts'
import { type CallbackJob, parseCallbackJob } from '../../../src/jobs.ts'
import { keyName } from '../../../src/lib/derived-key.ts'
import { type SealKeys, seal } from '../../../src/lib/seal.ts'
import { inSlot } from '../../../src/lib/slot.ts'
import { HOUR_MS } from '../../../src/lib/time.ts'
import { cardRoutes } from '../../../src/lock/card/card-routes.ts'
import { mintCardToken } from '../../../src/lock/card/card-token.ts'
import { saveCardStatement } from '../../../src/lock/card/cards.ts'
import { lockByCard } from '../../../src/lock/card/lock-by-card.ts'
import {
  askContactStatement,
  countContactCode,
  openWord,
  proveContactStatement,
  wordPurpose,
} from '../../../src/lock/contact/contacts.ts'
import { resealContact, sealedContactsStatement } from '../../../src/lock/contact/reseal.ts'
import { tidyContactWord, WORD_TRIES_MAX } from '../../../src/lock/contact/word.ts'
import { findHoldState, liftHold } from '../../../src/lock/hold-state.ts'
import {
  lockByKeptPasskey,
  lockByPasskey,
  PASSKEY_TRIES_PER_ADDRESS_AND_HOUR,
  passkeyTry,
} from '../../../src/lock/passkey/lock-by-passkey.ts'
import { offerPasskeyLock } from '../../../src/lock/passkey/offer-passkey.ts'
import { openStatusRef, sealStatusRef } from '../../../src/lock/status-ref.ts'
import {
  accounts,
  callbacks,
  lockCards,
  lockContacts,
  locks,
  notices,
} from '../../../src/schema.ts'
import { createPasskeyDevice, type PasskeyDevice } from '../../support/passkey-device.ts'
import { countedBytes } from '../../support/ports.ts'
import { storePasskey } from '../../support/stored-passkey.ts'
import { NOW } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

const KEYS: SealKeys = [new Uint8Array(32).fill(1)]
const ORIGIN = 'https://lock.example.com'
const ID = 'a000'
const OTHER = 'b000'
const CONTACT = '+12025550123'
const WORD = 'bakofimulo'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

const randomBytes = countedBytes()

async function stage(keys: SealKeys = KEYS) {
  const db = openMemoryDb()
  for (const accountId of [ID, OTHER]) {
    await db.insert(accounts).values({ ...inSlot(accountId), createdAt: 0, updatedAt: 0 })
  }
  const clock = { now: NOW, isAway: false }
  const sent: CallbackJob[] = []
  const away = new Proxy(Object.create(null), {
    get() {
      throw new Error('D1_ERROR: away')
    },
  })
  const stores = storesOf(db)
  const parts = {
    now: () => clock.now,
    after: () => () => {},
    randomBytes,
    callbacks: { send: async (job: CallbackJob) => void sent.push(job) },
    alerts: { send: async () => {} },
    config: {
      ...{ dataKeys: keys, linkKeys: keys, publicOrigin: ORIGIN, exchangeName: 'BitEx' },
      lockActions: ['sessions.revoke', 'withdrawals.hold'],
    },
  }
  const context: Context = Object.defineProperties(Object.assign(Object.create(null), parts), {
    db: { get: () => (clock.isAway ? away : stores.db) },
    shards: { get: () => (clock.isAway ? away : stores.shards) },
    dbOf: { get: () => (clock.isAway ? () => away : stores.dbOf) },
  })
  const locked = async () => (await db.select().from(locks)).map(({ via }) => via)
  const told = async () => (await db.select().from(notices)).map(({ kind }) => kind).sort()
  const isHeld = async (accountId = ID) =>
    (await findHoldState(db, accountId, clock.now)).hold !== null
  const lift = () => liftHold(context, ID, { reason: 'not mine', lockId: null })
  return { db, context, clock, sent, locked, told, isHeld, lift }
}

type Stage = Awaited<ReturnType<typeof stage>>

describe('a lock card', () => {
  const card = { accountId: ID, cardNumber: 7, issuedAt: NOW }
  const claims = { accountId: ID, cardNumber: 7, issuedAtSeconds: NOW / 1_000 }
  const press = (lockId: string, now = NOW) => ({ ...claims, lockId, lockedAt: now })

  async function withCard(): Promise<Stage> {
    const made = await stage()
    await saveCardStatement(made.db, { ...card, keyName: await keyName(KEYS[0]) })
    return made
  }

  it('locks once however often it is pressed, and the owner is told', async () => {
    const { context, locked, told, isHeld, db } = await withCard()
    const first = await lockByCard(context, press('lck_1'))
    const again = await lockByCard(context, press('lck_2'))
    expect([first.kind, again.kind]).toEqual(['locked', 'locked'])
    expect([await locked(), await told(), await isHeld()]).toEqual([['card'], ['locked'], true])
    const [callback] = await db.select().from(callbacks)
    const body: unknown = JSON.parse(callback?.body ?? '')
    expect(body).toMatchObject({ data: { via: 'card', alert_id: null, account_id: ID } })
  })

  it('asks nobody when it is looked at, and is pressed though D1 is away', async () => {
    const { context, clock, sent, locked } = await withCard()
    const token = await mintCardToken(KEYS, await keyName(KEYS[0]), claims)
    const ask = (method: string) => cardRoutes.request(`/c/${token}`, { method }, { context })
    clock.isAway = true
    const shown = await ask('GET')
    expect([shown.status, await shown.text()]).toEqual([200, expect.stringContaining('<button')])
    const pressed = await ask('POST')
    const text = await pressed.text()
    expect([pressed.status, text]).toEqual([202, expect.stringContaining('will be checked soon')])
    expect(text).toMatch(/url=\/lock\/status\/[\w.-]+/)
    expect(sent).toHaveLength(1)
    clock.isAway = false
    expect(await locked()).toEqual([])
    const job = parseCallbackJob(JSON.parse(JSON.stringify(sent[0])))
    if (job?.kind !== 'lock_by_card') throw new Error('another job')
    await lockByCard(context, job)
    expect(await locked()).toEqual(['card'])
    await context.dbOf(ID).delete(lockCards)
    expect((await ask('POST')).status).toBe(410)
    expect((await cardRoutes.request('/c/x.y', { method: 'GET' }, { context })).status).toBe(404)
  })

  it.each([
    ['a newer one', { ...card, cardNumber: 8 }],
    ['one of another second', { ...card, issuedAt: NOW + 1_000 }],
  ])('is void beside %s, and says so', async (_what, newer) => {
    const { context, db, locked } = await withCard()
    await saveCardStatement(db, { ...newer, keyName: 'abcd' })
    expect(await lockByCard(context, press('lck_1'))).toEqual({ kind: 'revoked' })
    expect(await locked()).toEqual([])
  })

  it('asks the owner after a false lock, a few times a day, and locks again the day after', async () => {
    const { context, clock, lift, locked, told, isHeld } = await withCard()
    await lockByCard(context, press('lck_1'))
    await lift()
    for (let nth = 0; nth < 50; nth += 1) {
      expect((await lockByCard(context, press(`lck_a${nth}`))).kind).toBe('asked')
    }
    expect([await locked(), await told(), await isHeld()]).toEqual([
      ['card'],
      ['hold_lifted', 'lock_asked', 'locked'],
      false,
    ])
    clock.now = NOW + 25 * HOUR_MS
    expect((await lockByCard(context, press('lck_2', clock.now))).kind).toBe('locked')
  })
})

describe('a passkey on the lock page', () => {
  async function withPasskey(): Promise<Stage & { readonly device: PasskeyDevice }> {
    const made = await stage()
    const terms = { accountId: ID, createdAt: NOW, origin: ORIGIN }
    const { device } = await storePasskey(made.db, terms)
    return { ...made, device }
  }

  async function answerBy({ context }: Stage, device: PasskeyDevice, ip = '198.51.100.7') {
    const offer = await offerPasskeyLock(context)
    const { challenge }: { challenge: string } = JSON.parse(offer?.options ?? '')
    const credential = device.assert({ challenge })
    const form = new URLSearchParams({ challenge: offer?.sealedChallenge ?? '', credential })
    const attempt = await passkeyTry(context, form, ip)
    if (attempt === null) throw new Error('it was no answer')
    return attempt
  }

  it('locks by nobody’s name, and one answer once', async () => {
    const made = await withPasskey()
    const attempt = await answerBy(made, made.device)
    expect((await lockByPasskey(made.context, attempt)).kind).toBe('locked')
    expect((await lockByPasskey(made.context, attempt)).kind).toBe('locked')
    expect([await made.locked(), await made.isHeld()]).toEqual([['passkey'], true])
    await made.lift()
    const void_ = await lockByPasskey(made.context, attempt)
    expect(void_).toMatchObject({ kind: 'locked', lock: { liftedAt: NOW } })
    expect(await made.isHeld()).toBe(false)
    // The owner's own: a lift does not make it ask.
    expect((await lockByPasskey(made.context, await answerBy(made, made.device))).kind).toBe(
      'locked',
    )
    expect(await made.isHeld()).toBe(true)
  })

  it('is refused where another key signs in its name, and bounded by place', async () => {
    const made = await withPasskey()
    const thief = createPasskeyDevice(ORIGIN, made.device.credentialId)
    const verdicts: string[] = []
    for (let nth = 0; nth < 12; nth += 1) {
      verdicts.push((await lockByPasskey(made.context, await answerBy(made, thief))).kind)
    }
    expect(new Set(verdicts.slice(0, 10))).toEqual(new Set(['refused']))
    expect(new Set(verdicts.slice(10))).toEqual(new Set(['limited']))
    expect(PASSKEY_TRIES_PER_ADDRESS_AND_HOUR).toBeGreaterThan(10)
    expect(await made.locked()).toEqual([])
    // Elsewhere, its owner is not kept from it.
    const owners = await answerBy(made, made.device, '203.0.113.9')
    expect((await lockByPasskey(made.context, owners)).kind).toBe('locked')
  })

  it('that the queue has kept locks, however often the place has tried since', async () => {
    const made = await withPasskey()
    const kept = await answerBy(made, made.device)
    const thief = createPasskeyDevice(ORIGIN, made.device.credentialId)
    const wrong = await answerBy(made, thief)
    for (let nth = 0; nth < 11; nth += 1) await lockByPasskey(made.context, wrong)
    expect((await lockByPasskey(made.context, kept)).kind).toBe('limited')
    expect((await lockByKeptPasskey(made.context, wrong)).kind).toBe('refused')
    expect((await lockByKeptPasskey(made.context, kept)).kind).toBe('locked')
    expect(await made.locked()).toEqual(['passkey'])
  })

  it('is no answer with a challenge of another page, an old one, or none', async () => {
    const made = await withPasskey()
    const offer = await offerPasskeyLock(made.context)
    const { challenge }: { challenge: string } = JSON.parse(offer?.options ?? '')
    const credential = made.device.assert({ challenge })
    const sealed = offer?.sealedChallenge ?? ''
    const read = (fields: Record<string, string>) =>
      passkeyTry(made.context, new URLSearchParams(fields), '198.51.100.7')
    expect(await read({ challenge: sealed, credential })).not.toBeNull()
    expect(await read({ credential })).toBeNull()
    expect(await read({ challenge: sealed, credential: '{}' })).toBeNull()
    made.clock.now = NOW + 5 * 60_000
    expect(await read({ challenge: sealed, credential })).toBeNull()
  })
})

describe('a trusted contact', () => {
  async function contactOf({ db }: Stage, accountId: string, word: string, keys = KEYS) {
    const contact = {
      accountId,
      contactId: `ctc_${accountId}`,
      phoneSealed: await sealField(randomBytes, keys, accountId, 'phone', CONTACT),
      phoneTag: await makePhoneTag(keys, CONTACT),
      wordSealed: await seal(randomBytes, keys, wordPurpose(accountId), tidyContactWord(word)),
    }
    await askContactStatement(db, contact, NOW)
    return contact
  }

  let texts = 0
  const send = ({ context }: Stage, text: string) => {
    texts += 1
    return answerInbound(context, {
      provider: 'twilio',
      message: {
        providerMessageId: `SM${texts}`,
        from: CONTACT,
        to: '72345',
        text,
        isAnswered: false,
      },
    })
  }

  async function withContact(word = WORD): Promise<Stage> {
    const made = await stage()
    await proveContactStatement(made.db, await contactOf(made, ID, word))
    return made
  }

  const triesOf = async ({ db }: Stage, accountId = ID) =>
    (await db.select().from(lockContacts)).find((one) => one.accountId === accountId)?.tries

  it('locks by LOCK and the word, and both are told', async () => {
    const made = await withContact()
    await send(made, `Lock ${WORD.toUpperCase()}`)
    expect([await made.locked(), await made.isHeld()]).toEqual([['contact'], true])
    expect(await made.told()).toEqual(['contact_locked', 'locked'])
    expect(await triesOf(made)).toBe(0)
  })

  it.each([
    ['ช่วยด้วยครับ', 'ชวยดวยครบ'],
    ['सहायता करो', 'सहायता करो'],
    ['مُساعَدة الآن', 'مساعده الان'],
    ['Grünes Ömchen', 'GRUNES OMCHEN'],
  ])(
    'locks by the word %s however a keyboard writes it, and shows it as it was typed',
    async (word, sent) => {
      const made = await withContact(word)
      const [row] = await made.db.select().from(lockContacts)
      expect(row && (await openWord(KEYS, row))).toBe(word)
      await send(made, `LOCK ${sent}`)
      expect(await made.locked()).toEqual(['contact'])
    },
  )

  it.each(['LOCK', `${WORD}`, 'LOCK me', 'ล็อก', 'what is this?', 'help', `please LOCK ${WORD}`])(
    'who sends %j hears what locks, and has used up no try',
    async (text) => {
      const made = await withContact()
      for (let nth = 0; nth < 9; nth += 1) await send(made, text)
      expect(await made.told()).toEqual(Array(3).fill('contact_refused'))
      expect([await made.locked(), await triesOf(made)]).toEqual([[], 0])
    },
  )

  it('is nobody’s before the code was typed', async () => {
    const made = await stage()
    await contactOf(made, ID, WORD)
    await send(made, `LOCK ${WORD}`)
    expect(await made.locked()).toEqual([])
    const five = await Promise.all(
      Array.from({ length: 8 }, () => countContactCode(made.db, ID, NOW)),
    )
    expect(five.filter((contact) => contact !== null)).toHaveLength(5)
    expect(await countContactCode(made.db, ID, NOW + HOUR_MS)).toBeNull()
  })

  it('has ten words compared in all, and is shut then, also for the right one', async () => {
    const made = await withContact()
    for (let nth = 0; nth < 40; nth += 1) await send(made, `LOCK wrongword${nth}`)
    await send(made, `LOCK ${WORD}`)
    expect(await made.locked()).toEqual([])
    expect(await triesOf(made)).toBe(WORD_TRIES_MAX)
    // Three answers an hour; the owner once.
    expect(await made.told()).toEqual([
      ...['contact_refused', 'contact_refused', 'contact_refused'],
      'ways_changed',
    ])
    const types = (await made.db.select().from(callbacks)).map(({ body }) => JSON.parse(body))
    expect(types).toMatchObject([{ data: { change: 'contact_closed', proof: 'reply' } }])
  })

  it('begins anew with a right word, and a text that comes again is one try', async () => {
    const made = await withContact()
    const job = {
      ...({ kind: 'lock_by_contact', provider: 'twilio', providerMessageId: 'SMx' } as const),
      ...{ tags: [await makePhoneTag(KEYS, CONTACT)], word: 'WRONGWORD', triedAt: NOW },
    }
    for (let nth = 0; nth < 5; nth += 1) await answerContact(made.context, job)
    expect(await triesOf(made)).toBe(1)
    await send(made, `LOCK ${WORD}`)
    expect(await triesOf(made)).toBe(0)
  })

  it('of two owners locks the one whose word it is, at no cost to the other', async () => {
    const made = await withContact()
    await proveContactStatement(made.db, await contactOf(made, OTHER, 'another word'))
    await send(made, 'LOCK another word')
    expect([await made.isHeld(ID), await made.isHeld(OTHER)]).toEqual([false, true])
    expect([await triesOf(made, ID), await triesOf(made, OTHER)]).toEqual([0, 0])
  })

  it('costs the owner one false lock a day, whoever writes in its name', async () => {
    const made = await withContact()
    await send(made, `LOCK ${WORD}`)
    await made.lift()
    for (let nth = 0; nth < 30; nth += 1) await send(made, `LOCK ${WORD}`)
    expect([await made.locked(), await made.isHeld()]).toEqual([['contact'], false])
    expect((await made.told()).filter((kind) => kind === 'lock_asked')).toHaveLength(1)
  })

  it('ends by STOP, which is told to both and to the exchange', async () => {
    const made = await withContact()
    await send(made, 'STOP')
    expect(await made.db.select().from(lockContacts)).toEqual([])
    expect(await made.told()).toEqual(['copies_ended', 'ways_changed'])
    const [callback] = await made.db.select().from(callbacks)
    const body: unknown = JSON.parse(callback?.body ?? '')
    expect(body).toMatchObject({ data: { change: 'contact_ended', direction: 'weakens' } })
    await send(made, `LOCK ${WORD}`)
    expect(await made.locked()).toEqual([])
  })

  it('waits in the queue without its number while D1 is away, and locks from there', async () => {
    const made = await withContact()
    made.clock.isAway = true
    await send(made, `LOCK ${WORD}`)
    made.clock.isAway = false
    expect(await made.locked()).toEqual([])
    const [job] = made.sent
    expect(JSON.stringify(job)).not.toContain(CONTACT.slice(2))
    const read = parseCallbackJob(JSON.parse(JSON.stringify(job)))
    if (read?.kind !== 'lock_by_contact') throw new Error('another job')
    await answerContact(made.context, read)
    expect(await made.locked()).toEqual(['contact'])
  })

  it('is found and opened after its number and word were sealed anew', async () => {
    const newKey = new Uint8Array(32).fill(9)
    const rotated: SealKeys = [newKey, KEYS[0]]
    const made = await stage(rotated)
    await proveContactStatement(made.db, await contactOf(made, ID, WORD, KEYS))
    const [stored] = await sealedContactsStatement(made.db, { after: '', until: null })
    if (!stored) throw new Error('no contact')
    const resealing = await resealContact(
      made.db,
      { randomBytes, config: { dataKeys: rotated } },
      stored,
    )
    expect(resealing.statements).toHaveLength(1)
    for (const statement of resealing.statements) await statement
    const alone = await stage([newKey])
    const [sealed] = await made.db.select().from(lockContacts)
    if (!sealed) throw new Error('no contact')
    await alone.db.insert(lockContacts).values(sealed)
    await send(alone, `LOCK ${WORD}`)
    expect(await alone.locked()).toEqual(['contact'])
  })
})

describe('the address of a lock’s state', () => {
  it('names it sealed, for two days, and is nothing else', async () => {
    const named = { accountId: ID, lockId: 'lck_1' }
    const ref = await sealStatusRef(randomBytes, KEYS, named, NOW)
    expect(ref).not.toContain(ID)
    expect(await openStatusRef(KEYS, ref, NOW)).toMatchObject(named)
    expect(await openStatusRef(KEYS, ref, NOW + 48 * HOUR_MS)).toBeNull()
    expect(await openStatusRef(KEYS, `${ref.slice(0, -2)}AA`, NOW)).toBeNull()
    expect(await openStatusRef(KEYS, 'x'.repeat(10_000), NOW)).toBeNull()
  })
})
