// Every change of protection on the owner's pages passes one gate: it takes its proof, is told to the phone, to the number
// before and to the exchange, and leaves one line that an operator can count.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROTECTION_CHANGES } from '../../src/exchange/protection-changed.ts'
import { keysOf } from '../../src/lib/table.ts'
import { DAY_MS } from '../../src/lib/time.ts'
import { CHANGES } from '../../src/portal/change/changes.ts'
import { accountPath, execute, importOwner, newOwner, type Owner } from '../support/owner.ts'
import { createPasskeyDevice, type PasskeyDevice } from '../support/passkey-device.ts'
import { addPasskey, readAsked } from '../support/passkeys.ts'
import { enterPortal, type Portal, proofCodeSentTo } from '../support/portal.ts'
import { guardedOwner, SCENARIOS } from '../support/protection.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow } from '../support/totp.ts'
import { type PushService, startPushService } from '../world/push-service.ts'

const KEY = 'key_of-all-that-is-asked-for-here'

let stage: Stage
let service: PushService
let origin: string

beforeAll(async () => {
  service = await startPushService()
  const settings = {
    ...{ ...service.settings(), CODE_GUARD: 'record', LIFT_POLICY: 'owner', LIFT_DELAY_HOURS: '6' },
    API_KEYS: `${KEY}:accounts.read,accounts.write,portal,locks,holds.read,holds.lift`,
  }
  const world = { secrets: { apiKeys: [KEY] } }
  stage = await startTestStage({ hasName: true, settings, world })
  origin = `http://localhost:${new URL(stage.runtime.origin).port}`
})

afterAll(async () => {
  await stage.close()
  await service.close()
})

const newDevice = () => createPasskeyDevice(origin)

function changesToldOf({ id }: Pick<Owner, 'id'>) {
  return stage.world.exchange.callbacks
    .entries()
    .flatMap(({ event }) =>
      event?.type === 'protection.changed' && event.accountId === id ? [event.data] : [],
    )
}

function linesOf(event: string, { id }: Pick<Owner, 'id'>) {
  return stage.logs
    .filter((line) => line.includes(`"${event}"`) && line.includes(`"${id}"`))
    .map((line): unknown => JSON.parse(line))
}

const textsTo = (phone: string, after = 0) =>
  stage.world.phones
    .messagesTo(phone)
    .slice(after)
    .map(({ text }) => text)

describe('A2, A3 every change on the owner’s pages', () => {
  it.each(keysOf(CHANGES))(
    '%s takes its proof, and is told to all who have to know',
    async (change) => {
      const { demand, notice } = CHANGES[change]
      const { press } = SCENARIOS[change]
      const means = { device: newDevice(), subscription: service.subscribe(`device-${change}`) }
      const guarded = await guardedOwner(stage, change, means)
      const { owner, former } = guarded
      const toldBefore = changesToldOf(owner).length
      const before = [owner.phone, former].map((phone) => textsTo(phone).length)

      if (demand !== 'nothing') {
        const refused = await press(guarded, {})
        expect(refused.status).toBe(422)
        expect(changesToldOf(owner)).toHaveLength(toldBefore)
      }
      const isByNumber = demand === 'number_code'
      const code = isByNumber
        ? { sms_code: await proofCodeSentTo(stage, owner.phone) }
        : { totp: totpNow() }
      const made = await press(guarded, demand === 'nothing' ? {} : code)
      expect(made.status).toBe(303)
      await stage.settle()

      const { direction } = PROTECTION_CHANGES[change]
      const proofs = {
        nothing: 'visit',
        number_code: 'sms_code',
        first_number: 'sms_code',
        passkey: 'passkey',
      } as const
      const proof = Object.entries(proofs).find(([name]) => name === demand)?.[1] ?? 'totp'
      const told = changesToldOf(owner).slice(toldBefore)
      expect(told).toEqual([expect.objectContaining({ change, direction, proof, via: 'portal' })])
      expect(linesOf('protection.changed', owner).at(-1)).toEqual({
        event: 'protection.changed',
        account_id: owner.id,
        visit: expect.stringMatching(/^[0-9a-f]{8}$/),
        change,
        direction,
        proof,
      })
      const [toPresent, toFormer] = [owner.phone, former].map((phone, index) =>
        textsTo(phone, before[index]).filter((text) => text.includes('Not you?')),
      )
      // Where a first number is bound, both are former ones.
      const expected = notice === null ? 0 : 1
      expect([toPresent?.length, toFormer?.length]).toEqual([expected, expected])
    },
  )
})

describe('A2 the code of the authenticator app', () => {
  it('is asked for each time, whatever the exchange has just checked', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET, phrase: 'blue tram 7' })
    const portal = await enterPortal(stage, owner, ['otp'])
    for (const fields of [
      { alerts: 'unusual', language: '', phrase: 'blue tram 7' },
      { alerts: 'all', language: '', phrase: '' },
      { alerts: 'all', language: 'ja', phrase: 'blue tram 7' },
    ]) {
      expect((await portal.post('/portal/settings', fields)).status).toBe(422)
    }
    const { body } = await stage.world.exchange.api('GET', accountPath(owner))
    expect(body).toMatchObject({ alerts: 'all', locale: null, has_phrase: true })
  })

  it('is not asked for where nothing is weakened', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET, alerts: 'off' })
    const portal = await enterPortal(stage, owner)
    const same = { alerts: 'off', language: '', phrase: '' }
    expect((await portal.post('/portal/settings', same)).status).toBe(303)
    const raised = { ...same, alerts: 'unusual' }
    expect((await portal.post('/portal/settings', raised)).status).toBe(303)
    await stage.settle()
    const changes = changesToldOf(owner).map(({ change }) => change)
    expect(changes).toEqual(['alerts_raised'])
    expect(textsTo(owner.phone)).toEqual([])
  })
})

