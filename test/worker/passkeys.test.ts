// Passkeys in the owner's pages, black box: who may add one, what is taken for one, who may remove it. The
// devices are software that can lie; a browser and its own authenticator are in test/browser.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealChallenge } from '../../src/account/passkey-challenge.ts'
import { importOwner, loginAndDeliver, newOwner, type Owner, queryOne } from '../support/owner.ts'
import { createPasskeyDevice } from '../support/passkey-device.ts'
import { addPasskey, GARBAGE, LIES, openConfirm, readAsked } from '../support/passkeys.ts'
import { enterPortal, type Portal } from '../support/portal.ts'
import { randomBytes } from '../support/ports.ts'
import type { Stage } from '../support/stage.ts'
import { startTestStage } from '../support/test-stage.ts'
import { TOTP_SECRET, totpNow, wrongCode } from '../support/totp.ts'

const MINUTE_MS = 60_000

let stage: Stage
let origin: string

beforeAll(async () => {
  stage = await startTestStage({ hasName: true })
  origin = `http://localhost:${new URL(stage.runtime.origin).port}`
})

afterAll(() => stage.close())

const newDevice = (credentialId?: string) => createPasskeyDevice(origin, credentialId)

async function countPasskeys({ id }: Pick<Owner, 'id'>) {
  const sql = 'SELECT count(*) AS count FROM passkeys WHERE account_id = ?'
  return (await queryOne(stage, sql, id))?.count
}

/** An owner in the portal, a TOTP code just seen by the exchange. */
async function enter(): Promise<{ readonly owner: Owner; readonly portal: Portal }> {
  const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
  return { owner, portal: await enterPortal(stage, owner, ['otp']) }
}

describe('a passkey', () => {
  it('is added once, told by SMS once, and listed', async () => {
    const { owner, portal } = await enter()
    const asked = readAsked((await portal.get('/portal/passkeys')).text)
    const credential = newDevice().register({ challenge: asked.challenge })
    const fields = { challenge: asked.sealed, credential }
    const added = await portal.post('/portal/passkeys', fields)
    expect([added.status, added.location]).toEqual([303, '/portal/passkeys?done=passkey_added'])
    expect((await portal.post('/portal/passkeys', fields)).status).toBe(303)
    expect(await countPasskeys(owner)).toBe(1)

    const { phones } = stage.world
    const isNotice = ({ text }: { text: string }) => text.includes('a passkey was added')
    await phones.waitForMessage(owner.phone, isNotice)
    await stage.settle()
    expect(phones.messagesTo(owner.phone).filter(isNotice)).toHaveLength(1)
    const { text } = await portal.get('/portal/passkeys')
    expect(text).toContain('Last used: never')
    expect(readAsked(text).options.excludeCredentials).toHaveLength(1)
  })

  it('needs no number', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner, ['otp'])
    expect((await addPasskey(portal, newDevice())).status).toBe(303)
    expect(await countPasskeys(owner)).toBe(1)
  })

  it.each(LIES)('is refused with %s', async (_, lie) => {
    const { owner, portal } = await enter()
    expect((await addPasskey(portal, newDevice(), lie)).status).toBe(422)
    expect(await countPasskeys(owner)).toBe(0)
  })

  it.each(GARBAGE)('is not %s', async (_, credential) => {
    const { owner, portal } = await enter()
    const { sealed } = readAsked((await portal.get('/portal/passkeys')).text)
    const answer = await portal.post('/portal/passkeys', { challenge: sealed, credential })
    expect(answer.status).toBe(422)
    expect(await countPasskeys(owner)).toBe(0)
  })

  it('is refused with the challenge of another visit, an old one, or one made up', async () => {
    const { owner, portal } = await enter()
    const other = await enterPortal(stage, owner, ['otp'])
    const asked = readAsked((await other.get('/portal/passkeys')).text)
    const keys = [Buffer.from(stage.world.secrets.dataSecrets[0] ?? '', 'base64')] as const
    const visitId = portal.cookie.split('~')[1]
    const purpose = `passkey-registration/${owner.id}/${visitId}`
    const old = await sealChallenge(
      randomBytes,
      [new Uint8Array(keys[0])],
      purpose,
      asked.challenge,
      Date.now() - 5 * MINUTE_MS,
    )
    const credential = newDevice().register({ challenge: asked.challenge })
    for (const challenge of [asked.sealed, old, asked.challenge, '']) {
      const answer = await portal.post('/portal/passkeys', { challenge, credential })
      expect(answer.status).toBe(422)
    }
    expect(await countPasskeys(owner)).toBe(0)
  })

  it('is one of ten at most, whoever hurries', async () => {
    const { owner, portal } = await enter()
    await addPasskey(portal, newDevice())
    // Beside a passkey the exchange's word is not enough; a code typed here counts for the next ones too.
    await addPasskey(portal, newDevice(), { totp: totpNow() })
    for (let count = 2; count < 9; count += 1) await addPasskey(portal, newDevice())
    const answers = await Promise.all([1, 2, 3].map(() => addPasskey(portal, newDevice())))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422])
    expect(await countPasskeys(owner)).toBe(10)
    expect((await portal.get('/portal/passkeys')).text).not.toContain('name="challenge"')
  })

  it('is removed, and no other account’s', async () => {
    const { owner, portal } = await enter()
    const stranger = await enter()
    const device = newDevice()
    await addPasskey(portal, device)
    const fields = { credential_id: device.credentialId }
    const foreign = await stranger.portal.post('/portal/passkeys/remove', fields)
    expect(foreign.location).toBe('/portal/passkeys')
    expect(await countPasskeys(owner)).toBe(1)
    const own = await portal.post('/portal/passkeys/remove', fields)
    expect(own.location).toBe('/portal/passkeys?done=passkey_removed')
    expect(await countPasskeys(owner)).toBe(0)
  })

  it('brings its script only where the button is', async () => {
    const { portal } = await enter()
    const page = await portal.get('/portal/passkeys')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    const script = await portal.get('/portal/passkeys.js')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })
})

