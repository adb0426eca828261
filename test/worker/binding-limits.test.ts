// How long and how often a code counts, how often it is sent, and what the page says when it is over.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealField } from '../../src/account/accounts.ts'
import { fromBase64 } from '../../src/lib/base64.ts'
import { execute, importOwner, newOwner, type Owner, queryOne } from '../support/owner.ts'
import { enterPortal, type Portal } from '../support/portal.ts'
import { randomBytes } from '../support/ports.ts'
import { eventually, type Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow } from '../support/totp.ts'

let stage: Stage

// The fictional numbers lie in one block: see binding.test.ts.
beforeAll(async () => {
  stage = await startTestStage({ settings: { CODE_GUARD: 'record' } })
})

afterAll(() => stage.close())

const NUMBER_PATH = '/portal/number'

let addresses = 0

function freshAddress(): string {
  addresses += 1
  return `198.51.100.${addresses}`
}

/** From an address of its own, unless one is given. */
function askForCode(
  portal: Portal,
  fields: Readonly<Record<string, string>>,
  address = freshAddress(),
) {
  return portal.post(NUMBER_PATH, fields, { 'cf-connecting-ip': address })
}

function askAgain(portal: Portal) {
  return portal.post(`${NUMBER_PATH}/resend`, {}, { 'cf-connecting-ip': freshAddress() })
}

function typeCode(portal: Portal, code: string) {
  return portal.post(`${NUMBER_PATH}/code`, { code })
}

/** The codes that have come to a phone, oldest first. */
function codesSentTo(phone: string): readonly string[] {
  return stage.world.phones.messagesTo(phone).flatMap(({ text }) => {
    return text.includes('is your code') ? (/\b\d{6}\b/.exec(text)?.[0] ?? []) : []
  })
}

function codeSentTo(phone: string): Promise<string> {
  return eventually('the code', () => codesSentTo(phone)[0])
}

function otherThan(code: string): string {
  return code === '000000' ? '000001' : '000000'
}

/** An owner without a number whom the exchange has just asked for a one-time code. */
async function freshPortal(): Promise<{ readonly owner: Owner; readonly portal: Portal }> {
  const owner = newOwner()
  return { owner, portal: await enterPortal(stage, owner, ['otp']) }
}

/** An owner whose code has come. */
async function codeSent() {
  const { owner, portal } = await freshPortal()
  expect((await askForCode(portal, { phone: owner.phone })).status).toBe(303)
  return { owner, portal, code: await codeSentTo(owner.phone) }
}

/** As if the code had been sent at these instants. */
function setSentAt({ id }: Owner, instants: readonly number[]) {
  const sql = 'UPDATE phone_bindings SET codes_sent_at = ? WHERE account_id = ?'
  return execute(stage, sql, JSON.stringify(instants), id)
}

async function codesPosted({ id }: Owner) {
  const sql = "SELECT count(*) AS count FROM notices WHERE account_id = ? AND kind = 'code'"
  return (await queryOne(stage, sql, id))?.count
}

describe('a code that does not count any more', () => {
  it('is not sent again after five wrong ones; the page asks for the number anew', async () => {
    const { owner, portal, code } = await codeSent()
    for (let tries = 0; tries < 4; tries += 1) await typeCode(portal, otherThan(code))
    const last = await typeCode(portal, otherThan(code))
    expect(last.text).toContain('<p role="alert">This code is no longer valid.')
    expect(last.text).toContain('name="phone"')
    expect(last.text).not.toContain('name="code"')

    await setSentAt(owner, [1])
    await askAgain(portal)
    expect(await codesPosted(owner)).toBe(1)
  })

  it('says so when its time is over, though it is right', async () => {
    const { owner, portal, code } = await codeSent()
    await execute(stage, 'UPDATE phone_bindings SET expires_at = 1 WHERE account_id = ?', owner.id)
    const late = await typeCode(portal, code)
    expect(late.status).toBe(422)
    expect(late.text).toContain('<p role="alert">This code is no longer valid.')
  })

  it('is that of a binding that a newer one has replaced', async () => {
    const { portal, code } = await codeSent()
    const other = newOwner()
    await askForCode(portal, { phone: other.phone })
    const newer = await codeSentTo(other.phone)
    expect((await typeCode(portal, code)).text).toContain('Attempts left: 4')
    expect((await typeCode(portal, newer)).location).toBe(`${NUMBER_PATH}?done=bound`)
  })
})

describe('a code that was not received', () => {
  it('is sent once more, the same one, and then waits longer', async () => {
    const { owner, portal, code } = await codeSent()
    await setSentAt(owner, [Date.now() - 30_000])
    expect((await askAgain(portal)).status).toBe(303)
    const codes = await eventually('the second SMS', () => {
      const all = codesSentTo(owner.phone)
      return all.length === 2 && all
    })
    expect(codes).toEqual([code, code])
    expect((await portal.get(NUMBER_PATH)).text).toMatch(/sent again in (1 minute|[1-5]\d seconds)/)
    expect((await typeCode(portal, code)).location).toBe(`${NUMBER_PATH}?done=bound`)
  })

  it('is sent once more by four requests at the same moment', async () => {
    const { owner, portal } = await codeSent()
    await setSentAt(owner, [Date.now() - 30_000])
    await Promise.all(Array.from({ length: 4 }, () => askAgain(portal)))
    expect(await codesPosted(owner)).toBe(2)
  })

  it('is sent five times and no more', async () => {
    const { owner, portal } = await codeSent()
    await setSentAt(owner, [1, 2, 3, 4, 5])
    expect((await portal.get(NUMBER_PATH)).text).not.toContain(`${NUMBER_PATH}/resend`)
    await askAgain(portal)
    expect(await codesPosted(owner)).toBe(1)
  })
})

