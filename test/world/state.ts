// What the world's page shows, as plain data taken from the world at one moment.

import type { CarrierCounters } from './carrier.ts'
import type { CarrierMode } from './carrier-modes.ts'
import { CARRIER_NAMES, type CarrierName } from './carrier-protocol.ts'
import { DEMO_ACCOUNT_ID, DEMO_PHONE } from './demo.ts'
import type { CallbackMode } from './exchange-callbacks.ts'
import type { ExchangeSession } from './exchange-state.ts'
import { replyAddress } from './inbound-text.ts'
import type { PhoneMessage, PhoneReply } from './phone-network.ts'
import {
  buildTimelines,
  callbackMeaning,
  describeCall,
  type LoginTimeline,
  type Tone,
} from './timeline.ts'
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

export type StepNumber = 1 | 2 | 3

export type WorldState = {
  readonly workerOrigin: string
  readonly worker: Reachability
  readonly accountId: string
  readonly phone: string
  readonly sessions: readonly ExchangeSession[]
  readonly holdUntil: number | null
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

const SHOWN = { sessions: 6, callbacks: 4, messages: 12, calls: 4, timelines: 6, evidence: 400 }

export function readState(world: World, worker: Reachability, now: number): WorldState {
  const { exchange, phones } = world
  const account = exchange.account(DEMO_ACCOUNT_ID)
  const carriers = CARRIER_NAMES.map((name) => world.carriers[name])
  const calls = carriers.flatMap((carrier) =>
    carrier.calls.latest(SHOWN.evidence).filter(({ to }) => to === DEMO_PHONE),
  )
  const callbacks = exchange.callbacks.latest(SHOWN.evidence)
  const timelines = buildTimelines({
    logins: exchange.logins
      .latest(SHOWN.evidence)
      .filter(({ accountId }) => accountId === DEMO_ACCOUNT_ID),
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
    sessions: account.sessions.slice(-SHOWN.sessions).reverse(),
    holdUntil: account.holdUntil !== null && account.holdUntil > now ? account.holdUntil : null,
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
      2: callbacks.some(({ event }) => event?.type === 'account.locked'),
      3: timelines.some(({ failedOver }) => failedOver),
    },
  }
}