describe('B10 an authenticator app', () => {
  it('is set up only with a code to the bound number, which is told of it', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner, ['otp'])
    const press = (fields: Readonly<Record<string, string>>) =>
      SCENARIOS.authenticator_added.press(
        { stage, owner, portal, former: '', device: newDevice(), subscription: '' },
        fields,
      )
    const asked = await press({})
    expect(asked.status).toBe(422)
    expect(asked.text).toContain('name="sms_code"')
    expect(asked.text).toContain('Ask Demo Exchange for help in its app')
    const code = await proofCodeSentTo(stage, owner.phone)
    expect((await press({ sms_code: code === '000000' ? '000001' : '000000' })).status).toBe(422)
    expect((await press({ sms_code: code })).status).toBe(303)
    await eventually('the notice', () =>
      textsTo(owner.phone).find((text) => text.includes('an authenticator app was set up')),
    )
    const page = await portal.get('/portal/authenticator')
    expect(page.text).toContain('is set up')
    expect(page.text).toContain('Ask Demo Exchange for help in its app')
  })

  it('is frozen while withdrawals are held, and so is a new passkey', async () => {
    const owner = await importOwner(stage)
    await stage.world.exchange.api('POST', accountPath(owner, '/lock'), {})
    const portal = await enterPortal(stage, owner, ['otp'])
    for (const path of ['/portal/authenticator', '/portal/passkeys']) {
      const page = await portal.get(path)
      expect(page.text).toContain('cannot be changed while withdrawals are on hold')
      expect(page.text).not.toMatch(/name="(proposal|challenge)"/)
    }
  })

  it('that was proposed before a hold is refused during it', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    const { text } = await portal.get('/portal/authenticator')
    const secret = /<code dir="ltr">([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
    const proposal = /name="proposal" value="([^"]+)"/.exec(text)?.[1] ?? ''
    // By the owner's pages, since any other lock ends the visit.
    await portal.post('/portal/lock')
    const fields = { proposal, totp: totpNow(secret) }
    expect((await portal.post('/portal/authenticator', fields)).status).toBe(409)
    const { body } = await stage.world.exchange.api('GET', accountPath(owner))
    expect(body).toMatchObject({ has_totp_secret: false })
  })
})

describe('B10 a passkey', () => {
  it('takes a code to the bound number where there is no app, whatever the exchange has checked', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner, ['otp'])
    const device = newDevice()
    const asked = await addPasskey(portal, device)
    expect(asked.status).toBe(422)
    expect(asked.text).toContain('name="sms_code"')
    const kept = /name="credential" value="([^"]+)"/.exec(asked.text)?.[1] ?? ''
    const challenge = /name="challenge" value="([^"]+)"/.exec(asked.text)?.[1] ?? ''
    const sms_code = await proofCodeSentTo(stage, owner.phone)
    const credential = kept.replaceAll('&quot;', '"')
    const added = await portal.post('/portal/passkeys', { challenge, credential, sms_code })
    expect(added.location).toBe('/portal/passkeys?done=passkey_added')
    await stage.settle()
    expect(changesToldOf(owner)).toEqual([
      expect.objectContaining({ change: 'passkey_added', proof: 'sms_code' }),
    ])
  })
})

describe('a lift that is due later', () => {
  it('is told with a link whose one button stops it, for good; GET does nothing', async () => {
    const owner = await importOwner(stage)
    const portal = await enterPortal(stage, owner)
    const device = newDevice()
    await addOldPasskey(portal, owner, device)
    await portal.post('/portal/lock')
    const { exchange } = stage.world
    const ask = () => exchange.api('DELETE', `${accountPath(owner)}/hold`, { reason: 'support' })
    const asked = await ask()
    expect([asked.status, asked.body]).toEqual([202, { due_at: expect.any(String) }])
    const link = await eventually(
      'the link',
      () => textsTo(owner.phone).flatMap((text) => /http\S+\/s\/\S+/.exec(text)?.[0] ?? [])[0],
    )
    const opened = await fetch(link, { headers: { 'accept-language': 'en' } })
    const page = await opened.text()
    expect([opened.status, page.split('<button').length, page.includes('<script')]).toEqual([
      200,
      2,
      false,
    ])
    expect((await ask()).status).toBe(202)
    expect((await portal.get('/portal/hold')).text).toContain('Keep withdrawals on hold')
    const stopped = await fetch(link, { method: 'POST', headers: { 'accept-language': 'en' } })
    expect([stopped.status, await stopped.text()]).toEqual([
      200,
      expect.stringContaining('Withdrawals stay on hold'),
    ])
    const again = await ask()
    expect([again.status, again.body]).toMatchObject([409, { code: 'lift_stopped' }])
  })
})

/** A passkey of four days. */
async function addOldPasskey(portal: Portal, owner: Owner, device: PasskeyDevice) {
  const { sealed, challenge } = readAsked((await portal.get('/portal/passkeys')).text)
  const fields = { challenge: sealed, credential: device.register({ challenge }) }
  await portal.post('/portal/passkeys', fields)
  const code = await proofCodeSentTo(stage, owner.phone)
  await portal.post('/portal/passkeys', { ...fields, sms_code: code })
  const sql = 'UPDATE passkeys SET created_at = created_at - ? WHERE account_id = ?'
  await execute(stage, sql, 4 * DAY_MS, owner.id)
}
