// How a person comes to a lock link: an account with a phone, a login, and the SMS that warns of it.
// Every account and number is used once.

import { expect } from 'vitest'
import { mintLink } from '../support/lock-links.ts'
import type { Stage } from '../support/stage.ts'

export type Warned = {
  readonly accountId: string
  readonly phone: string
  /** Taken out of the SMS, as a phone makes it tappable. */
  readonly link: string
}

let count = 0

/** Logs a new account in and gives the link out of its SMS. */
export async function warn(stage: Stage): Promise<Warned> {
  count += 1
  const accountId = `browser-${count}`
  const phone = `+4474002${String(count).padStart(5, '0')}`
  const { exchange, phones } = stage.world
  expect((await exchange.api('PUT', `/v1/accounts/${accountId}`, { phone })).status).toBe(200)
  expect((await exchange.login({ account_id: accountId })).status).toBe(202)
  const { text } = await phones.waitForMessage(phone, () => true)
  const link = /https?:\/\/\S+/.exec(text)?.[0]
  if (link === undefined) throw new Error(`no link in the SMS: ${text}`)
  return { accountId, phone, link }
}

/** A genuine link whose end has passed; made by the contract, not by the Worker's code. */
export function expiredLink(stage: Stage): string {
  const exp = Math.floor(Date.now() / 1000) - 60
  return mintLink(stage, { sub: 'browser-0', jti: '1', exp })
}

/** A genuine link with one character of its facts changed. */
export function forgedLink(link: string): string {
  const start = link.indexOf('/l/') + '/l/'.length
  const at = start + 12
  return link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1)
}

/** Whether withdrawals of the account are held, as the exchange learns it. */
export async function isHeld(stage: Stage, accountId: string): Promise<unknown> {
  const { body } = await stage.world.exchange.api('GET', `/v1/accounts/${accountId}/hold`)
  return typeof body === 'object' && body !== null && 'held' in body ? body.held : body
}
