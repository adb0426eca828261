// The small pieces HTTP_TEMPLATE is made of. Their messages end a sentence that begins with the place.

import * as v from 'valibot'
import { isRecord, type JsonRecord } from '../json-fields.ts'
import { parseJsonPointer } from '../json-pointer.ts'
import { type Pattern, type Placeholder, parsePattern } from './placeholders.ts'

/** An object with these members; each other one is named. */
export function asObject<T extends v.ObjectEntries>(entries: T) {
  return v.pipe(
    v.custom<JsonRecord>(isRecord, 'must be an object'),
    v.objectWithRest(entries, v.never('is not known here'), 'must be an object'),
  )
}

export const PointerSchema = v.pipe(
  v.string('must be a JSON pointer'),
  v.check((text) => parseJsonPointer(text) !== null, 'must be a JSON pointer like /data/0/id'),
  v.transform((text) => parseJsonPointer(text) ?? []),
)

/** One, or a few. */
export const PointersSchema = v.union(
  [
    v.pipe(
      v.string(),
      PointerSchema,
      v.transform((pointer) => [pointer]),
    ),
    v.pipe(
      v.array(PointerSchema),
      v.minLength(1, 'must not be empty'),
      v.maxLength(4, 'must have at most 4 pointers'),
    ),
  ],
  'must be a JSON pointer like /data/0/id, or a list of such',
)

export const ScalarSchema = v.union(
  [v.string(), v.number(), v.boolean()],
  'must be a text, a number, true or false',
)

/** Classes of outcome-classes.ts, and a fault of this country's route alone. */
export const FailureWord = v.picklist(
  [
    'recipient_permanent',
    'recipient_temporary',
    'opted_out',
    'message_rejected',
    'provider_config',
    'provider_config:country',
    'provider_transient',
    'ambiguous',
    'expired',
    'unclear',
  ],
  'must be a failure class',
)

export function patternOf(allowed: readonly Placeholder[]) {
  return v.pipe(
    v.string('must be a text'),
    v.rawTransform<string, Pattern>(({ dataset, addIssue, NEVER }) => {
      const pattern = parsePattern(dataset.value, allowed)
      if (pattern.ok) return pattern.value
      addIssue({ message: pattern.error })
      return NEVER
    }),
  )
}
