// What the world's page shows, as plain data taken from the world at one moment.

import {
  type Address,
  type ApiKey,
  holdInForce,
  type KnownHold,
  type KnownLock,
  type Order,
  type Session,
  type Withdrawal,
} from '../../examples/exchange/account.ts'
import type { StuckJob } from '../../examples/exchange/store.ts'
import type { CarrierCounters } from './carrier.ts'
import type { CarrierMode } from './carrier-modes.ts'
import { CARRIER_NAMES, type CarrierName } from './carrier-protocol.ts'
import { DEMO_ACCOUNT_ID, DEMO_PHONE } from './demo.ts'
import type { CallbackMode } from './exchange-callbacks.ts'
import { replyAddress } from './inbound-text.ts'
import type { PhoneMessage, PhoneReply } from './phone-network.ts'
import { isThiefs } from './thief.ts'
import {
  buildTimelines,
  callbackMeaning,
  describeCall,
  type LoginTimeline,
  type Tone,
} from './timeline.ts'
import type { LoginRecord } from './told.ts'
import type { World } from './world.ts'

export type Reachability = 'unknown' | 'reachable' | 'unreachable'

export type ShownMessage = PhoneMessage & {
  readonly key: string
  /** Since the login it tells of; null when that is not known. */
  readonly afterLoginMs: number | null
  /** Null for a sender that cannot be answered. */
  readonly replyTo: string | null
}

export type ShownReply = PhoneReply & { readonly key: string }

export type ShownCall = {
  readonly id: number
  readonly at: number
  readonly tone: Tone
  readonly text: string
  readonly alertNumber: number | null
}

export type ShownCarrier = {
  readonly name: CarrierName
  readonly mode: CarrierMode
  readonly counters: CarrierCounters
  /** Newest first. */
  readonly calls: readonly ShownCall[]
}

export type ShownCallback = {
  readonly key: string
  readonly at: number
  readonly valid: boolean
  readonly text: string
  readonly status: number | null
}

export type StepNumber = 1 | 2 | 3 | 4

export type WorldState = {
  readonly workerOrigin: string
  readonly worker: Reachability
  readonly accountId: string
  readonly phone: string
  /** Newest first, as all below. */
  readonly sessions: readonly Session[]
  readonly apiKeys: readonly ApiKey[]
  readonly addresses: readonly Address[]
  readonly withdrawals: readonly Withdrawal[]
  readonly orders: readonly Order[]
  /** As callbacks told it; null when none is in force. */
  readonly hold: KnownHold | null
  /** The newest, with what became of each action that it asked for. */
  readonly lock: KnownLock | null
  /** What Lockline will not hear of, in words. */
  readonly refused: readonly string[]
  readonly callbackMode: CallbackMode
  readonly callbacks: readonly ShownCallback[]
  /** Newest first, as all that follows. */
  readonly messages: readonly ShownMessage[]
  /** What was typed on the phone. */
  readonly replies: readonly ShownReply[]
  readonly carriers: readonly ShownCarrier[]
  readonly timelines: readonly LoginTimeline[]
  readonly stepsDone: Readonly<Record<StepNumber, boolean>>
}

const SHOWN = {
  sessions: 6,
  holdings: 4,
  callbacks: 4,
  refused: 3,
  messages: 12,
  calls: 4,
  timelines: 6,
  evidence: 400,
}

