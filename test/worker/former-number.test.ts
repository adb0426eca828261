// The number before the present one, while it is told: everything reaches it, its answers count, and its STOP ends what it
// gets and nothing else. However the number was changed.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockCodeOf } from '../support/lock-links.ts'
import {
  accountPath,
  importOwner,
  linkIn,
  newOwner,
  type Owner,
  queryOne,
  readHistory,
  trustEveryProvider,
} from '../support/owner.ts'
import { enterPortal } from '../support/portal.ts'
import { postReceipt, twilioForm } from '../support/receipts.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow } from '../support/totp.ts'

let stage: Stage
let replies = 0

beforeAll(async () => {
  stage = await startTestStage()
})

afterAll(() => stage.close())

const textsTo = (phone: string) => stage.world.phones.messagesTo(phone).map(({ text }) => text)

const textTo = (phone: string, pattern: RegExp) =>
  eventually(`an SMS with ${pattern}`, () => textsTo(phone).find((text) => pattern.test(text)))

/** An owner whose number the exchange has changed. */
async function moved(
  change: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly owner: Owner; readonly former: string }> {
  const first = await importOwner(stage, { totp_secret: TOTP_SECRET })
  const { phone } = newOwner()
  await stage.world.exchange.api('PUT', accountPath(first), { phone, ...change })
  return { owner: { id: first.id, phone }, former: first.phone }
}

/** As the carrier brings it. */
function reply(from: string, text: string): Promise<number> {
  replies += 1
  const url = `${stage.runtime.origin}/v1/inbound/twilio`
  return postReceipt(
    twilioForm(stage, url, [
      ['MessageSid', `SM${String(replies).padStart(32, '0')}`],
      ['AccountSid', stage.world.secrets.twilioAccountSid],
      ['From', from],
      ['To', '+12025550100'],
      ['Body', text],
      ['SmsStatus', 'received'],
    ]),
  )
}

const login = (owner: Owner) => stage.world.exchange.login({ account_id: owner.id, country: 'DE' })

