// The phones behind the carriers: an SMS inbox for each number. It receives; it never replies.

import type { AnyCarrierName } from './carrier-protocol.ts'
import { createJournal, JOURNAL_CAPACITY } from './journal.ts'
import type { SmsEncoding } from './segments.ts'

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

export type PhoneNetworkOptions = {
  /** Which alert a text belongs to; null for a text that is no alert. Default: the `#42` in it. */
  readonly alertNumberOf?: (text: string) => number | null
  readonly capacity?: number
}

export type PhoneNetwork = {
  readonly receive: (message: PhoneMessage) => void
  /** The number's inbox, oldest first. */
  readonly messagesTo: (number: string) => readonly PhoneMessage[]
  /** The first kept or future message that fits; rejects after `timeoutMs`. */
  readonly waitForMessage: (
    number: string,
    predicate: (message: PhoneMessage) => boolean,
    timeoutMs: number,
  ) => Promise<PhoneMessage>
  readonly subscribe: (listener: (message: PhoneMessage) => void) => () => void
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
    duplicatesTo,
    duplicates: () => [...inboxes.keys()].reduce((sum, number) => sum + duplicatesTo(number), 0),
    numbers: () => [...inboxes.keys()],
    alertNumberOf,
    total: all.total,
    clear: () => {
      inboxes.clear()
      all.clear()
    },
  }
}
