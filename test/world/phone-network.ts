// The phones behind the carriers: an SMS inbox for each number. A phone replies only when it is told to.

import type { AnyCarrierName } from './carrier-protocol.ts'
import { type InboundText, replyAddress } from './inbound-text.ts'
import { createJournal, JOURNAL_CAPACITY, type Journal } from './journal.ts'
import type { SmsEncoding } from './segments.ts'
import type { PostOutcome } from './webhook-poster.ts'

export type PhoneMessage = {
  readonly provider: AnyCarrierName
  readonly from: string
  /** E.164 with plus. */
  readonly to: string
  readonly text: string
  readonly at: number
  readonly providerMessageId: string
  readonly encoding: SmsEncoding
  readonly segments: number
}

/** A reply that a carrier has carried, and what it was answered. */
export type PhoneReply = InboundText &
  PostOutcome & {
    readonly id: number
    readonly provider: AnyCarrierName
    /** Where it was typed. `from` is another number when somebody pretends. */
    readonly phone: string
    readonly at: number
  }

/** `no_number`: it came from a name. `no_carrier`: the carrier takes no texts here. */
export type ReplyOutcome =
  | { readonly kind: 'carried'; readonly reply: PhoneReply }
  | { readonly kind: 'no_message' | 'no_number' | 'no_carrier' }

export type PhoneNetworkOptions = {
  /** Null where the carrier takes no texts. Left out, no carrier does. */
  readonly carry?: (provider: AnyCarrierName, text: InboundText) => Promise<PostOutcome | null>
  /** Which alert a text belongs to; null for a text that is no alert. Default: the `#42` in it. */
  readonly alertNumberOf?: (text: string) => number | null
  readonly capacity?: number
}

export type PhoneNetwork = {
  readonly receive: (message: PhoneMessage) => void
  /** The number's inbox, oldest first. */
  readonly messagesTo: (number: string) => readonly PhoneMessage[]
  /** The first kept or future message that fits; rejects after `timeoutMs`, or half a minute. */
  readonly waitForMessage: (
    number: string,
    predicate: (message: PhoneMessage) => boolean,
    timeoutMs?: number,
  ) => Promise<PhoneMessage>
  readonly subscribe: (listener: (message: PhoneMessage) => void) => () => void
  /** Answers a message still kept, as its phone, or as another number that it claims to be. */
  readonly reply: (
    providerMessageId: string,
    text: string,
    claimedFrom?: string,
  ) => Promise<ReplyOutcome>
  readonly replies: Journal<PhoneReply>
  /** Messages whose alert had already reached that phone: one alert sent twice counts 1. */
  readonly duplicatesTo: (number: string) => number
  /** The same over all numbers. */
  readonly duplicates: () => number
  readonly numbers: () => readonly string[]
  readonly alertNumberOf: (text: string) => number | null
  /** How many messages were ever received. */
  readonly total: () => number
  readonly clear: () => void
}

const REPLIES_CAPACITY = 1000

export function alertNumberIn(text: string): number | null {
  const match = /#(\d{1,9})\b/.exec(text)
  return match?.[1] === undefined ? null : Number(match[1])
}

export function createPhoneNetwork(options: PhoneNetworkOptions = {}): PhoneNetwork {
  const alertNumberOf = options.alertNumberOf ?? alertNumberIn
  const inboxes = new Map<string, PhoneMessage[]>()
  const all = createJournal<PhoneMessage>('phone network', {
    capacity: options.capacity ?? JOURNAL_CAPACITY,
    onDrop: (dropped) => {
      const inbox = inboxes.get(dropped.to)
      inbox?.shift()
      if (inbox?.length === 0) inboxes.delete(dropped.to)
    },
  })
  const replies = createJournal<PhoneReply>('replies', { capacity: REPLIES_CAPACITY })
  const messagesTo = (number: string) => [...(inboxes.get(number) ?? [])]
  const duplicatesTo = (number: string) => {
    const alerts = messagesTo(number).flatMap(({ text }) => alertNumberOf(text) ?? [])
    return alerts.length - new Set(alerts).size
  }

  return {
    receive: (message) => {
      const inbox = inboxes.get(message.to) ?? []
      inbox.push(message)
      inboxes.set(message.to, inbox)
      all.add(message)
    },
    messagesTo,
    waitForMessage: async (number, predicate, timeoutMs) => {
      const known = messagesTo(number).find(predicate)
      if (known !== undefined) return known
      return all.waitFor((message) => message.to === number && predicate(message), timeoutMs)
    },
    subscribe: all.subscribe,
    reply: async (providerMessageId, text, claimedFrom) => {
      const message = all.entries().find((entry) => entry.providerMessageId === providerMessageId)
      if (message === undefined) return { kind: 'no_message' }
      const to = replyAddress(message.from)
      if (to === null) return { kind: 'no_number' }
      const { provider, to: phone } = message
      const at = Date.now()
      const inbound = { from: claimedFrom ?? phone, to, text }
      const outcome = (await options.carry?.(provider, inbound)) ?? null
      if (outcome === null) return { kind: 'no_carrier' }
      const reply = { ...inbound, ...outcome, id: replies.total() + 1, provider, phone, at }
      replies.add(reply)
      return { kind: 'carried', reply }
    },
    replies,
    duplicatesTo,
    duplicates: () => [...inboxes.keys()].reduce((sum, number) => sum + duplicatesTo(number), 0),
    numbers: () => [...inboxes.keys()],
    alertNumberOf,
    total: all.total,
    clear: () => {
      inboxes.clear()
      all.clear()
      replies.clear()
    },
  }
}
