// Replies to our numbers: only a code locks, only its own account, and each answer goes to the number
// itself. Signed as the carriers sign; the sender of an SMS is whatever somebody claims.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { lockCodeOf } from '../support/lock-links.ts'
import {
  execute,
  importOwner,
  loginAndDeliver,
  newOwner,
  type Owner,
  queryOne,
} from '../support/owner.ts'
import { postReceipt, twilioForm } from '../support/receipts.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

let stage: Stage
let texts = 0

beforeAll(async () => {
  stage = await startTestStage()
})

afterEach(() => stage.world.exchange.setCallbackMode('ok'))
afterAll(() => stage.close())

type Reply = {
  readonly from: string
  readonly to?: string
  readonly text: string
  readonly id?: string
  readonly extra?: readonly (readonly [string, string])[]
}

function freshId(): string {
  texts += 1
  return `SM${String(texts).padStart(32, '0')}`
}

function reply({ from, to = '+12025550100', text, id = freshId(), extra = [] }: Reply) {
  const url = `${stage.runtime.origin}/v1/inbound/twilio`
  return twilioForm(stage, url, [
    ['MessageSid', id],
    ['AccountSid', stage.world.secrets.twilioAccountSid],
    ['From', from],
    ['To', to],
    ['Body', text],
    ['SmsStatus', 'received'],
    ...extra,
  ])
}

const send = async (message: Reply) => postReceipt(reply(message))

function textsTo(owner: Owner): readonly string[] {
  return stage.world.phones.messagesTo(owner.phone).map((message) => message.text)
}

function answerTo(owner: Owner, words: string) {
  return eventually(`an answer with “${words}”`, () =>
    textsTo(owner).find((text) => text.includes(words)),
  )
}

async function alerted(change: Readonly<Record<string, unknown>> = {}) {
  const owner = await importOwner(stage, change)
  const { message } = await loginAndDeliver(stage, owner)
  const code = /(?:LOCK|Code) ([2-9A-Z]{4})/.exec(message.text)?.[1] ?? ''
  return { owner, code }
}

const lockOf = (owner: Owner) =>
  queryOne(stage, 'SELECT via, locked_at FROM locks WHERE account_id = ?', owner.id)

async function phoneOf(owner: Owner) {
  const { body } = await stage.world.exchange.api('GET', `/v1/accounts/${owner.id}`)
  return body
}

