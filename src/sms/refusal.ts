// What a refused send means: the provider's own code where we know it, else the HTTP status.
// Reads codes, never messages: prose changes, and it may hold a phone number.

import type { FailureClass } from './outcome-classes.ts'
import type { ProviderResponse, SendFailure } from './provider.ts'

export type Meaning = { readonly class: FailureClass; readonly scope?: 'country' }
export type CodeTable = ReadonlyMap<string, Meaning>

/** One meaning and the codes that have it. */
export type CodeGroup = Meaning & { readonly codes: readonly (number | string)[] }

export function codeTable(groups: readonly CodeGroup[]): CodeTable {
  return new Map(
    groups.flatMap(({ codes, ...meaning }) =>
      codes.map((code): [string, Meaning] => [String(code), meaning]),
    ),
  )
}

/** A code's meaning, or `fallback` for one that we do not know. */
export function meaningOf(
  table: CodeTable,
  code: string | undefined,
  fallback: FailureClass,
): Meaning {
  return table.get(code ?? '') ?? { class: fallback }
}

/**
 * The outcome of an answer that is not a success. `code` is what the body says, when it says
 * something; without one, or with one `table` lacks, the status decides.
 */
export function refusal(
  response: ProviderResponse,
  code: string | undefined,
  table: CodeTable,
): SendFailure {
  // 429 is stronger than any code: Vonage sends it with the code of "missing parameters".
  const known = code !== undefined && response.status !== 429 ? table.get(code) : undefined
  const meaning = known ?? { class: classOfStatus(response.status) }
  const wait = meaning.class === 'provider_transient' ? retryAfterMs(response) : undefined
  return {
    ...meaning,
    code: code ?? `http_${response.status}`,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }
}

/** A 2xx that proves nothing: the message may be on its way. */
export const UNREADABLE: SendFailure = { class: 'ambiguous', code: 'unreadable_body' }

export function isSuccess(response: ProviderResponse): boolean {
  return response.status >= 200 && response.status < 300
}

function classOfStatus(status: number): FailureClass {
  if (status >= 300 && status < 400) return 'provider_config'
  if (status === 401 || status === 402 || status === 403) return 'provider_config'
  if (status === 408 || status === 429 || status === 503) return 'provider_transient'
  // Of a bare 4xx, or one whose code we do not know, nothing is sure: not even that the text was looked at.
  if (status >= 400 && status < 500) return 'unclear'
  // 500, 502, 504 and what is no HTTP status at all: it may have been accepted before it broke.
  return 'ambiguous'
}

/** RFC 9110 §10.2.3, the seconds form only: the date form needs a clock we were not given. */
function retryAfterMs(response: ProviderResponse): number | undefined {
  const header = response.headers['retry-after']?.trim() ?? ''
  return /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined
}
