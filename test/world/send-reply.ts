// What somebody types on the phone of the world's page, carried to Lockline, and how that went in a sentence.

import type { World } from './world.ts'

export type Outcome = { readonly ok: boolean; readonly message: string }

const REPLY_PROBLEMS = {
  no_message: 'There is no such message.',
  no_number: 'The sender is a name: it cannot be answered.',
  no_carrier: 'This carrier takes no texts here.',
} as const

/** `message` is its provider's id; `from`, if given, the number that the reply pretends to be from. */
export async function sendReply(
  world: World,
  { message, text, from }: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  if (typeof message !== 'string' || typeof text !== 'string' || text.trim() === '') {
    return { ok: false, message: 'A reply needs a message and some text.' }
  }
  const isNumber = typeof from === 'string' && /^\+[1-9]\d{6,14}$/.test(from)
  if (from !== undefined && !isNumber) {
    return { ok: false, message: 'Nobody has that number: write it like +12025550123.' }
  }
  const outcome = await world.phones.reply(message, text, isNumber ? from : undefined)
  if (outcome.kind !== 'carried') return { ok: false, message: REPLY_PROBLEMS[outcome.kind] }
  const { status } = outcome.reply
  if (status === null) return { ok: false, message: 'Lockline does not answer.' }
  return status < 300
    ? { ok: true, message: 'Your reply was carried to Lockline.' }
    : { ok: false, message: `Lockline did not take the reply (${status}).` }
}
