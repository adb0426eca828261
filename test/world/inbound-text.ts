// A text from a phone to a sender, on its way to whoever rents that sender. Where it can go at all, and what
// a provider must tell the simulated carrier about it.

import type { WebhookRequest } from './webhook-poster.ts'

export type InboundText = {
  /** E.164 with plus: whom the network says it is from. Nobody checks that. */
  readonly from: string
  /** One of the provider's senders: E.164 with plus, or a short code. */
  readonly to: string
  readonly text: string
}

/** The webhook of a text, posted to the `url` the operator entered at the provider. Pure but for ids. */
export type InboundWriter = (text: InboundText, url: string, at: number) => WebhookRequest

/** Out of a pool the provider picks a number; here it is always this one. */
const POOL_NUMBER = '+12025550107'
const POOL = /^MG[0-9a-fA-F]{32}$/

/** Where a reply to an SMS from `sender` goes; null for a name, which cannot be answered. */
export function replyAddress(sender: string): string | null {
  if (POOL.test(sender)) return POOL_NUMBER
  if (/^\d{3,6}$/.test(sender)) return sender
  return /^\+?\d{7,15}$/.test(sender) ? `+${sender.replace('+', '')}` : null
}
