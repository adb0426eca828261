// What a profile does to the owner's pages: alerts that cannot be switched off, and a change of number that takes a
// passkey, old enough and once, where no code does.

import { describe, expect, it } from 'vitest'
import { bindingCode } from '../../../src/account/binding-code.ts'
import { findBinding } from '../../../src/account/bindings.ts'
import { PASSKEY_PROVES_AFTER_MS } from '../../../src/account/passkeys.ts'
import { callbacks } from '../../../src/exchange/tables.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/lib/time.ts'
import { fillDurations, shownPhone } from '../../../src/page/words.ts'
import { en } from '../../../src/words/languages/en.ts'
import { LANGUAGES } from '../../../src/words/languages.ts'
import type { PasskeyDevice } from '../../support/passkey-device.ts'
import { GARBAGE, LIES, readAsked } from '../../support/passkeys.ts'
import { ID, type OwnerPages, ownerPages } from './owner-pages.ts'

const NUMBER = '/portal/number'
const REMOVE = '/portal/number/remove'
const OTHER = '+12025550124'
const AGE = { age: PASSKEY_PROVES_AFTER_MS }

/** The page's form, answered by `device`. */
async function answered(pages: OwnerPages, device: PasskeyDevice, visitId?: string) {
  const { challenge, sealed } = readAsked((await pages.ask(NUMBER, undefined, visitId)).text)
  return { challenge: sealed, credential: device.assert({ challenge }) }
}

async function typeCode(pages: OwnerPages) {
  const binding = await findBinding(pages.db, ID, pages.clock.now)
  if (!binding) throw new Error('no number is being bound')
  const code = await bindingCode(pages.config.linkKeys, binding)
  return pages.ask('/portal/number/code', { code })
}

async function protectionChanges(pages: OwnerPages) {
  const rows = await pages.db.select().from(callbacks)
  return rows
    .filter(({ type }) => type === 'protection.changed')
    .map(({ body }) => JSON.parse(body).data)
}

describe('a change of number under a profile that takes a passkey', () => {
  it('is made with one that is old enough, and the exchange is told how it was proven', async () => {
    const pages = await ownerPages({ PROFILE: 'ph' })
    const device = await pages.addPasskey(pages.clock.now - PASSKEY_PROVES_AFTER_MS)
    const sent = await pages.ask(NUMBER, { phone: OTHER, ...(await answered(pages, device)) })
    expect([sent.status, sent.location]).toEqual([303, NUMBER])
    expect((await typeCode(pages)).location).toBe(`${NUMBER}?done=bound`)
    expect((await pages.ask(NUMBER)).text).toContain(shownPhone(OTHER))
    expect(await protectionChanges(pages)).toMatchObject([
      { change: 'number_changed', proof: 'passkey' },
    ])
  })

  it('is refused to one that was added too late, and the page says what to do', async () => {
    const pages = await ownerPages({ PROFILE: 'ph' })
    await pages.addPasskey(pages.clock.now - PASSKEY_PROVES_AFTER_MS + 1)
    const page = await pages.ask(NUMBER)
    expect(page.text).toContain(fillDurations(en, en.portal.number.needsPasskey, AGE))
    expect(page.text).toContain('href="/portal/passkeys"')
    expect(page.text).toContain(en.portal.common.recovery.split('{exchange}')[0])
    expect(page.text).not.toMatch(/name="phone"|name="totp"|data-options/)
    const refused = await pages.ask(NUMBER, { phone: OTHER, credential: '', challenge: '' })
    expect(refused.status).toBe(422)
    expect(await findBinding(pages.db, ID, pages.clock.now)).toBeNull()
    pages.clock.now += 1
    expect((await pages.ask(NUMBER)).text).toContain('data-options')
  })

  it.each([
    ['a code of the app', { totp: '123456' }],
    ['a code by SMS', { sms_code: '123456' }],
    ['nothing', {}],
  ] as const)('is refused to %s, though a passkey is there', async (_what, fields) => {
    const pages = await ownerPages({ PROFILE: 'ae' })
    await pages.addPasskey(pages.clock.now - 30 * DAY_MS)
    for (const [path, form] of [
      [NUMBER, { phone: OTHER, ...fields }],
      [REMOVE, fields],
    ] as const) {
      expect((await pages.ask(path, form)).status).toBe(422)
    }
    expect(await findBinding(pages.db, ID, pages.clock.now)).toBeNull()
    expect((await pages.account())?.phoneSealed).not.toBeNull()
  })

  it.each(LIES)('is refused to an answer with %s', async (_what, lie) => {
    const pages = await ownerPages({ PROFILE: 'my' })
    const device = await pages.addPasskey(pages.clock.now - 30 * DAY_MS)
    const { challenge, sealed } = readAsked((await pages.ask(NUMBER)).text)
    const credential = device.assert({ challenge, ...lie })
    const refused = await pages.ask(NUMBER, { phone: OTHER, challenge: sealed, credential })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain(en.portal.passkey.failed)
    expect(await findBinding(pages.db, ID, pages.clock.now)).toBeNull()
  })

  it.each(GARBAGE)('is refused to %s', async (_what, credential) => {
    const pages = await ownerPages({ PROFILE: 'my' })
    await pages.addPasskey(pages.clock.now - 30 * DAY_MS)
    const { sealed } = readAsked((await pages.ask(NUMBER)).text)
    const refused = await pages.ask(NUMBER, { phone: OTHER, challenge: sealed, credential })
    expect(refused.status).toBe(422)
  })

  it('takes an answer once, in its own visit, within minutes, of no other passkey', async () => {
    const pages = await ownerPages({ PROFILE: 'jp' })
    const device = await pages.addPasskey(pages.clock.now - 30 * DAY_MS)
    const stranger = await (await ownerPages()).addPasskey(0)
    expect((await pages.ask(REMOVE, await answered(pages, stranger))).status).toBe(422)
    const elsewhere = await answered(pages, device, 'vst_2')
    expect((await pages.ask(REMOVE, elsewhere)).status).toBe(422)
    const once = await answered(pages, device)
    expect((await pages.ask(NUMBER, { phone: OTHER, ...once })).status).toBe(303)
    expect((await pages.ask(REMOVE, once)).status).toBe(422)
    await pages.ask('/portal/number/cancel', {})
    const late = await answered(pages, device)
    pages.clock.now += 6 * MINUTE_MS
    expect((await pages.ask(REMOVE, late)).status).toBe(422)
    expect((await pages.account())?.phoneSealed).not.toBeNull()
    const removed = await pages.ask(REMOVE, await answered(pages, device))
    expect(removed.location).toBe(`${NUMBER}?done=removed`)
    expect((await pages.account())?.phoneSealed).toBeNull()
    expect((await protectionChanges(pages)).at(-1)).toMatchObject({
      change: 'number_removed',
      proof: 'passkey',
    })
  })

  it('is not tried without end', async () => {
    const pages = await ownerPages({ PROFILE: 'ph' })
    await pages.addPasskey(pages.clock.now - 30 * DAY_MS)
    const statuses: number[] = []
    for (let count = 0; count < 11; count += 1) {
      statuses.push((await pages.ask(REMOVE, { credential: '{}', challenge: '' })).status)
    }
    expect(statuses.filter((status) => status === 422)).toHaveLength(10)
    expect(statuses.at(-1)).toBe(429)
  })

  it('brings the script that asks the device, to both forms, and to no other page', async () => {
    const pages = await ownerPages({ PROFILE: 'ph' })
    await pages.addPasskey(pages.clock.now - 30 * DAY_MS)
    const page = await pages.ask(NUMBER)
    expect(page.text.split('data-options=')).toHaveLength(3)
    expect(page.text).toContain('<script src="/lock/confirm.js" defer>')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    const without = await (await ownerPages()).ask(NUMBER)
    expect(without.text).not.toContain('<script')
    expect(without.headers.get('content-security-policy')).not.toContain('script-src')
  })

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'says in %s what it takes, and what the device will ask',
    async (_tag, language) => {
      const pages = await ownerPages({ PROFILE: 'ph', language })
      const { needsPasskey, passkeyHint } = language.portal.number
      expect((await pages.ask(NUMBER)).text).toContain(fillDurations(language, needsPasskey, AGE))
      await pages.addPasskey(pages.clock.now - 30 * DAY_MS)
      expect((await pages.ask(NUMBER)).text).toContain(passkeyHint)
    },
  )
})

