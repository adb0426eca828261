// What was in a message that is buried: kept whole if it is not too long, and sealed, since it may hold what
// no log and no column shows. Also whom it names, so that it goes when the account is erased.

import * as v from 'valibot'
import { AccountIdSchema } from '../lib/fields.ts'
import type { Ports } from '../lib/ports.ts'
import { type SealKeys, type SealPurpose, seal } from '../lib/seal.ts'

/** Bytes of JSON that are kept; half of what a queue takes. What is longer is cut and cannot be sent again. */
export const MESSAGE_MAX_BYTES = 64 * 1024

/** Sealed for this message alone; `open` of lib/seal.ts needs the same. */
export function messagePurpose(messageId: string): SealPurpose {
  return { use: 'dead-letter', context: `dead_letters/${messageId}` }
}

export function sealMessage(
  random: Ports['randomBytes'],
  keys: SealKeys,
  message: Pick<Message<unknown>, 'id' | 'body'>,
): Promise<string> {
  return seal(random, keys, messagePurpose(message.id), cut(jsonOf(message.body)))
}

/** At a whole character: the encoder takes no part of one. */
function cut(text: string): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(MESSAGE_MAX_BYTES))
  return text.slice(0, read)
}

/** Bodies need not be JSON: a queue also takes what only structured clone can copy. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body) ?? String(body)
  } catch {
    // `String` throws for what has no `toString` of its own.
    return Object.prototype.toString.call(body)
  }
}

const NamedSchema = v.object({ accountId: AccountIdSchema })
const InsideSchema = v.record(v.string(), v.unknown())

/** The account of a message whose kind nobody knows: its own `accountId`, or that of a part of it. */
export function accountNamedIn(body: unknown): string | null {
  const inside = v.safeParse(InsideSchema, body)
  const parts = inside.success ? Object.values(inside.output) : []
  for (const part of [body, ...parts]) {
    const named = v.safeParse(NamedSchema, part)
    if (named.success) return named.output.accountId
  }
  return null
}
