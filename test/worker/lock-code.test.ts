// The lock without a link: number and code typed into a page. The code comes from the SMS as a phone
// would show it; guessing is stopped, and says nothing about whose number it is.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { lockCodeOf } from '../support/lock-links.ts'
import {
  execute,
  importOwner,
  loginAndDeliver,
  newOwner,
  queryOne,
  readAllRows,
} from '../support/owner.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'

const DAY_MS = 86_400_000

let stage: Stage

beforeAll(async () => {
  stage = await startTestStage()
})

afterEach(() => stage.world.exchange.setCallbackMode('ok'))
afterAll(() => stage.close())

let addresses = 0

function freshAddress(): string {
  addresses += 1
  return `198.51.100.${addresses}`
}

/** From an address of its own, unless one is given. */
async function type(phone: string, code: string, ip = freshAddress()) {
  const response = await stage.runtime.fetch('/lock', {
    method: 'POST',
    headers: { 'cf-connecting-ip': ip },
    body: new URLSearchParams({ phone, code }),
  })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    html: await response.text(),
  }
}

/** The code as the SMS of a sender that takes no reply has it. */
async function alerted() {
  const owner = await importOwner(stage)
  const { message } = await loginAndDeliver(stage, owner)
  return { owner, code: await lockCodeOf(stage, owner.id), text: message.text }
}

const lockOf = (accountId: string) =>
  queryOne(stage, 'SELECT via, alert_id FROM locks WHERE account_id = ?', accountId)

const OTHER_CODE = (code: string) => (code === '22222222' ? '33333333' : '22222222')

