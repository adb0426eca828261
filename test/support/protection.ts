// An owner on the owner's pages, with a number, a number before it that is still told, and an authenticator app; and how
// each change of protection is pressed there.

import { DAY_MS } from '../../src/lib/time.ts'
import type { PortalChange } from '../../src/portal/change/changes.ts'
import { accountPath, execute, importOwner, newOwner, type Owner } from './owner.ts'
import type { PasskeyDevice } from './passkey-device.ts'
import { readAsked } from './passkeys.ts'
import { enterPortal, type Portal, type PortalAnswer } from './portal.ts'
import { eventually, type Stage } from './stage.ts'
import { TOTP_SECRET, totpNow } from './totp.ts'

export type Guarded = {
  readonly stage: Stage
  readonly owner: Owner
  /** The number before the owner's. */
  readonly former: string
  readonly portal: Portal
  readonly device: PasskeyDevice
  readonly subscription: string
}

type Fields = Readonly<Record<string, string>>

type Scenario = {
  /** Of the import, beside number and app. */
  readonly account?: Readonly<Record<string, unknown>>
  /** Before the change, by the owner, whom the exchange has just checked. */
  readonly before?: (guarded: Guarded, owners: Portal) => Promise<unknown>
  /** The press, without or with a code among its fields. */
  readonly press: (guarded: Guarded, fields: Fields) => Promise<PortalAnswer>
}

const SETTINGS = { alerts: 'all', language: '', phrase: '' }

const save =
  (change: Fields): Scenario['press'] =>
  ({ portal }, fields) =>
    portal.post('/portal/settings', { ...SETTINGS, ...change, ...fields })

const addPasskey: Scenario['press'] = async ({ portal, device }, fields) => {
  const { sealed, challenge } = readAsked((await portal.get('/portal/passkeys')).text)
  const credential = device.register({ challenge })
  return portal.post('/portal/passkeys', { challenge: sealed, credential, ...fields })
}

const addDevice: Scenario['press'] = ({ portal, subscription }, fields) =>
  portal.post('/portal/push', { subscription, ...fields })

async function bind(guarded: Guarded, fields: Fields): Promise<PortalAnswer> {
  const { phone } = newOwner()
  const asked = await guarded.portal.post('/portal/number', { phone, ...fields })
  if (asked.location !== '/portal/number') return asked
  const { text } = await eventually('the code', () =>
    guarded.stage.world.phones.messagesTo(phone).find((sms) => sms.text.includes('is your code')),
  )
  return guarded.portal.post('/portal/number/code', { code: /\b\d{6}\b/.exec(text)?.[0] ?? '' })
}

const makeCard: Scenario['press'] = ({ portal }, fields) => portal.post('/portal/ways/card', fields)

/** A number of its own, which gets a code and gives it to the owner. */
async function addContact({ stage, portal }: Guarded, fields: Fields): Promise<PortalAnswer> {
  const { phone } = newOwner()
  const asked = await portal.post('/portal/ways/contact', { phone, word: CONTACT_WORD, ...fields })
  if (asked.location !== '/portal/ways') return asked
  const { text } = await eventually('the code', () =>
    stage.world.phones.messagesTo(phone).find((sms) => /: \d{6}$/.test(sms.text)),
  )
  return portal.post('/portal/ways/contact/code', { code: /\d{6}$/.exec(text)?.[0] ?? '' })
}

const CONTACT_WORD = 'blue tram'

async function enrol({ portal }: Guarded, fields: Fields): Promise<PortalAnswer> {
  const { text } = await portal.get('/portal/authenticator')
  const secret = /<code dir="ltr">([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
  const proposal = /name="proposal" value="([^"]+)"/.exec(text)?.[1] ?? ''
  return portal.post('/portal/authenticator', { proposal, totp: totpNow(secret), ...fields })
}

