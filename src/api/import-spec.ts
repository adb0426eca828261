// POST /v1/accounts/import, declared.

import * as v from 'valibot'
import { flag, listOf, named, orNull, text, whole, wholeOrNull } from '../lib/answer-spec.ts'
import { linesBody } from '../lib/body-spec.ts'
import { ACCOUNT_ID } from '../lib/example-spec.ts'
import { PROBLEMS } from '../lib/problem.ts'
import type { RouteSpecs } from '../lib/route-spec.ts'
import { paths } from '../paths.ts'
import { SmsServiceSchema } from './account-spec.ts'
import { IMPORT_BODY_MAX_MIB, IMPORT_LINE_MAX, IMPORT_LINES_MAX } from './import-limits.ts'
import { AccountImportSchema, LineNumberSchema } from './requests.ts'

const ImportedSchema = v.object({
  line: whole('Of the request, from 1; blank lines are counted, and have no answer.'),
  status: whole('What a `PUT` of it would have been answered.'),
  account_id: v.optional(text('As in the line, where it was read.')),
  sms: v.optional(orNull('For a number in this line; else null.', SmsServiceSchema)),
  code: v.optional(
    v.pipe(
      v.picklist(Object.keys(PROBLEMS)),
      v.description('Of a line that was refused; it changed nothing.'),
    ),
  ),
  errors: v.optional(
    listOf(
      'As in a problem.',
      v.object({ pointer: text('Into the line.'), detail: text('What is wrong there.') }),
    ),
  ),
})

const ImportEndSchema = v.object({
  end: flag('True: the last line of an answer that is whole.'),
  stored: whole('Lines that were stored.'),
  refused: whole('Lines that were refused.'),
  next_line: wholeOrNull(
    'Where to go on, with `first_line` and the rest of the file; null where all lines were read.',
  ),
  code: v.optional(
    v.pipe(
      v.picklist(['unavailable', 'body_too_large']),
      v.description('Why it stopped, if not for the number of lines.'),
    ),
  ),
})

export const ImportLineSchema = named(
  'ImportLine',
  v.object({
    ...v.partial(ImportedSchema).entries,
    ...v.partial(ImportEndSchema).entries,
    code: v.optional(
      v.pipe(
        v.picklist(Object.keys(PROBLEMS)),
        v.description(
          'Of a line that was refused, and changed nothing. In the last line, why it stopped if not for the number of lines: `unavailable`, `body_too_large`.',
        ),
      ),
    ),
  }),
)

export type ImportedAnswer = v.InferOutput<typeof ImportedSchema>
export type ImportEndAnswer = v.InferOutput<typeof ImportEndSchema>

export const importSpecs: RouteSpecs = {
  [paths.accountImport]: {
    post: {
      operationId: 'importAccounts',
      tag: 'Accounts',
      summary: 'Import many accounts',
      description: `Lines of JSON (NDJSON), each with \`account_id\` and what a \`PUT\` of that account takes, with the same effect. Answered line by line, in order, and a line at the end that says where to go on. At most ${IMPORT_LINES_MAX.toLocaleString('en')} lines, ${IMPORT_LINE_MAX.toLocaleString('en')} characters in each, ${IMPORT_BODY_MAX_MIB} MiB in all; lines that change the protection of a known account count more, some hundreds to a request. An answer without its last line was cut off: repeat from the last line that was answered. Repeating does no harm.`,
      access: 'api_key',
      parameters: [
        {
          name: 'first_line',
          in: 'query',
          required: false,
          description:
            'Which line of your file the body begins with; answers count from there. To go on, send the rest of the file with `next_line` of the answer before: a file of any length gets through.',
          schema: LineNumberSchema,
        },
        {
          name: 'from_line',
          in: 'query',
          required: false,
          description:
            'Lines before this one are passed over: `next_line` of the answer before, with the same body. What lies beyond the largest body is not reached this way.',
          schema: LineNumberSchema,
        },
      ],
      request: {
        required: true,
        description: 'One account a line.',
        body: linesBody(AccountImportSchema, {
          account: { value: { account_id: ACCOUNT_ID, phone: '+886912345678', locale: 'zh-TW' } },
        }),
      },
      answers: {
        200: {
          description: 'What became of each line; never cached.',
          body: linesBody(ImportLineSchema, {
            account: {
              value: {
                line: 1,
                status: 200,
                account_id: ACCOUNT_ID,
                sms: { served: true, service: 'served', sender: 'number', link: false },
              },
            },
          }),
        },
      },
      problems: ['unsupported_media_type', 'invalid_request'],
    },
  },
}
