// The URL of a template. Host and port are fixed; a value in the path stays one part of it, a value in
// the query one value: each is percent-encoded (RFC 3986 §2.4), and what cannot be held is refused.

import { err, ok, type Result } from '../../lib/result.ts'
import { endpoint } from '../endpoint.ts'
import {
  fillPattern,
  type Pattern,
  PLACEHOLDERS,
  type Placeholder,
  type PlaceholderValues,
  parsePattern,
} from './placeholders.ts'

export type UrlTemplate = {
  readonly origin: string
  readonly path: Pattern
  /** `name=value` each; one whose placeholder has no value is left out. */
  readonly query: readonly Pattern[]
}

// A path has no part to leave out, and a part made of dots would lead to another path.
const IN_PATH: readonly Placeholder[] = ['to', 'to_digits', 'ref', 'short_ref', 'attempt', 'secret']

const URL_TEXT = /^[\w.~!$&'()*+,;=:@%/?{}-]+$/
/** URL parsers take `%2e` for a dot, so no encoding helps. */
const DOT_PART = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i

export function parseUrlTemplate(text: string): Result<UrlTemplate, string> {
  const match = /^(https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?)(\/[^?]*)?(?:\?(.*))?$/.exec(text)
  const [, origin = '', path = '/', query = ''] = match ?? []
  if (!URL.canParse(origin)) return err('must be an https URL without placeholders in its host')
  if (!URL_TEXT.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) {
    return err('has a character that a URL writes as % and two digits, or a fragment')
  }
  if (DOT_PART.test(path)) return err('must not have . or .. as a part of its path')
  const pathPattern = parsePattern(path, IN_PATH)
  if (!pathPattern.ok) return pathPattern
  const params: Pattern[] = []
  for (const param of query.split('&').filter((part) => part !== '')) {
    const pattern = parsePattern(param, PLACEHOLDERS)
    if (!pattern.ok) return pattern
    params.push(pattern.value)
  }
  return ok({ origin, path: pathPattern.value, query: params })
}

/**
 * @param baseUrl in place of the template's scheme, host and port.
 * @throws where a value would make another path of it; numbers and references never do.
 */
export function fillUrl(
  template: UrlTemplate,
  values: PlaceholderValues,
  baseUrl: string | undefined,
): string {
  const fill = (pattern: Pattern) => fillPattern(pattern, values, encode)
  const path = fill(template.path) ?? ''
  if (DOT_PART.test(path)) throw new Error('a value would lead to another path')
  const query = template.query.map(fill).filter((param) => param !== undefined)
  const search = query.length === 0 ? '' : `?${query.join('&')}`
  return endpoint(baseUrl ?? template.origin, path + search)
}

/** Of a URL without placeholders. */
export function fixedUrl(
  { origin, path, query }: UrlTemplate,
  baseUrl: string | undefined,
): string {
  const search = query.length === 0 ? '' : `?${query.map((param) => param.join('')).join('&')}`
  return endpoint(baseUrl ?? origin, path.join('') + search)
}

/** RFC 3986 §2.4; half a surrogate pair, at which `encodeURIComponent` throws, becomes U+FFFD. */
function encode(value: string): string {
  return encodeURIComponent(value.toWellFormed())
}
