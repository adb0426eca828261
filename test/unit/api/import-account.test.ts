// What an import does with the number there was: told, kept as it is but sealed anew, or let go where no key opens it.

import { describe, expect, it } from 'vitest'
import {
  type AccountChange,
  findAccount,
  openField,
  sealField,
} from '../../../src/account/accounts.ts'
import { importAccount } from '../../../src/api/import-account.ts'
import { callbacks as outbox } from '../../../src/exchange/tables.ts'
import { notices } from '../../../src/notice/tables.ts'
import { randomBytes } from '../../support/ports.ts'
import { aProvider } from '../deliver/fixtures.ts'
import { openMemoryDb, storesOf } from '../lib/memory-d1.ts'

type Settings = {
  readonly alerts?: 'all' | 'unusual' | 'off'
  readonly locale?: string | null
  readonly phrase?: string | null
  readonly totp?: string | null
}

const ID = '1001'
const PHONE = '+4915123456789'
const OTHER = '+4915123456780'
const NOW = Date.UTC(2026, 10, 28)
const KEY = new Uint8Array(32).fill(1)
const NEWER = new Uint8Array(32).fill(2)

const TERMS = { isOptedIn: false, isOwnerTold: false } as const

function stage(keys: readonly [Uint8Array<ArrayBuffer>, ...Uint8Array<ArrayBuffer>[]]) {
  const db = openMemoryDb()
  let told = 0
  const contextOf = (dataKeys: typeof keys) =>
    ({
      ...storesOf(db),
      randomBytes,
      now: () => NOW,
      config: {
        dataKeys,
        providers: [{ ...aProvider('vonage'), defaultSender: 'Lockline' }],
        routes: new Map(),
        senders: new Map(),
      },
      alerts: {
        send: async () => {
          told += 1
        },
      },
    }) as unknown as Parameters<typeof importAccount>[0]
  const put = async (
    e164: string,
    dataKeys = keys,
    country: 'DE' | 'AU' = 'DE',
    beside: AccountChange = {},
  ) => {
    const phoneSealed = await sealField(randomBytes, dataKeys, ID, 'phone', e164)
    const number = { phone: { e164, country }, isFormerTold: false, ...TERMS } as const
    await importAccount(contextOf(dataKeys), ID, { phoneSealed, phoneTag: e164, ...beside }, number)
  }
  const set = async (
    { phrase, totp, ...plain }: Settings,
    terms: Partial<typeof TERMS | { isOwnerTold: true }> = {},
  ) => {
    const sealed = (field: 'phrase' | 'totp', text: string | null) =>
      text === null ? null : sealField(randomBytes, keys, ID, field, text)
    const change = {
      ...plain,
      ...(phrase !== undefined && { phraseSealed: await sealed('phrase', phrase) }),
      ...(totp !== undefined && { totpSealed: await sealed('totp', totp) }),
    }
    const number = { phone: null, isFormerTold: false, ...TERMS, ...terms }
    await importAccount(contextOf(keys), ID, change, number)
  }
  const callbacks = () => db.select().from(outbox)
  const noticed = async () =>
    (await db.select({ kind: notices.kind, subject: notices.subject }).from(notices))
      .map(({ kind, subject }) => (subject === null ? kind : `${kind} ${subject}`))
      .toSorted()
  const toldTo = async () => {
    const all = await db.select({ sealed: notices.phoneSealed }).from(notices)
    return Promise.all(all.map(({ sealed }) => openField(keys, ID, 'phone', sealed)))
  }
  return {
    put,
    set,
    noticed,
    toldTo,
    told: () => told,
    account: () => findAccount(db, ID),
    callbacks,
  }
}

describe('A10 an import', () => {
  it('of another number keeps the one before as the former one, and tells it', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(OTHER)
    const former = (await account())?.formerPhones?.[0]?.sealed ?? null
    expect(await openField([KEY], ID, 'phone', former)).toBe(PHONE)
    expect(told()).toBe(1)
  })

  it('of the same number seals it with the current key, and tells nobody', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(PHONE, [NEWER, KEY])
    const stored = await account()
    expect(await openField([NEWER], ID, 'phone', stored?.phoneSealed ?? null)).toBe(PHONE)
    expect(stored?.formerPhones).toBeNull()
    expect(told()).toBe(0)
  })

  it('after the key was lost takes the number, and no former one that nobody could open', async () => {
    const { put, told, account } = stage([KEY])
    await put(PHONE)
    await put(PHONE, [NEWER])
    const stored = await account()
    expect(await openField([NEWER], ID, 'phone', stored?.phoneSealed ?? null)).toBe(PHONE)
    expect(stored?.formerPhones).toBeNull()
    expect(told()).toBe(0)
  })
})