/** The code of the alert that the former number got. */
async function codeSentTo(former: string): Promise<string> {
  const text = await textTo(former, /login #1/)
  return /LOCK ([2-9A-Z]{4})/.exec(text)?.[1] ?? ''
}

const isHeld = async (owner: Owner) => {
  const { body } = await stage.world.exchange.api('GET', accountPath(owner, '/hold'))
  return JSON.stringify(body).includes('"held":true')
}

describe('A3 a former number', () => {
  it('is told of each login though alerts are off, and the present one is not', async () => {
    const { owner, former } = await moved({ alerts: 'off' })
    await login(owner)
    expect(await textTo(former, /login #1/)).toContain('http')
    await stage.settle()
    expect(textsTo(owner.phone)).toEqual([])
    const { logins } = await readHistory(stage, owner)
    expect(logins[0]?.alert).toMatchObject({ number: 1, state: 'delivered' })
  })

  it('is told of a usual login too, of which the present one is not', async () => {
    const { owner, former } = await moved({ alerts: 'unusual' })
    await login(owner)
    await textTo(former, /login #1/)
    await textTo(owner.phone, /login #1/)
    await login(owner)
    await textTo(former, /login #2/)
    await stage.settle()
    expect(textsTo(owner.phone)).toHaveLength(1)
  })

  it('is told of the switching off of alerts and of the lift of a hold', async () => {
    const { owner, former } = await moved()
    const portal = await enterPortal(stage, owner)
    const off = { alerts: 'off', language: '', phrase: '', totp: totpNow() }
    expect((await portal.post('/portal/settings', off)).status).toBe(303)
    for (const phone of [former, owner.phone]) await textTo(phone, /alerts were turned off/)
    await stage.world.exchange.api('POST', accountPath(owner, '/lock'), {})
    await stage.world.exchange.api('DELETE', accountPath(owner, '/hold'), { reason: 'a call' })
    for (const phone of [former, owner.phone]) await textTo(phone, /withdrawals was lifted/)
  })

  it('is told of the number that is bound after its own was removed, not when it is bound again', async () => {
    const owner = await importOwner(stage)
    const put = (phone: string | null) =>
      stage.world.exchange.api('PUT', accountPath(owner), { phone })
    const told = () =>
      textsTo(owner.phone).filter((text) =>
        text.includes('the number for your login alerts was changed'),
      )
    await put(null)
    await eventually('the removal', () => told().length === 1)
    await put(newOwner().phone)
    await eventually('the other number', () => told().length === 2)
    await stage.settle()
    await put(owner.phone)
    await stage.settle()
    expect(told()).toHaveLength(2)
  })

  it('A11 that is bound again gets each alert once', async () => {
    const owner = await importOwner(stage)
    for (const phone of [null, owner.phone]) {
      await stage.world.exchange.api('PUT', accountPath(owner), { phone })
    }
    await login(owner)
    await textTo(owner.phone, /login #1/)
    await stage.settle()
    expect(textsTo(owner.phone).filter((text) => text.includes('login #1'))).toHaveLength(1)
  })

  it('is told of a second change too, which the number between hears of', async () => {
    const { owner, former } = await moved()
    await stage.world.exchange.api('PUT', accountPath(owner), { phone: newOwner().phone })
    await textTo(owner.phone, /the number for your login alerts was changed/)
    await stage.settle()
    expect(
      textsTo(former).filter((text) =>
        text.includes('the number for your login alerts was changed'),
      ),
    ).toHaveLength(2)
  })
})

describe('A10 a number changed by the API', () => {
  it('is told to the number before, whose link locks', async () => {
    const { owner, former } = await moved()
    const told = await textTo(former, /the number for your login alerts was changed/)
    await fetch(linkIn(told), { method: 'POST' })
    expect(await isHeld(owner)).toBe(true)
  })

  it('is told when it is removed, too', async () => {
    const owner = await importOwner(stage)
    await stage.world.exchange.api('PUT', accountPath(owner), { phone: null })
    await textTo(owner.phone, /the number for your login alerts was changed/)
    await login(owner)
    await textTo(owner.phone, /login #1/)
  })

  it.each([
    ['the exchange says that it has told it', true],
    ['it is the same', false],
  ])('is not told where %s', async (_what, isOther) => {
    const owner = await importOwner(stage)
    const { phone } = newOwner()
    const change = isOther ? { phone, former_phone_told: true } : { phone: owner.phone }
    await stage.world.exchange.api('PUT', accountPath(owner), change)
    await login(owner)
    await textTo(isOther ? phone : owner.phone, /login #1/)
    await stage.settle()
    expect(textsTo(owner.phone)).toHaveLength(isOther ? 0 : 1)
    const sql = 'SELECT former_phones AS former FROM accounts WHERE account_id = ?'
    expect(await queryOne(stage, sql, owner.id)).toEqual({ former: null })
  })
})

describe('B1 a former number', () => {
  it('locks by the reply that its SMS asks for, and is answered', async () => {
    await trustEveryProvider(stage)
    const { owner, former } = await moved()
    await login(owner)
    expect(await reply(former, `LOCK ${await codeSentTo(former)}`)).toBe(204)
    expect(await isHeld(owner)).toBe(true)
    await textTo(former, /holds withdrawals|withdrawals are on hold/)
    await stage.settle()
    expect(textsTo(owner.phone).filter((text) => text.includes('withdrawals'))).toEqual([])
  })

  it('locks by its code on the lock page', async () => {
    await trustEveryProvider(stage)
    const { owner, former } = await moved()
    await login(owner)
    const body = new URLSearchParams({ phone: former, code: await lockCodeOf(stage, owner.id) })
    const answer = await stage.runtime.fetch('/lock', {
      method: 'POST',
      body: body.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.status).toBe(200)
    expect(await isHeld(owner)).toBe(true)
  })

  it('is each number that was the present one: told, able to lock, and ended by its own STOP alone', async () => {
    await trustEveryProvider(stage)
    const { owner, former } = await moved()
    const third = newOwner()
    await stage.world.exchange.api('PUT', accountPath(owner), { phone: third.phone })
    await textTo(former, /changed or removed/)
    await textTo(owner.phone, /changed or removed/)
    await login(owner)
    await textTo(third.phone, /login #1/)
    await textTo(owner.phone, /login #1/)
    const code = await codeSentTo(former)
    expect(await reply(former, 'STOP')).toBe(204)
    await textTo(former, /no more messages about the account/)
    expect(await reply(owner.phone, `LOCK ${code}`)).toBe(204)
    expect(await isHeld(owner)).toBe(true)
    await textTo(owner.phone, /holds withdrawals|withdrawals are on hold/)
  })

  it('ends what it gets by STOP, and only that', async () => {
    await trustEveryProvider(stage)
    const { owner, former } = await moved()
    await login(owner)
    await codeSentTo(former)
    expect(await reply(former, 'STOP')).toBe(204)
    await textTo(former, /no more messages about the account/)
    const { body } = await stage.world.exchange.waitForCallback(
      ({ event }) => event?.type === 'protection.changed' && event.accountId === owner.id,
    )
    expect(JSON.parse(body)).toMatchObject({ data: { change: 'copies_ended', via: 'reply' } })
    const count = textsTo(former).length
    await login(owner)
    await textTo(owner.phone, /login #2/)
    await stage.settle()
    expect(textsTo(former)).toHaveLength(count)
    const account = await stage.world.exchange.api('GET', accountPath(owner))
    expect(account.body).toMatchObject({ phone: { state: 'ok' } })
  })

  it('finds the account no more once its time is over', async () => {
    await trustEveryProvider(stage)
    const { owner, former } = await moved()
    await login(owner)
    const code = await codeSentTo(former)
    await stage.settle()
    const over = `UPDATE accounts SET former_phones = json_set(former_phones, '$[0].until', 1)
      WHERE account_id = ? RETURNING 1`
    await queryOne(stage, over, owner.id)
    expect(await reply(former, `LOCK ${code}`)).toBe(204)
    expect(await isHeld(owner)).toBe(false)
  })
})