describe('the page', () => {
  it('says what is wrong with a number though a code for another one is on its way', async () => {
    const { portal } = await codeSent()
    const refused = await askForCode(portal, { phone: '02071234567' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('<p role="alert">Start with a plus sign')
    expect(refused.text).toContain('name="code"')
  })

  it.each([
    ['invalid', 'According to our SMS providers, this number does not exist'],
    ['opted_out', 'You replied STOP'],
  ])('says that the number is %s', async (state, words) => {
    const owner = await importOwner(stage)
    const sql = 'UPDATE accounts SET phone_state = ? WHERE account_id = ?'
    await execute(stage, sql, state, owner.id)
    expect((await (await enterPortal(stage, owner)).get(NUMBER_PATH)).text).toContain(words)
  })
})

describe('A13 a code that was refused for good', () => {
  it.each([
    ['opted_out', '21610', 'Reply START', true],
    ['recipient_permanent', '21614', 'cannot receive SMS', false],
  ])(
    'as %s, %s, is not on its way; the page says what to do',
    async (name, code, words, goesOn) => {
      const { owner, portal } = await codeSent()
      // The simulated carrier took it: its last word first, so that nothing is written over what follows.
      await eventually('the receipt', async () => {
        const of = "SELECT attempts FROM notices WHERE account_id = ? AND kind = 'code'"
        return JSON.stringify(await queryOne(stage, of, owner.id)).includes('delivered')
      })
      const call = { number: 1, provider: 'twilio', startedAt: 1, durationMs: 1, segments: 1 }
      const attempts = JSON.stringify([{ ...call, state: 'failed', class: name, code }])
      const sql =
        "UPDATE notices SET state = 'failed', attempts = ? WHERE account_id = ? AND kind = 'code'"
      await execute(stage, sql, attempts, owner.id)
      await setSentAt(owner, [1])
      const page = (await portal.get(NUMBER_PATH)).text
      expect(page).toContain(words)
      expect(page).not.toContain('on its way')
      expect(page.includes(`${NUMBER_PATH}/resend`)).toBe(goesOn)
      await askAgain(portal)
      expect(await codesPosted(owner)).toBe(goesOn ? 2 : 1)
    },
  )
})

describe('a stored number that the numbering plan does not know any more', () => {
  it('is changed with a code of the app only, whatever the exchange has checked', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const key = fromBase64(stage.world.settings().DATA_SECRETS?.split(' ')[0] ?? '')
    const sealed = key && (await sealField(randomBytes, [key], owner.id, 'phone', '+1202'))
    const sql = 'UPDATE accounts SET phone_sealed = ? WHERE account_id = ?'
    await execute(stage, sql, sealed, owner.id)
    const portal = await enterPortal(stage, owner, ['otp'])
    const { phone } = newOwner()
    expect((await askForCode(portal, { phone })).status).toBe(422)
    expect((await askForCode(portal, { phone, totp: totpNow() })).status).toBe(303)
  })
})

describe('codes', () => {
  it('are asked for in five bindings a day by one account', async () => {
    const { portal } = await freshPortal()
    const statuses: number[] = []
    for (let asked = 0; asked < 6; asked += 1) {
      statuses.push((await askForCode(portal, { phone: newOwner().phone })).status)
    }
    expect(statuses).toEqual([303, 303, 303, 303, 303, 429])
  })

  it('are asked for twenty times an hour from one address', async () => {
    const statuses: number[] = []
    for (let asked = 0; asked < 21; asked += 1) {
      const { owner, portal } = await freshPortal()
      statuses.push((await askForCode(portal, { phone: owner.phone }, '203.0.113.5')).status)
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 303), 429])
  })

  it('of a number that is bound back are counted when sent and when typed', async () => {
    const count = () =>
      queryOne(
        stage,
        "SELECT sum(sent) AS sent, sum(verified) AS verified FROM code_counts WHERE scope = 'US'",
      )
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    // Removed and bound back: the number is then both the former one and the one that is bound.
    await portal.post(`${NUMBER_PATH}/remove`, { totp: totpNow() })
    const before = await count()
    await askForCode(portal, { phone: owner.phone, totp: totpNow(TOTP_SECRET, 1) })
    const code = await codeSentTo(owner.phone)
    expect((await typeCode(portal, code)).location).toBe(`${NUMBER_PATH}?done=bound`)
    expect(await count()).toEqual({
      sent: Number(before?.sent) + 1,
      verified: Number(before?.verified) + 1,
    })
  })
})
