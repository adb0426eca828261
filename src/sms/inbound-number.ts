// Numbers as providers write them in texts that people sent: with a plus or without, or a short code.

import { foldPhone } from '../lib/typed-text.ts'
import type { InboundMessage } from './provider.ts'

/** E.164 with the plus, or null for what is no whole number: a name, a short code, nothing at all. */
function e164Of(text: string | undefined): string | null {
  const digits = /^(?:\+|00)?([1-9]\d{6,14})$/.exec(
    foldPhone(text ?? '').replace(/[\s()-]/g, ''),
  )?.[1]
  return digits === undefined ? null : `+${digits}`
}

/** Which of our senders was written to: a number with its plus, a short code as its digits. */
function recipientOf(text: string | undefined): string | null {
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

/** Null when its id or its text is missing: then it is no text, or none of this provider. */
export function makeInbound(fields: InboundFields): InboundMessage | null {
  const { id, text, at, isAnswered = false } = fields
  if (id === undefined || text === undefined) return null
  return {
    providerMessageId: id,
    from: e164Of(fields.from),
    to: recipientOf(fields.to),
    text,
    isAnswered,
    ...(at === null ? {} : { at }),
  }
}
