// The account owner's browser without a browser: enters by a link of the exchange, keeps the cookie, posts
// forms as a browser would. Follows no redirect by itself.

import * as v from 'valibot'
import { OWNERS_PAGES } from '../../src/portal/pages.ts'
import { accountPath, type Owner } from './owner.ts'
import { eventually, type Stage } from './stage.ts'

export type PortalAnswer = {
  readonly status: number
  readonly text: string
  readonly location: string | null
  readonly headers: Headers
}

export type Portal = {
  readonly cookie: string
  readonly get: (path: string) => Promise<PortalAnswer>
  readonly post: (
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<PortalAnswer>
}

/** Each waits for nothing, and is the same for every owner without anything of their own. */
export const PORTAL_PAGES = OWNERS_PAGES.map(({ path }) => path)

const LinkSchema = v.object({ url: v.string(), expires_at: v.string() })

/** A fresh entry link; `amr` as the exchange would say it. */
export async function portalLink(
  stage: Stage,
  owner: Pick<Owner, 'id'>,
  amr?: readonly string[],
): Promise<string> {
  const path = accountPath({ ...owner, phone: '' }, '/portal-links')
  const answer = await stage.world.exchange.api('POST', path, amr ? { amr } : {})
  if (answer.status !== 201) throw new Error(`the link was answered ${answer.status}`)
  return v.parse(LinkSchema, answer.body).url
}

/** Opens the link and presses its button. */
export async function enterPortal(
  stage: Stage,
  owner: Pick<Owner, 'id'>,
  amr?: readonly string[],
): Promise<Portal> {
  const url = await portalLink(stage, owner, amr)
  const { origin } = new URL(url)
  const entered = await send(url, { method: 'POST', headers: { origin } })
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0]
  if (entered.status !== 303 || !cookie) throw new Error(`the entry was answered ${entered.status}`)
  return {
    cookie,
    get: (path) => send(origin + path, { headers: { cookie, 'accept-language': 'en' } }),
    post: (path, fields = {}, headers = {}) =>
      send(origin + path, {
        method: 'POST',
        headers: { cookie, origin, 'accept-language': 'en', ...headers },
        body: new URLSearchParams(fields),
      }),
  }
}

/** The code that a change on the owner's pages asks its number for; the newest of them. */
export async function proofCodeSentTo(stage: Stage, phone: string, after = 0): Promise<string> {
  const message = await eventually('the code', () =>
    stage.world.phones
      .messagesTo(phone)
      .slice(after)
      .findLast(({ text }) => text.includes('is your code to change')),
  )
  return /\b\d{6}\b/.exec(message.text)?.[0] ?? ''
}

async function send(url: string, init: RequestInit): Promise<PortalAnswer> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const { status, headers } = response
  return { status, headers, text: await response.text(), location: headers.get('location') }
}
