// Numbers as providers write them in texts that people sent: with a plus or without, or a short code.

import type { InboundMessage } from './provider.ts'

/** E.164 with the plus, or null for what is no whole number (an alphanumeric sender cannot be answered). */
export function e164Of(text: string | undefined): string | null {
  const digits = /^\+?(\d{7,15})$/.exec(text?.trim() ?? '')?.[1]
  return digits === undefined ? null : `+${digits}`
}

/** Which of our senders was written to: a number with its plus, a short code as its digits. */
export function recipientOf(text: string | undefined): string | null {
  const short = /^\d{3,6}$/.exec(text?.trim() ?? '')?.[0]
  return short ?? e164Of(text)
}

export type InboundFields = {
  readonly id: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly text: string | undefined
  /** Epoch milliseconds; null when the provider gives none that can be read. */
  readonly at: number | null
  readonly isAnswered?: boolean
}

/** Null when a field that is needed is missing, or is no number. */
export function makeInbound(fields: InboundFields): InboundMessage | null {
  const from = e164Of(fields.from)
  const to = recipientOf(fields.to)
  const { id, text, at, isAnswered = false } = fields
  if (id === undefined || from === null || to === null || text === undefined) return null
  return {
    providerMessageId: id,
    from,
    to,
    text,
    isAnswered,
    ...(at === null ? {} : { at }),
  }
}