describe('GET /lock', () => {
  it('shows a form and touches nothing', async () => {
    const response = await stage.runtime.fetch('/lock')
    expect(response.status).toBe(200)
    const html = await response.text()
    expect(html).toContain('<input id="code" name="code"')
    expect(html).not.toContain('<script')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('speaks the reader’s language', async () => {
    const headers = { 'accept-language': 'ar,en;q=0.5' }
    const html = await (await stage.runtime.fetch('/lock', { headers })).text()
    expect(html).toContain('<html lang="ar" dir="rtl">')
  })
})

describe('POST /lock', () => {
  it('locks by the number and the code of the SMS, and tells the exchange how', async () => {
    const { exchange } = stage.world
    // An exchange that confirmed at once would be shown as that.
    await exchange.setCallbackMode('500')
    const { owner, code } = await alerted()
    const { status, html } = await type(owner.phone, code)
    expect(status).toBe(200)
    expect(html).toContain('Lock requested')
    expect(await lockOf(owner.id)).toMatchObject({ via: 'code' })
    await exchange.setCallbackMode('ok')
    const callback = await exchange.waitForCallback(
      ({ event }) => event?.type === 'account.locked' && event.accountId === owner.id,
    )
    expect(JSON.parse(callback.body)).toMatchObject({ data: { via: 'code' } })
  })

  it('takes the code as people write it', async () => {
    const { owner, code } = await alerted()
    const typed = `lock ${code.slice(0, 4).toLowerCase()} ${code.slice(4).toLowerCase()}`
    expect((await type(` ${owner.phone.slice(0, 5)} ${owner.phone.slice(5)} `, typed)).status).toBe(
      200,
    )
  })

  it('B8 takes number and code from another keyboard', async () => {
    const { owner, code } = await alerted()
    const arabic = (text: string) =>
      text.replace(/\d/g, (digit) => String.fromCodePoint(0x0660 + Number(digit)))
    const wide = (text: string) =>
      text.replace(/[!-~]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0))
    expect((await type(wide(owner.phone), `“${arabic(code)}” lock`)).status).toBe(200)
  })

  it('takes a number with 00, with tel:, or with its plus behind it', async () => {
    const { owner, code } = await alerted()
    const digits = owner.phone.slice(1)
    for (const phone of [`00${digits}`, `tel:${owner.phone}`, `${digits}+`]) {
      expect([phone, (await type(phone, code)).status]).toEqual([phone, 200])
    }
  })

  it('says of a number without its country that this is missing', async () => {
    const { owner, code } = await alerted()
    const { status, html } = await type(owner.phone.slice(2), code)
    expect(status).toBe(422)
    expect(html).toContain('Start with a plus sign and the country code.')
    expect(html).not.toContain('do not match')
    expect(await lockOf(owner.id)).toBeNull()
  })

  it('is the same lock as the link’s: a lifted hold does not come back by it', async () => {
    const { owner, code } = await alerted()
    await type(owner.phone, code)
    const lift = { reason: 'identified by support' }
    await stage.world.exchange.api('DELETE', `/v1/accounts/${owner.id}/hold`, lift)
    const again = (await type(owner.phone, code)).html
    expect(again).toContain('The hold was lifted')
    expect(again).toContain('locks nothing any more')
    const hold = await stage.world.exchange.api('GET', `/v1/accounts/${owner.id}/hold`)
    expect(hold.body).toMatchObject({ held: false })
  })

  it('answers a wrong code and an unknown number alike, and locks nothing', async () => {
    const { owner, code } = await alerted()
    const wrong = await type(owner.phone, OTHER_CODE(code))
    const unknown = await type(newOwner().phone, OTHER_CODE(code))
    expect([wrong.status, unknown.status]).toEqual([422, 422])
    const anonymous = (html: string) => html.replace(/value="[^"]*"/g, '')
    expect(anonymous(wrong.html)).toBe(anonymous(unknown.html))
    expect(await lockOf(owner.id)).toBeNull()
  })

  it('refuses a code older than 24 hours', async () => {
    const { owner, code } = await alerted()
    const past = Date.now() - DAY_MS - 1_000
    await execute(stage, 'UPDATE logins SET occurred_at = ? WHERE account_id = ?', past, owner.id)
    expect((await type(owner.phone, code)).status).toBe(422)
  })

  it('B2 gives a guesser five tries an hour, however many come at once, and the owner elsewhere his own', async () => {
    const { owner, code } = await alerted()
    const guesser = freshAddress()
    const tries = await Promise.all(
      Array.from({ length: 20 }, () => type(owner.phone, OTHER_CODE(code), guesser)),
    )
    const statuses = tries.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(5).fill(422), ...Array(15).fill(429)])
    const late = await type(owner.phone, code, guesser)
    expect(late.status).toBe(429)
    expect(Number(late.retryAfter)).toBeGreaterThan(3_000)
    expect(await lockOf(owner.id)).toBeNull()
    expect((await type(owner.phone, code)).status).toBe(200)
    expect(await lockOf(owner.id)).toMatchObject({ via: 'code' })
  })

  it('B2 takes no code of a reply', async () => {
    const { owner, text } = await alerted()
    const [, code = ''] = /LOCK ([2-9A-Z]{4})/.exec(text) ?? []
    expect(code).toHaveLength(4)
    const { status, html } = await type(owner.phone, code)
    expect(status).toBe(422)
    expect(html).toContain('role="alert" id="problem">Eight letters and digits')
    expect(await lockOf(owner.id)).toBeNull()
  })

  it('forgets slips of the finger once it was right', async () => {
    const { owner, code } = await alerted()
    const ip = freshAddress()
    for (let round = 0; round < 2; round += 1) {
      for (let count = 0; count < 4; count += 1) await type(owner.phone, OTHER_CODE(code), ip)
      expect((await type(owner.phone, code, ip)).status).toBe(200)
    }
  })

  it('keeps neither number nor address in its counts', async () => {
    const { owner, code } = await alerted()
    await type(owner.phone, OTHER_CODE(code), '192.0.2.77')
    const { attempt_limits: rows } = await readAllRows(stage)
    expect(rows).not.toEqual([])
    expect(JSON.stringify(rows)).not.toMatch(/192\.0\.2\.77|\+?1\d{10}"/)
  })

  it('keeps what was typed, escaped, where it cannot be right', async () => {
    const { status, html } = await type('"><script>', 'x'.repeat(10))
    expect(status).toBe(422)
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;"')
  })

  it('B6 keeps number and code while the database is away, claims nothing, and locks once it is back', async () => {
    const { owner, code } = await alerted()
    await stage.setFaults({ database: true })
    const { status, html } = await type(owner.phone, code)
    await stage.setFaults({})
    expect(status).toBe(202)
    expect(html).toContain('Your code is saved')
    await expect.poll(() => lockOf(owner.id), { timeout: 30_000 }).toMatchObject({ via: 'code' })
  })
})
