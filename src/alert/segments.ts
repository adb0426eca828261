// How many SMS segments a text costs, by the rules a handset and a carrier apply: 3GPP TS 23.038
// (alphabets) and TS 23.040 9.2.3.24 (concatenation). It counts; it never changes the text.

import { isGsm7, isGsm7Extension } from '../lib/gsm7.ts'

export type Encoding = 'GSM-7' | 'UCS-2'

export type SegmentCount = {
  readonly encoding: Encoding
  /** Septets for GSM-7 (an extension character takes two), UTF-16 code units for UCS-2. */
  readonly units: number
  /** 0 for the empty text. */
  readonly segments: number
  /** Room of one segment of this very text: 160 or 153 septets, 70 or 67 code units. */
  readonly perSegment: number
}

// 140 octets of user data; a concatenation header takes 6 of them.
const ROOM = {
  'GSM-7': { alone: 160, joined: 153 },
  'UCS-2': { alone: 70, joined: 67 },
} as const

/**
 * Counts a text as it would be sent. Neither an escape pair nor a surrogate pair is split between
 * two segments, so a joined segment may stay one unit short. A lone surrogate counts as one unit.
 */
export function countSegments(text: string): SegmentCount {
  const encoding = isGsm7(text) ? 'GSM-7' : 'UCS-2'
  const { alone, joined } = ROOM[encoding]
  let units = 0
  let segments = text === '' ? 0 : 1
  let used = 0
  for (const character of text) {
    const size = encoding === 'UCS-2' ? character.length : isGsm7Extension(character) ? 2 : 1
    units += size
    if (used + size > joined) {
      segments += 1
      used = 0
    }
    used += size
  }
  if (units <= alone) return { encoding, units, segments: Math.min(segments, 1), perSegment: alone }
  return { encoding, units, segments, perSegment: joined }
}