export function readState(world: World, worker: Reachability, now: number): WorldState {
  const { exchange, phones } = world
  const account = exchange.account(DEMO_ACCOUNT_ID)
  const carriers = CARRIER_NAMES.map((name) => world.carriers[name])
  const calls = carriers.flatMap((carrier) =>
    carrier.calls.latest(SHOWN.evidence).filter(({ to }) => to === DEMO_PHONE),
  )
  const callbacks = exchange.callbacks.latest(SHOWN.evidence)
  const timelines = buildTimelines({
    logins: shownLogins(exchange.logins.latest(SHOWN.evidence)),
    calls,
    receipts: carriers.flatMap((carrier) => carrier.receipts.latest(SHOWN.evidence)),
    callbacks,
    alertNumberOf: phones.alertNumberOf,
    downAt: (at) =>
      CARRIER_NAMES.filter((name) => {
        const last = world.carriers[name].modes.latest(SHOWN.evidence).find((c) => c.at <= at)
        return last?.mode === 'refuse'
      }),
  })
  const loginAtOf = new Map(timelines.map(({ alertNumber, sentAt }) => [alertNumber, sentAt]))
  const messages = phones
    .messagesTo(DEMO_PHONE)
    .slice(-SHOWN.messages)
    .reverse()
    .map((message): ShownMessage => {
      const number = phones.alertNumberOf(message.text)
      const loginAt = number === null ? undefined : loginAtOf.get(number)
      return {
        ...message,
        key: `${message.provider}-${message.providerMessageId}`,
        afterLoginMs: loginAt === undefined ? null : message.at - loginAt,
        replyTo: replyAddress(message.from),
      }
    })

  return {
    workerOrigin: exchange.workerOrigin(),
    worker,
    accountId: DEMO_ACCOUNT_ID,
    phone: DEMO_PHONE,
    sessions: newest(account.sessions, SHOWN.sessions),
    apiKeys: newest(account.apiKeys, SHOWN.holdings),
    addresses: newest(account.addresses, SHOWN.holdings),
    withdrawals: newest(account.withdrawals, SHOWN.holdings),
    orders: newest(account.orders, SHOWN.holdings),
    hold: holdInForce(account, now),
    lock: account.locks.at(-1) ?? null,
    refused: newest(exchange.refused(), SHOWN.refused).map(describeRefused),
    callbackMode: exchange.callbackMode(),
    callbacks: callbacks.slice(0, SHOWN.callbacks).map((callback, index) => ({
      key: String(exchange.callbacks.total() - index),
      at: callback.at,
      valid: callback.valid,
      text: callbackMeaning(callback),
      status: callback.status,
    })),
    messages,
    replies: phones.replies
      .latest(SHOWN.evidence)
      .filter((reply) => reply.phone === DEMO_PHONE)
      .slice(0, SHOWN.messages)
      .map((reply) => ({ ...reply, key: `reply-${reply.id}` })),
    carriers: carriers.map((carrier) => ({
      name: carrier.name,
      mode: carrier.mode(),
      counters: carrier.counters(),
      calls: carrier.calls.latest(SHOWN.calls).map((call) => ({
        id: call.id,
        at: call.at,
        alertNumber: call.text === null ? null : phones.alertNumberOf(call.text),
        ...describeCall(call),
      })),
    })),
    timelines: timelines.slice(0, SHOWN.timelines),
    stepsDone: {
      1: timelines.some(({ acceptedAfterMs }) => acceptedAfterMs !== null),
      2: account.sessions.some(({ label }) => isThiefs(label)),
      3: callbacks.some(({ event }) => event?.type === 'account.locked'),
      4: timelines.some(({ failedOver }) => failedOver),
    },
  }
}

function describeRefused({ job, why }: StuckJob): string {
  const what = job.kind === 'event' ? job.event.type : job.kind
  return `${what}: answered ${why}`
}

function newest<Item>(items: readonly Item[], most: number): readonly Item[] {
  return items.slice(-most).reverse()
}

/** `newestFirst`: of an event that was tried several times, the last try. An activity that Lockline does not take is no news. */
function shownLogins(newestFirst: readonly LoginRecord[]): readonly LoginRecord[] {
  const last = new Map<string, LoginRecord>()
  for (const login of newestFirst) {
    if (login.accountId !== DEMO_ACCOUNT_ID || last.has(login.webhookId)) continue
    last.set(login.webhookId, login)
  }
  return [...last.values()].filter(({ activity, status }) => activity === null || status === 202)
}