describe('the settings under a profile', () => {
  const SAVED = '/portal/settings?done=saved'
  const offered = (page: string) =>
    Array.from(page.matchAll(/name="alerts"\s+value="(\w+)"/g), ([, value]) => value)
  const save = (pages: OwnerPages, alerts: string) =>
    pages.ask('/portal/settings', { alerts, language: '', phrase: '' })

  it.each([
    [undefined, ['all', 'unusual', 'off'], false],
    ['sg', ['all', 'unusual'], true],
    ['hk', ['all'], true],
    ['jp', ['all', 'unusual', 'off'], false],
    ['sg hk', ['all'], true],
  ] as const)('%s offer %j', async (PROFILE, choices, isExplained) => {
    const pages = await ownerPages(PROFILE === undefined ? {} : { PROFILE })
    const { text } = await pages.ask('/portal/settings')
    expect(offered(text)).toEqual(choices)
    const why = en.portal.settings.required.replace('{exchange}', 'BitEx')
    expect(text.includes(why)).toBe(isExplained)
  })

  it.each(['off', 'unusual', 'nonsense'])(
    'change nothing by a form that says %s where all is asked',
    async (alerts) => {
      const pages = await ownerPages({ PROFILE: 'hk' })
      expect((await save(pages, alerts)).location).toBe(SAVED)
      expect((await pages.account())?.alerts).toBe('all')
      expect(await protectionChanges(pages)).toEqual([])
    },
  )

  it('show what an owner gets who had chosen less, everywhere', async () => {
    const pages = await ownerPages({ PROFILE: 'sg', alerts: 'off' })
    const { text } = await pages.ask('/portal/settings')
    expect(text).toMatch(/value="unusual"\s+checked/)
    const overview = await pages.ask('/portal')
    expect(overview.text).toContain(en.portal.settings.unusual)
    expect(overview.text).not.toContain(`>${en.portal.settings.off}<`)
    // Saved as it is shown: nothing was changed, so nothing is told.
    expect((await save(pages, 'unusual')).location).toBe(SAVED)
    expect(await protectionChanges(pages)).toEqual([])
    expect((await save(pages, 'all')).location).toBe(SAVED)
    expect(await protectionChanges(pages)).toMatchObject([{ change: 'alerts_raised' }])
    expect((await pages.account())?.alerts).toBe('all')
  })

  it.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'say in %s why not all are offered',
    async (_tag, language) => {
      const pages = await ownerPages({ PROFILE: 'sg', language })
      const why = language.portal.settings.required.replace('{exchange}', 'BitEx')
      expect((await pages.ask('/portal/settings')).text).toContain(why)
    },
  )
})
