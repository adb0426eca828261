// Answers that are a line of text, as `OK:12345`: patterns with names in braces make a flat document of them, so that the
// rest of a template reads them as it reads JSON. Each name takes what stands before the next fixed text and never gives
// any of it back, so that reading is linear whatever the pattern and the answer.

import { err, ok, type Result } from '../../lib/result.ts'

export type TextPattern = readonly (string | { readonly name: string })[]

const LONGEST_PATTERN = 200

/** `ERROR {code}: {words}`; braces that stand for themselves are doubled. */
export function parseTextPattern(text: string): Result<TextPattern, string> {
  if (text.length > LONGEST_PATTERN) return err(`is longer than ${LONGEST_PATTERN} characters`)
  const parts: (string | { name: string })[] = []
  for (const [token, name] of text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    const last = parts.at(-1)
    if (name !== undefined) {
      if (!/^[a-z_]{1,20}$/.test(name)) return err('has a name that is not 1–20 of a–z and _')
      if (typeof last === 'object') return err('has two names with nothing between them')
      if (namesOf(parts).includes(name)) return err(`has {${name}} twice`)
      parts.push({ name })
    } else if (token === '{' || token === '}') {
      return err('has a single brace: one that stands for itself is written twice')
    } else {
      const fixed = token === '{{' || token === '}}' ? token.slice(1) : token
      if (typeof last === 'string') parts[parts.length - 1] = last + fixed
      else parts.push(fixed)
    }
  }
  return namesOf(parts).length > 0 ? ok(parts) : err('must have a name in braces')
}

export function namesOf(pattern: TextPattern): readonly string[] {
  return pattern.flatMap((part) => (typeof part === 'string' ? [] : [part.name]))
}

/** What the first pattern that fits all of the answer has read; null where none does. */
export function readTextAnswer(
  patterns: readonly TextPattern[],
  answer: string,
): Readonly<Record<string, string>> | null {
  const text = answer.replaceAll('\r\n', '\n').trim()
  for (const pattern of patterns) {
    const read = match(pattern, text)
    if (read) return read
  }
  return null
}

function match(pattern: TextPattern, text: string): Readonly<Record<string, string>> | null {
  const read: [string, string][] = []
  let at = 0
  let open: string | null = null
  for (const part of pattern) {
    if (typeof part === 'object') {
      open = part.name
      continue
    }
    const found = open === null ? (text.startsWith(part, at) ? at : -1) : text.indexOf(part, at)
    if (found === -1) return null
    if (open !== null) read.push([open, text.slice(at, found)])
    open = null
    at = found + part.length
  }
  if (open !== null) read.push([open, text.slice(at)])
  else if (at < text.length) return null
  return Object.fromEntries(read.map(([name, value]) => [name, value.trim()]))
}
