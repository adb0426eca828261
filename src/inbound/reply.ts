// What a text that came back means. Pure and total; knows keywords, not accounts.

import { readLockCode } from '../lock/code.ts'

export type Reply =
  | { readonly kind: 'lock'; readonly code: string }
  /** Meant to lock, but the code cannot be one of ours. */
  | { readonly kind: 'unreadable_code' }
  | { readonly kind: 'stop' | 'start' | 'help' }
  | { readonly kind: 'other' }

// The words carriers and providers know, alone in a text. https://www.ctia.org/the-wireless-industry/industry-commitments/messaging-interoperability-sms-mms
// biome-ignore format: one list
const KEYWORDS = new Map<string, 'stop' | 'start' | 'help'>([
  ['STOP', 'stop'], ['STOPALL', 'stop'], ['STOP ALL', 'stop'], ['UNSUBSCRIBE', 'stop'], ['CANCEL', 'stop'],
  ['END', 'stop'], ['QUIT', 'stop'], ['REVOKE', 'stop'], ['OPTOUT', 'stop'], ['OPT OUT', 'stop'], ['ARRET', 'stop'],
  ['START', 'start'], ['UNSTOP', 'start'],
  ['HELP', 'help'], ['INFO', 'help'],
])

const TEXT_MAX_LENGTH = 400

/** `LOCK 7K3Q`, `7k3q`, `Lock: 7K3Q!` lock; the other keywords count only when they stand alone. */
export function readReply(text: string): Reply {
  const words = text
    .slice(0, TEXT_MAX_LENGTH)
    .normalize('NFKD')
    .toUpperCase()
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  const keyword = KEYWORDS.get(words.join(' '))
  if (keyword) return { kind: keyword }
  const lockAt = words.indexOf('LOCK')
  // A code may have been typed in pieces: 7K 3Q.
  const candidates =
    lockAt < 0 ? words : [words.slice(lockAt + 1).join(''), ...words.slice(lockAt + 1)]
  for (const candidate of candidates) {
    const code = readLockCode(candidate)
    if (code !== null) return { kind: 'lock', code }
  }
  return lockAt < 0 ? { kind: 'other' } : { kind: 'unreadable_code' }
}
