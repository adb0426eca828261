// The owner in the pages: lets the exchange open the door, plans a hold, or has a lock card made, which is then pressed without
// any alert.

import { createHmac } from 'node:crypto'
import type { LockAct, PlanAct } from '../acts.ts'
import type { AccountFacts } from '../ledger.ts'
import type { HttpAnswer } from '../machine/network.ts'
import { getJson, PUBLIC_ORIGIN, recordOf, textOf, type World } from '../world.ts'
import type { Calls } from './calls.ts'
import { noteAct } from './owner.ts'

export type Visits = {
  /** The cookie of a visit; null where the door did not open. */
  readonly enter: (account: AccountFacts) => Promise<string | null>
  /** As a browser posts a form of ours. */
  readonly submit: (
    url: string,
    fields: Readonly<Record<string, string>> | URLSearchParams,
    cookie?: string,
  ) => Promise<HttpAnswer | null>
  readonly planHold: (account: AccountFacts) => Promise<void>
  readonly makeCard: (account: AccountFacts) => Promise<void>
  /** Of the card that the account has last; nothing without one. */
  readonly pressCard: (account: AccountFacts) => Promise<void>
}

/** RFC 6238; of every account that has an authenticator. */
export const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const TOTP_KEY = Buffer.from(
  'Hello!\u00de\u00ad\u00be\u00efHello!\u00de\u00ad\u00be\u00ef',
  'latin1',
)
const TOTP_STEP_MS = 30_000
const DAYS = [1, 1, 2, 7]

export function createVisits(world: World, calls: Calls): Visits {
  const { clock, ledger, random, counter } = world
  const cards = new Map<string, string>()

  const submit: Visits['submit'] = (url, fields, cookie = '') =>
    world.ask({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: PUBLIC_ORIGIN,
        'sec-fetch-site': 'same-origin',
        ...(cookie === '' ? {} : { cookie }),
      },
      body: new URLSearchParams(fields).toString(),
    })

  async function enter({ id }: AccountFacts): Promise<string | null> {
    const link = await calls.api('POST', `/v1/accounts/${id}/portal-links`, {})
    const url = textOf(recordOf(getJson(link?.body ?? '')).url)
    const entered = url === null ? null : await submit(url, {})
    world.log('owner', `${id} enters the pages: ${entered?.status ?? null}`)
    return entered?.status === 303 ? (/^[^;]+/.exec(cookieOf(entered))?.[0] ?? null) : null
  }

  return {
    enter,
    submit,

    planHold: async (account) => {
      const cookie = await enter(account)
      if (cookie === null) return
      const days = random.pick(DAYS)
      const act: PlanAct = {
        ...{ accountId: account.id, days, at: clock.now(), answeredAt: null, status: null },
      }
      ledger.plans.push(act)
      const url = `${PUBLIC_ORIGIN}/portal/hold/plan`
      const answer = await submit(url, { days: String(days), sure: 'yes' }, cookie)
      act.status = answer?.status ?? null
      act.answeredAt = answer && clock.now()
      world.log('owner', `${account.id} plans a hold of ${days} days: ${act.status}`)
    },

    makeCard: async (account) => {
      const cookie = await enter(account)
      if (cookie === null) return
      const { id } = account
      ledger.ways.push({ accountId: id, way: 'card', at: clock.now() })
      const ways = `${PUBLIC_ORIGIN}/portal/ways`
      const made = await submit(`${ways}/card`, { totp: totpAt(clock.now()) }, cookie)
      const page = await world.ask({ method: 'GET', url: ways, headers: { cookie }, body: '' })
      const card = /https:\/\/[^"\s<]+\/c\/[\w.-]+/.exec(page?.body ?? '')?.[0]
      world.log('owner', `${id} has a card made: ${made?.status ?? null}${card ? '' : ', unseen'}`)
      if (card) cards.set(id, card)
      if (card) counter.note('card_made')
    },

    pressCard: async (account) => {
      const card = cards.get(account.id)
      if (!card) return
      const act = noteAct(world, account, 'card', null)
      const answer = await submit(card, {})
      act.status = answer?.status ?? null
      act.answeredAt = answer && clock.now()
      act.isAsked = isAskedFirst(answer)
      world.log('owner', `${account.id} presses the card: ${how(act)}`)
    },
  }
}

function cookieOf({ headers }: HttpAnswer): string {
  return headers['set-cookie'] ?? ''
}

/** Of a page that answers to a way which somebody else may hold: nothing is locked until the owner confirms it. */
export function isAskedFirst(answer: HttpAnswer | null): boolean {
  return answer?.status === 202 && answer.body.includes('Nothing is locked yet')
}

/** For the log. */
export function how({ status, isAsked }: Pick<LockAct, 'status' | 'isAsked'>): string {
  return `${status}${isAsked ? ', the owner is asked first' : ''}`
}

export function totpAt(now: number): string {
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(now / TOTP_STEP_MS)))
  const digest = createHmac('sha1', TOTP_KEY).update(step).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
