// Fields that several bodies have, and how a refused body is described. Refuses to quote what it was
// given: an error must not carry a phone number into somebody's log.

import * as v from 'valibot'
import type { FieldError } from './problem.ts'
import { parseInstant } from './time.ts'

export const AccountIdSchema = v.pipe(
  v.string('must be a string'),
  // URL parsers take `/./` and `/../` out of a path: such an id would name something else there.
  v.regex(
    /^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,64}$/,
    'must be 1–64 of [A-Za-z0-9_.:-], and neither . nor ..',
  ),
)
export const SessionIdSchema = AccountIdSchema

/** RFC 3339 text → epoch milliseconds; the meaning is for the API's description. */
export function instantField(meaning: string) {
  return v.pipe(
    v.string('must be an RFC 3339 instant'),
    v.description(meaning),
    v.check((text) => parseInstant(text) !== null, 'must be an RFC 3339 instant'),
    v.transform((text) => parseInstant(text) ?? 0),
  )
}

const ERRORS_MAX = 20
/** Of a key that somebody made up. */
const KEY_MAX = 64

/** Valibot's issues as RFC 6901 pointers with a short text; never the offending value. */
export function toFieldErrors(issues: readonly v.BaseIssue<unknown>[]): readonly FieldError[] {
  const errors = issues.slice(0, ERRORS_MAX).map((issue) => {
    const keys = issue.path?.map(({ key }) => String(key)) ?? []
    const pointer = keys
      .map((key) => `/${key.slice(0, KEY_MAX).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('')
    if (issue.type === 'strict_object' && issue.expected === 'never') {
      return { pointer, detail: 'is not known' }
    }
    const isMissing = issue.input === undefined && keys.length > 0
    return { pointer, detail: isMissing ? 'is required' : describe(issue) }
  })
  // Two rules of one field may refuse it with one word.
  const isNew = ({ pointer, detail }: FieldError, index: number) =>
    errors.findIndex((one) => one.pointer === pointer && one.detail === detail) === index
  return errors.filter(isNew)
}

// Valibot's default messages quote what was received; ours (schema messages) do not.
function describe(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'object' || issue.type === 'strict_object' || issue.type === 'variant') {
    return issue.expected === 'Object' ? 'must be an object' : issue.message
  }
  return issue.message
}