describe('LOCK and the code', () => {
  it('lock, tell the exchange, and are answered', async () => {
    const { owner, code } = await alerted()
    expect(await send({ from: owner.phone, text: `lock ${code.toLowerCase()}` })).toBe(204)
    expect(await lockOf(owner)).toMatchObject({ via: 'reply' })
    await answerTo(owner, 'withdrawals')
    const { body } = await stage.world.exchange.waitForCallback(
      ({ event }) => event?.type === 'account.locked' && event.accountId === owner.id,
    )
    expect(JSON.parse(body)).toMatchObject({ data: { via: 'reply' } })
  })

  it('B6 lock nothing once their lock was lifted, and say so', async () => {
    const { owner, code } = await alerted()
    await send({ from: owner.phone, text: `LOCK ${code}` })
    await answerTo(owner, 'withdrawals')
    const lift = { reason: 'identified by support' }
    await stage.world.exchange.api('DELETE', `/v1/accounts/${owner.id}/hold`, lift)
    await send({ from: owner.phone, text: `LOCK ${code}` })
    await answerTo(owner, 'nothing was locked')
  })

  it('are answered in the owner’s language', async () => {
    const { owner, code } = await alerted({ locale: 'uk' })
    await send({ from: owner.phone, text: `LOCK ${code}` })
    await answerTo(owner, 'виведення')
  })

  it('B4 lock and answer once, however often the carrier brings them, and once more when it is confirmed', async () => {
    const { exchange } = stage.world
    await exchange.setCallbackMode('500')
    const { owner, code } = await alerted()
    const message = { from: owner.phone, text: `LOCK ${code}`, id: `SM${'a'.repeat(32)}` }
    await send(message)
    await answerTo(owner, 'Once confirmed')
    const first = await lockOf(owner)
    expect(await send(message)).toBe(204)
    expect(await lockOf(owner)).toEqual(first)
    const posted = 'SELECT count(*) AS count FROM notices WHERE account_id = ?'
    expect(await queryOne(stage, posted, owner.id)).toEqual({ count: 1 })
    await exchange.setCallbackMode('ok')
    await answerTo(owner, 'your account is locked')
    await send(message)
    await stage.settle()
    expect(await queryOne(stage, posted, owner.id)).toEqual({ count: 2 })
  })

  it('do nothing from another number, or for another account', async () => {
    const { owner, code } = await alerted()
    const { owner: other } = await alerted()
    await send({ from: newOwner().phone, text: `LOCK ${code}` })
    await send({ from: other.phone, text: `LOCK ${code}` })
    expect([await lockOf(owner), await lockOf(other)]).toEqual([null, null])
    await answerTo(other, 'this code does not match')
  })

  it('lock by the right code after wrong ones, which a forged sender gets three answers to at most', async () => {
    const { owner, code } = await alerted()
    const wrong = code === '2222' ? '3333' : '2222'
    for (let count = 0; count < 6; count += 1) {
      await send({ from: owner.phone, text: `LOCK ${wrong}` })
    }
    expect(await lockOf(owner)).toBeNull()
    await answerTo(owner, 'this code does not match')
    await stage.settle()
    expect(textsTo(owner).filter((text) => text.includes('does not match'))).toHaveLength(3)
    await send({ from: owner.phone, text: `LOCK ${code}` })
    expect(await lockOf(owner)).toMatchObject({ via: 'reply' })
  })

  it.each([
    ['+525512345678', '+5215512345678'],
    ['+5491123456789', '+541123456789'],
  ])('B14 lock the account of %s from %s, its other form', async (phone, from) => {
    const { owner } = await alerted({ phone })
    // Its own SMS may come from a sender that takes no reply.
    const code = await lockCodeOf(stage, owner.id, 'lock-code')
    expect(await send({ from, text: `LOCK ${code}` })).toBe(204)
    expect(await lockOf(owner)).toMatchObject({ via: 'reply' })
  })

  it('B7 lock though the carrier names no number they went to', async () => {
    const { owner, code } = await alerted()
    expect(await send({ from: owner.phone, to: 'Lockline', text: `LOCK ${code}` })).toBe(204)
    expect(await lockOf(owner)).toMatchObject({ via: 'reply' })
  })

  it('B7 are taken from a name, lock nothing, and are not brought again', async () => {
    const { owner, code } = await alerted()
    for (const from of ['PROMO-24', '72345', 'Опер', '']) {
      expect(await send({ from, text: `LOCK ${code}` })).toBe(204)
    }
    expect(await lockOf(owner)).toBeNull()
  })

  it('B5 do not lock as a part of a reaction; it gets one hint at most', async () => {
    const { owner, code } = await alerted()
    const [alert = ''] = textsTo(owner)
    for (const text of [`Liked “${alert}”`, `👍 to “${alert}”`]) {
      expect(await send({ from: owner.phone, text })).toBe(204)
    }
    await answerTo(owner, 'To lock your account, reply LOCK')
    await stage.settle()
    expect([await lockOf(owner), textsTo(owner).length]).toEqual([null, 2])
    await send({ from: owner.phone, text: `Do not lock ${code}` })
    await answerTo(owner, 'nothing was locked')
    expect(await lockOf(owner)).toBeNull()
    await send({ from: owner.phone, text: `${code} lock` })
    expect(await lockOf(owner)).toMatchObject({ via: 'reply' })
  })

  it('are worth nothing without the carrier’s signature', async () => {
    const { owner, code } = await alerted()
    const { url, headers, body } = reply({ from: owner.phone, text: `LOCK ${code}` })
    const bare = { ...headers, 'x-twilio-signature': 'bm90IGEgc2lnbmF0dXJl' }
    const response = await fetch(url, { method: 'POST', headers: bare, body })
    expect(response.status).toBe(401)
    expect(await lockOf(owner)).toBeNull()
  })
})

