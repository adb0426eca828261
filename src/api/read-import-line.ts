// One line of a bulk import: read as a PUT of its account would be, and answered as that.

import * as v from 'valibot'
import { toFieldErrors } from '../lib/fields.ts'
import { parseJson } from '../lib/json.ts'
import { type FieldError, PROBLEMS, type ProblemCode } from '../lib/problem.ts'
import type { Line } from '../lib/read-lines.ts'
import { serviceFor } from '../routing/route.ts'
import type { ApiContext } from './api-context.ts'
import type { ImportOfOne } from './import-account.ts'
import type { ImportedAnswer } from './import-spec.ts'
import { readAccountChange } from './read-account-change.ts'
import { AccountImportSchema } from './requests.ts'
import { smsView } from './views.ts'

/** A line as it was read: what is to be imported, or why not; either with its answer. */
export type ReadLine = {
  readonly one: ImportOfOne | null
  /** What it names, for the log. */
  readonly fields: string
  readonly answer: ImportedAnswer
}

export async function readImportLine(
  context: ApiContext,
  { number, text }: Line,
): Promise<ReadLine> {
  const refused = (code: ProblemCode, errors?: readonly FieldError[], accountId?: string) => ({
    one: null,
    fields: '',
    answer: {
      ...{ line: number, status: PROBLEMS[code].status, code },
      ...(accountId === undefined ? {} : { account_id: accountId }),
      ...(errors === undefined ? {} : { errors: [...errors] }),
    },
  })
  if (text === null) return refused('body_too_large')
  const json = parseJson(text)
  if (json === undefined) return refused('malformed_json')
  if (Array.isArray(json)) {
    return refused('invalid_request', [{ pointer: '', detail: 'must be an object' }])
  }
  const parsed = v.safeParse(AccountImportSchema, json)
  if (!parsed.success) return refused('invalid_request', toFieldErrors(parsed.issues))
  const { account_id: accountId, ...body } = parsed.output
  const read = await readAccountChange(context, accountId, body)
  if (!read.ok) return refused('invalid_request', read.error, accountId)
  const { change, terms } = read.value
  const { phone } = terms
  const { config } = context
  const service = phone && serviceFor(config, phone, context.now())
  const sms = phone && service && smsView(service, phone.country, config.profile)
  return {
    one: { accountId, change, terms },
    fields: Object.keys(body).join(' '),
    answer: { line: number, status: 200, account_id: accountId, sms },
  }
}