describe('a number that no sender may be used for', () => {
  const AUSTRALIAN = '+61412345678'

  it('is told to the exchange before the first login, once', async () => {
    const { put, callbacks } = stage([KEY])
    await put(AUSTRALIAN, [KEY], 'AU')
    await put(AUSTRALIAN, [KEY], 'AU')
    const [told, ...more] = await callbacks()
    expect([told?.type, more]).toEqual(['alert.unserved', []])
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      type: 'alert.unserved',
      data: { account_id: ID, country: 'AU', reason: 'sender_branded' },
    })
  })

  it('is told after another one too; one that is served is not', async () => {
    const { put, callbacks, told } = stage([KEY])
    await put(PHONE)
    expect(await callbacks()).toEqual([])
    await put(AUSTRALIAN, [KEY], 'AU')
    expect((await callbacks()).map(({ type }) => type)).toEqual(['alert.unserved'])
    expect(told()).toBe(1)
  })
})

describe('A10 an import beside the number', () => {
  const BEFORE = {
    alerts: 'all',
    locale: 'de-CH',
    phrase: 'blue',
    totp: 'JBSWY3DPEHPK3PXP',
  } as const

  async function imported() {
    const one = stage([KEY])
    await one.put(PHONE)
    await one.set(BEFORE, { isOwnerTold: true })
    expect(await one.noticed()).toEqual([])
    return one
  }

  it.each<[Settings, readonly string[]]>([
    [{ alerts: 'off' }, ['alerts_off']],
    [{ alerts: 'unusual' }, ['alerts_unusual']],
    [{ phrase: null }, ['phrase_changed']],
    [{ phrase: 'red' }, ['phrase_changed']],
    [{ totp: null }, ['authenticator_removed']],
    [{ totp: 'KRSXG5CTMVRXEZLU' }, ['authenticator_added']],
    [{ locale: 'th' }, ['language_changed de-CH']],
    [{ locale: null }, ['language_changed de-CH']],
    [{ alerts: 'off', phrase: null }, ['alerts_off', 'phrase_changed']],
    // Nothing changes.
    [BEFORE, []],
    [{ locale: 'de-AT' }, []],
    [{}, []],
  ])('that sets %j tells the owner of %j, unless the exchange has', async (change, kinds) => {
    const one = await imported()
    await one.set(change, { isOwnerTold: true })
    expect(await one.noticed()).toEqual([])
    const other = await imported()
    await other.set(change)
    expect(await other.noticed()).toEqual(kinds)
    expect(other.told()).toBe(kinds.length)
    await other.set(change)
    expect(await other.noticed()).toEqual(kinds)
  })

  it.each([
    ['en', ['language_changed']],
    ['th', ['language_changed']],
    ['de-AT', []],
    [null, []],
  ])(
    'of a language to an account without one tells by what it was told in: %s',
    async (locale, kinds) => {
      const one = stage([KEY])
      await one.put(PHONE)
      await one.set({ locale })
      expect((await one.noticed()).map((kind) => kind.trim())).toEqual(kinds)
    },
  )

  it('raises alerts, and sets a first phrase, in silence', async () => {
    const one = stage([KEY])
    await one.put(PHONE)
    await one.set({ alerts: 'off' }, { isOwnerTold: true })
    await one.set({ alerts: 'all', phrase: 'blue' })
    expect(await one.noticed()).toEqual([])
  })

  it('tells nobody with the first import, nor where there is no number', async () => {
    const one = stage([KEY])
    await one.set({ ...BEFORE, alerts: 'off' })
    await one.set({ alerts: 'unusual', locale: 'th', phrase: null })
    expect(await one.noticed()).toEqual([])
  })

  it('goes to the number before where the import changes that too', async () => {
    const one = await imported()
    await one.put(OTHER, [KEY], 'DE', { alerts: 'off' })
    expect(await one.noticed()).toEqual(['alerts_off', 'phone_changed'])
    expect(new Set(await one.toldTo())).toEqual(new Set([PHONE]))
  })
})
