// Whom a text comes from. What kind a sender is decides where it may send and whether anybody can
// answer it; a country's opinion of that kind is country-rules.ts's.

import type { MessageTemplate } from '../sms/provider.ts'

/**
 * kind | example | can be answered
 * --- | --- | ---
 * `number` | `+12025550123` | yes
 * `short_code` | `72345` | yes
 * `name` | `Lockline` | no: alphanumeric senders only send
 * `pool` | `MG…`, `pool-…`, an ARN | yes: the provider picks a number out of it
 */
export type SenderKind = 'number' | 'short_code' | 'name' | 'pool'

export type Sender = {
  /** As the provider's API takes it. */
  readonly from: string
  readonly kind: SenderKind
  /** Whether a reply to it can reach us. */
  readonly canReceive: boolean
  readonly template?: MessageTemplate
  /** By the name of the text, `en login`: no other goes out from it. See registered-texts.ts. */
  readonly templates?: ReadonlyMap<string, MessageTemplate>
}

const POOL = /^(?:MG[0-9a-fA-F]{32}|pool-|phone-|sender-|arn:)/

export function senderKind(from: string): SenderKind {
  if (POOL.test(from)) return 'pool'
  if (/^\d{3,8}$/.test(from)) return 'short_code'
  return /^\+?\d{9,15}$/.test(from) ? 'number' : 'name'
}

export function makeSender(
  from: string,
  registered: Pick<Sender, 'template' | 'templates'> = {},
): Sender {
  const kind = senderKind(from)
  return { from, kind, canReceive: kind !== 'name', ...registered }
}
