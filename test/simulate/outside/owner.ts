// The owner of an account, phone in hand: taps the link, sometimes twice; answers LOCK or STOP; taps again when
// the page says that it did not work.

import type { InboundWriter } from '../../world/inbound-text.ts'
import { replyAddress } from '../../world/inbound-text.ts'
import type { LockAct } from '../acts.ts'
import type { AccountFacts } from '../ledger.ts'
import type { World } from '../world.ts'
import type { Taken } from './provider.ts'
import { codeIn, linkIn } from './texts.ts'

export type Replies = ReadonlyMap<string, { readonly write: InboundWriter; readonly url: string }>

const ACTS = { nothing: 9, tap: 6, tap_twice: 2, look: 2, reply: 3, stop: 1 } as const
/** A bound is set: an outage may be longer than anybody's patience. */
const TRIES_MAX = 40

export function readText(
  world: World,
  replies: Replies,
  account: AccountFacts,
  taken: Taken,
): void {
  const { random, clock } = world
  const { text, alertNumbers } = taken.call
  const [alertNumber] = alertNumbers
  if (alertNumber === undefined || world.isCalm()) return
  const act = random.weighted(ACTS)
  const afterMs = random.whole(2_000, random.pick([20_000, 300_000]))
  const link = linkIn(text)
  const code = codeIn(text)
  clock.after(afterMs, () => {
    if (act === 'tap' || act === 'tap_twice') {
      if (link) void tap(world, account, alertNumber, link)
      if (link && act === 'tap_twice') {
        clock.after(random.whole(0, 600_000), () => void tap(world, account, alertNumber, link))
      }
    }
    if (act === 'look' && link) void world.ask({ method: 'GET', url: link, headers: {}, body: '' })
    if (act === 'reply' && code)
      void reply(world, replies, account, taken, `LOCK ${code}`, alertNumber)
    if (act === 'stop') void reply(world, replies, account, taken, 'STOP', null)
  })
}

export async function tap(
  world: World,
  account: AccountFacts,
  alertNumber: number,
  url: string,
): Promise<void> {
  const { clock, counter } = world
  const done = world.open(`tap of ${account.id} #${alertNumber}`)
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const act = noteAct(world, account, 'link', alertNumber)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await world.ask({ method: 'POST', url, headers, body: '' })
    act.status = answer?.status ?? null
    act.answeredAt = answer && clock.now()
    world.log('owner', `${account.id} taps #${alertNumber}: ${act.status}`)
    if (act.status === 303) counter.note('lock_at_once')
    if (act.status === 503) counter.note('lock_failed')
    if (act.status === 303 || act.status === 202) break
    await clock.sleep(world.random.whole(2_000, 10_000))
  }
  done()
}

async function reply(
  world: World,
  replies: Replies,
  account: AccountFacts,
  taken: Taken,
  text: string,
  alertNumber: number | null,
): Promise<void> {
  const { clock } = world
  const way = replies.get(taken.protocol.name)
  const to = replyAddress(taken.message.from)
  if (!way || !to || account.phone === null) return
  const request = {
    method: 'POST',
    ...way.write({ from: account.phone, to, text }, way.url, clock.now()),
  }
  const done = world.open(`reply of ${account.id}`)
  const isStop = text === 'STOP'
  const stop: AccountFacts['stops'][number] = { at: clock.now(), answeredAt: null }
  if (isStop) {
    account.stops.push(stop)
    world.counter.note('opted_out')
  }
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    // Its age is signed with it: written anew, as a provider does that tries again.
    const act = isStop ? null : noteAct(world, account, 'reply', alertNumber)
    const answer = await world.ask(request)
    const status = answer?.status ?? null
    if (act) {
      act.status = status
      act.answeredAt = answer && clock.now()
    }
    world.log(
      'owner',
      `${account.id} replies ${isStop ? 'STOP' : `LOCK to #${alertNumber}`}: ${status}`,
    )
    if (status !== null && status < 300) stop.answeredAt = clock.now()
    if (status !== null && status < 500) break
    await clock.sleep(world.random.whole(2_000, 10_000))
  }
  done()
}

export function noteAct(
  world: World,
  account: AccountFacts,
  via: LockAct['via'],
  alertNumber: number | null,
): LockAct {
  const act: LockAct = {
    accountId: account.id,
    via,
    alertNumber,
    at: world.clock.now(),
    answeredAt: null,
    status: null,
    lockId: null,
    isAsked: false,
  }
  world.ledger.locks.push(act)
  return act
}
