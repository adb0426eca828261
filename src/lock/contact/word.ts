// The word that a trusted contact sends: the owner's choice, folded as everything is that people type on phones. Bounds, a
// proposal that nobody guesses, and how it is read out of an SMS. Pure.

import type { Ports } from '../../lib/ports.ts'
import { foldWord } from '../../lib/typed-text.ts'

/** Signs. More than a reply's code of four has, so that neither is taken for the other. */
export const WORD_MIN = 6
export const WORD_MAX = 20

/** Wrong words of one contact, in all, until the owner adds it anew; a right one begins anew. */
export const WORD_TRIES_MAX = 10

/** What is longer is no word with LOCK before it. */
const TEXT_MAX_LENGTH = 200

const CONSONANTS = 'bdfghjklmnprstvz'
const VOWELS = 'aiou'
const SYLLABLES = 5

/** 2³⁰ words that can be said aloud; ten guesses hit one of them once in a hundred million times. */
export function proposeWord(random: Ports['randomBytes']): string {
  const bytes = random(SYLLABLES * 2)
  return Array.from(bytes, (byte, at) => {
    const letters = at % 2 === 0 ? CONSONANTS : VOWELS
    return letters.charAt(byte % letters.length)
  }).join('')
}

/** Letters and digits of any script, capitals without marks; null for what is too short or too long. */
export function foldContactWord(text: string): string | null {
  if (text.length > TEXT_MAX_LENGTH) return null
  const word = foldWord(text).replace(/[^\p{L}\p{N}]/gu, '')
  const { length } = Array.from(word)
  return length >= WORD_MIN && length <= WORD_MAX ? word : null
}

/** As it is kept and shown to its owner: with the vowels and marks that folding takes off, or he would not know it again. */
export function tidyContactWord(text: string): string {
  const visible = text.replace(/[\u202a-\u202e\u2066-\u2069]/gu, '')
  return visible.replace(/[\p{Z}\p{Cc}]+/gu, ' ').trim()
}

/** `LOCK bakofimulo`, on the first line: the word, folded; null where the text says something else. */
export function readContactWord(text: string): string | null {
  const [line = ''] = text.trim().split(/[\n\r]/, 1)
  if (line.length > TEXT_MAX_LENGTH) return null
  const [, rest] = /^[^\p{L}\p{N}]*LOCK(.*)$/su.exec(foldWord(line)) ?? []
  return rest === undefined ? null : foldContactWord(rest)
}