describe('the code of the authenticator app', () => {
  it('is asked for where the exchange has not just seen one', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const device = newDevice()
    const wrong = await addPasskey(portal, device, { totp: wrongCode() })
    expect(wrong.status).toBe(422)
    expect(await countPasskeys(owner)).toBe(0)
    expect((await addPasskey(portal, device, { totp: totpNow() })).status).toBe(303)
    expect(await countPasskeys(owner)).toBe(1)
    // Seen in this visit a moment ago.
    const fields = { credential_id: device.credentialId }
    expect((await portal.post('/portal/passkeys/remove', fields)).status).toBe(303)
    expect(await countPasskeys(owner)).toBe(0)
  })

  it('may be wrong without a second touch of the device', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const { text } = await addPasskey(portal, newDevice(), { totp: wrongCode() })
    const kept = /name="credential" value="([^"]+)"/.exec(text)?.[1]?.replaceAll('&quot;', '"')
    const fields = { challenge: readAsked(text).sealed, credential: kept ?? '', totp: totpNow() }
    expect((await portal.post('/portal/passkeys', fields)).status).toBe(303)
    expect(await countPasskeys(owner)).toBe(1)
  })

  it('is not used up by an answer that is worth nothing', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const portal = await enterPortal(stage, owner)
    const totp = totpNow()
    await addPasskey(portal, newDevice(), { totp, isVerified: false })
    expect((await addPasskey(portal, newDevice(), { totp })).status).toBe(303)
  })

  it('cannot be left out, neither to add nor to remove', async () => {
    const owner = await importOwner(stage, { totp_secret: TOTP_SECRET })
    const thief = await enterPortal(stage, owner)
    expect((await addPasskey(thief, newDevice())).status).toBe(422)
    const device = newDevice()
    await addPasskey(await enterPortal(stage, owner, ['otp']), device)
    const fields = { credential_id: device.credentialId }
    expect((await thief.post('/portal/passkeys/remove', fields)).status).toBe(422)
    expect(await countPasskeys(owner)).toBe(1)
  })

  it('is set up first where there is neither app nor number yet', async () => {
    const owner = newOwner()
    const portal = await enterPortal(stage, owner)
    const page = await portal.get('/portal/passkeys')
    expect(page.text).toContain('href="/portal/authenticator"')
    expect(page.text).not.toContain('name="challenge"')
    const removal = await portal.post('/portal/passkeys/remove', { credential_id: 'AAAA' })
    expect(removal.location).toBe('/portal/authenticator')
  })
})

describe('an address without a name', () => {
  it('has no passkeys, and its pages say so', async () => {
    const unnamed = await startTestStage()
    try {
      const owner = await importOwner(unnamed)
      const portal = await enterPortal(unnamed, owner, ['otp'])
      expect((await portal.get('/portal/passkeys')).text).toContain('does not support passkeys')
      expect((await portal.post('/portal/passkeys', { credential: '{}' })).status).toBe(422)
      const { link } = await loginAndDeliver(unnamed, owner)
      expect((await openConfirm(link)).text).toContain('does not support passkeys')
    } finally {
      await unnamed.close()
    }
  })
})