describe('STOP and START', () => {
  it('mute and unmute, are answered, and told to the exchange', async () => {
    const { owner } = await alerted()
    await send({ from: owner.phone, text: 'Stop' })
    await answerTo(owner, 'no longer get login alerts')
    expect(await phoneOf(owner)).toMatchObject({ phone: { state: 'opted_out' } })
    const stopped = await stage.world.exchange.waitForCallback(
      ({ event }) => event?.type === 'phone.changed' && event.accountId === owner.id,
    )
    expect(JSON.parse(stopped.body)).toMatchObject({ data: { change: 'opted_out' } })
    const login = await stage.world.exchange.login({ account_id: owner.id })
    expect(login.status).toBe(202)
    const row = await queryOne(
      stage,
      'SELECT state, suppression_reason FROM logins WHERE account_id = ? ORDER BY seq DESC LIMIT 1',
      owner.id,
    )
    expect(row).toEqual({ state: 'suppressed', suppression_reason: 'opted_out' })

    await send({ from: owner.phone, text: 'START' })
    await answerTo(owner, 'alerts by SMS are back on')
    await loginAndDeliver(stage, owner)
  })

  it('are not answered twice where the carrier has answered', async () => {
    const { owner } = await alerted()
    await send({ from: owner.phone, text: 'STOP', extra: [['OptOutType', 'STOP']] })
    expect(await phoneOf(owner)).toMatchObject({ phone: { state: 'opted_out' } })
    const { count } = (await queryOne(
      stage,
      'SELECT count(*) AS count FROM notices WHERE account_id = ?',
      owner.id,
    )) ?? { count: -1 }
    expect(count).toBe(0)
  })
})

describe('A12 texts that change nothing, or come by the dozen', () => {
  const answersTo = (owner: Owner, words: string) =>
    textsTo(owner).filter((text) => text.includes(words))

  it('A12 confirms a lock once, however often its right code comes', async () => {
    await stage.world.exchange.setCallbackMode('500')
    const { owner, code } = await alerted()
    for (let nth = 0; nth < 40; nth += 1) await send({ from: owner.phone, text: `LOCK ${code}` })
    await answerTo(owner, 'withdrawals')
    await stage.settle()
    expect(answersTo(owner, 'withdrawals')).toHaveLength(1)
  })

  it('A12 confirms STOP once, where it stopped something', async () => {
    const { owner } = await alerted()
    for (let nth = 0; nth < 20; nth += 1) await send({ from: owner.phone, text: 'STOP' })
    await answerTo(owner, 'no longer get login alerts')
    await stage.settle()
    expect(textsTo(owner)).toHaveLength(2)
    await send({ from: owner.phone, text: 'START' })
    await answerTo(owner, 'alerts by SMS are back on')
  })

  it('A12 answers forty of STOP and START twice, and says in the end that alerts are stopped', async () => {
    const { owner } = await alerted()
    for (let nth = 0; nth < 20; nth += 1) {
      await send({ from: owner.phone, text: 'STOP' })
      await send({ from: owner.phone, text: 'START' })
    }
    await send({ from: owner.phone, text: 'STOP' })
    await answerTo(owner, 'alerts by SMS are back on')
    await stage.settle()
    expect(textsTo(owner)).toHaveLength(3)
    await endHour(owner)
    await eventually('the second', () => answersTo(owner, 'no longer get login alerts')[1])
  })

  it('A12 says nothing in the end where the last word was START', async () => {
    const { owner } = await alerted()
    for (const text of ['STOP', 'START', 'STOP', 'START']) await send({ from: owner.phone, text })
    await answerTo(owner, 'alerts by SMS are back on')
    await endHour(owner)
    await stage.settle()
    expect(textsTo(owner)).toHaveLength(3)
  })
})

/** As if the hour were over, and a minute more. */
async function endHour(owner: Owner): Promise<void> {
  const due = Date.now() - 60_000
  const sql = "UPDATE notices SET created_at = ? WHERE account_id = ? AND subject = 'if_still_so'"
  await execute(stage, sql, due, owner.id)
  await stage.runtime.tick()
}

describe('other texts', () => {
  it('ask for help and get it', async () => {
    const { owner } = await alerted()
    await send({ from: owner.phone, text: 'help' })
    await answerTo(owner, 'To lock your account, reply LOCK')
  })

  it('lock nothing, and get help too', async () => {
    const { owner } = await alerted()
    expect(await send({ from: owner.phone, text: 'who is this?' })).toBe(204)
    await answerTo(owner, 'To lock your account, reply LOCK')
    expect(await lockOf(owner)).toBeNull()
  })

  it('come by POST, from a provider that is set up', async () => {
    const get = await stage.runtime.fetch('/v1/inbound/twilio')
    expect(get.status).toBe(405)
    const encoded = await stage.runtime.fetch('/v1/inbound/%74wilio', { method: 'POST', body: 'x' })
    expect(encoded.status).toBe(404)
    const unknown = await stage.runtime.fetch('/v1/inbound/sinch', { method: 'POST', body: 'x' })
    expect(unknown.status).toBe(404)
  })
})