/** What each change takes, beside what changes.ts says of it: a new one does not compile until it stands here. */
export const SCENARIOS: Readonly<Record<PortalChange, Scenario>> = {
  alerts_off: { press: save({ alerts: 'off' }) },
  alerts_unusual: { press: save({ alerts: 'unusual' }) },
  alerts_raised: { account: { alerts: 'unusual' }, press: save({}) },
  phrase_set: { press: save({ phrase: 'blue tram 7' }) },
  phrase_changed: { account: { phrase: 'blue tram 7' }, press: save({ phrase: 'red tram 8' }) },
  phrase_removed: { account: { phrase: 'blue tram 7' }, press: save({}) },
  language_changed: { press: save({ language: 'ja' }) },
  number_bound: {
    account: { phone: null },
    press: bind,
  },
  number_changed: { press: bind },
  number_removed: { press: ({ portal }, fields) => portal.post('/portal/number/remove', fields) },
  authenticator_added: { account: { totp_secret: null }, press: enrol },
  passkey_added: { press: addPasskey },
  passkey_removed: {
    before: (guarded, portal) => addPasskey({ ...guarded, portal }, {}),
    press: ({ portal, device }, fields) =>
      portal.post('/portal/passkeys/remove', { credential_id: device.credentialId, ...fields }),
  },
  push_added: { press: addDevice },
  push_removed: {
    before: (guarded, portal) =>
      addDevice({ ...guarded, portal }, { totp: totpNow(TOTP_SECRET, -1) }),
    press: async ({ portal }, fields) => {
      const { text } = await portal.get('/portal/push')
      const id = /name="subscription_id" value="([^"]+)"/.exec(text)?.[1] ?? ''
      return portal.post('/portal/push/remove', { subscription_id: id, ...fields })
    },
  },
  card_made: { press: makeCard },
  card_revoked: {
    before: (guarded, portal) =>
      makeCard({ ...guarded, portal }, { totp: totpNow(TOTP_SECRET, -1) }),
    press: ({ portal }, fields) => portal.post('/portal/ways/card/remove', fields),
  },
  contact_added: { press: addContact },
  contact_removed: {
    before: (guarded, portal) =>
      addContact({ ...guarded, portal }, { totp: totpNow(TOTP_SECRET, -1) }),
    press: ({ portal }, fields) => portal.post('/portal/ways/contact/remove', fields),
  },
  lift_by_owner: {
    before: addOldPasskey,
    press: ({ portal }, fields) => portal.post('/portal/hold/rule', { rule: 'owner', ...fields }),
  },
  lift_by_policy: {
    before: async (guarded, portal) => {
      await addOldPasskey(guarded, portal)
      await execute(
        guarded.stage,
        'UPDATE accounts SET owner_lifts = 1 WHERE account_id = ?',
        guarded.owner.id,
      )
    },
    press: ({ portal, device }, fields) => loosen(portal, device, fields),
  },
}

/** There for as long as a passkey has to be that proves something. */
async function addOldPasskey(guarded: Guarded, portal: Portal): Promise<void> {
  await addPasskey({ ...guarded, portal }, {})
  await execute(
    guarded.stage,
    'UPDATE passkeys SET created_at = created_at - ? WHERE account_id = ?',
    4 * DAY_MS,
    guarded.owner.id,
  )
}

/** Without any field, as somebody without the device. */
async function loosen(portal: Portal, device: PasskeyDevice, fields: Fields) {
  const rule = { rule: 'policy' }
  if (Object.keys(fields).length === 0) return portal.post('/portal/hold/rule', rule)
  const { challenge, sealed } = readAsked((await portal.get('/portal/hold')).text)
  const credential = device.assert({ challenge })
  return portal.post('/portal/hold/rule', { ...rule, challenge: sealed, credential })
}

/** The owner as `change` needs them, entered without a word of the exchange's on how it has checked them. */
export async function guardedOwner(
  stage: Stage,
  change: PortalChange,
  means: Pick<Guarded, 'device' | 'subscription'>,
): Promise<Guarded> {
  const { account, before } = SCENARIOS[change]
  const first = await importOwner(stage, { totp_secret: TOTP_SECRET })
  const { phone } = newOwner()
  const put = (body: Readonly<Record<string, unknown>>) =>
    stage.world.exchange.api('PUT', accountPath(first), body)
  await put({ phone })
  if (account) await put(account)
  const owner = { id: first.id, phone }
  const guarded = { ...means, stage, owner, former: first.phone }
  const portal = await enterPortal(stage, owner)
  if (before) await before({ ...guarded, portal }, await enterPortal(stage, owner, ['otp']))
  await stage.settle()
  return { ...guarded, portal }
}
