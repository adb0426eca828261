// The owner's pages in the hands of a thief who has a session at the exchange and reads the SMS: he adds a proof of his own, or
// removes the owner's, as a browser would, with the code that the number gets.

import { PUBLIC_ORIGIN } from '../simulate/world.ts'
import { createPasskeyDevice } from '../support/passkey-device.ts'
import { readAsked } from '../support/passkeys.ts'
import { totpAt } from '../support/totp.ts'
import type { Account } from './account.ts'
import type { World } from './world.ts'

export const PROOFS = ['passkey', 'app'] as const
export type ProofKind = (typeof PROOFS)[number]

/** What he answers a release page with; null where it does not ask for his kind of proof. */
export type Planted = { readonly answer: (page: string) => Fields | null }

type Fields = Readonly<Record<string, string>>

/** Until its code is on the phone, and typed. */
const TYPES_AFTER_MS = 10_000

/** Null where the pages did not take it. */
export async function plantProof(
  world: World,
  account: Account,
  kind: ProofKind,
): Promise<Planted | null> {
  const cookie = await enter(world, account.id)
  const path = PATHS[kind]
  const { fields, planted } = await propose(world, cookie, kind)
  const first = await askPage(world, path, { cookie, fields })
  if (first.status === 303) return planted()
  const code = await readCode(world, account)
  if (code === null) return null
  const again = await askPage(world, path, { cookie, fields: { ...fields, sms_code: code } })
  return again.status === 303 ? planted() : null
}

/** With a code that was sent for something else, which is as good as one that was sent for this. */
export async function plantByOtherCode(
  world: World,
  account: Account,
  kind: ProofKind,
): Promise<Planted | null> {
  const cookie = await enter(world, account.id)
  await askPage(world, REMOVE, { cookie, fields: {} })
  const code = await readCode(world, account)
  if (code === null) throw new Error('no code was sent')
  const { fields, planted } = await propose(world, cookie, kind)
  const made = await askPage(world, PATHS[kind], { cookie, fields: { ...fields, sms_code: code } })
  return made.status === 303 ? planted() : null
}

/** The owner's; true where the pages did. */
export async function removePasskey(world: World, account: Account): Promise<boolean> {
  const cookie = await enter(world, account.id)
  const page = await askPage(world, PATHS.passkey, { cookie })
  const [, id = ''] = /name="credential_id" value="([^"]*)"/.exec(page.body) ?? []
  const fields = { credential_id: id }
  await askPage(world, REMOVE, { cookie, fields })
  const code = await readCode(world, account)
  if (code === null) return false
  const removed = await askPage(world, REMOVE, { cookie, fields: { ...fields, sms_code: code } })
  return removed.status === 303
}

const PATHS = { passkey: '/portal/passkeys', app: '/portal/authenticator' } as const
const REMOVE = '/portal/passkeys/remove'

async function propose(world: World, cookie: string, kind: ProofKind): Promise<Proposal> {
  const page = await askPage(world, PATHS[kind], { cookie })
  return kind === 'passkey' ? newPasskey(page.body) : newApp(page.body, world)
}

/** The newest that the number has got since; null where none came. */
async function readCode(world: World, { phone }: Account): Promise<string | null> {
  const askedAt = world.now()
  await world.sleep(TYPES_AFTER_MS)
  const texts = world.phones.textsOf(phone).filter(({ at }) => at >= askedAt)
  const codes = texts.flatMap(({ text }) => /\b\d{6}\b/.exec(text)?.[0] ?? [])
  return codes.at(-1) ?? null
}

type Proposal = { readonly fields: Fields; readonly planted: () => Planted }

function newPasskey(page: string): Proposal {
  const device = createPasskeyDevice(PUBLIC_ORIGIN)
  const { challenge, sealed } = readAsked(page)
  const answer = (shown: string) => {
    if (!shown.includes('data-options')) return null
    const asked = readAsked(shown)
    const credential = device.assert({ challenge: asked.challenge })
    return { challenge: asked.sealed, credential }
  }
  return {
    fields: { challenge: sealed, credential: device.register({ challenge }) },
    planted: () => ({ answer }),
  }
}

function newApp(page: string, { now }: World): Proposal {
  const [, proposal = ''] = /name="proposal" value="([^"]*)"/.exec(page) ?? []
  const [, secret = ''] = /secret=([A-Z2-7]+)/.exec(page) ?? []
  const answer = (shown: string) => {
    const [, list] = /name="shown" value="([^"]*)"/.exec(shown) ?? []
    return list === undefined ? null : { shown: list, totp: totpAt(now(), secret) }
  }
  return { fields: { proposal, totp: totpAt(now(), secret) }, planted: () => ({ answer }) }
}

/** "It was me" on the page behind a link, by what he has planted. True where it ended the wait. */
export async function releaseByPlanted(
  world: World,
  { answer }: Planted,
  link: string,
): Promise<boolean> {
  const path = `${new URL(link).pathname}/confirm`
  const fields = answer((await askPage(world, path, {})).body)
  if (fields === null) return false
  return (await askPage(world, path, { fields })).status === 200
}

async function enter(world: World, accountId: string): Promise<string> {
  const link = await world.exchange.lockline.portalLink(accountId)
  if (link.kind !== 'link') throw new Error(`no way into the pages: ${link.kind}`)
  const entered = await askPage(world, new URL(link.url).pathname, { fields: {} })
  const cookie = /^[^;]+/.exec(entered.headers['set-cookie'] ?? '')?.[0]
  if (cookie === undefined) throw new Error(`the door was answered ${entered.status}`)
  return cookie
}

function askPage(
  world: World,
  path: string,
  { cookie, fields }: { readonly cookie?: string; readonly fields?: Fields },
) {
  return world.ask({
    method: fields ? 'POST' : 'GET',
    url: PUBLIC_ORIGIN + path,
    headers: {
      'accept-language': 'en',
      'sec-fetch-site': 'same-origin',
      ...(cookie !== undefined && { cookie }),
      ...(fields && {
        origin: PUBLIC_ORIGIN,
        'content-type': 'application/x-www-form-urlencoded',
      }),
    },
    body: fields ? new URLSearchParams(fields).toString() : '',
  })
}
