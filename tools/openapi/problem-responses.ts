// Refusals as responses: one component for each problem code, which operations refer to; where a call may be refused with several
// of one status, one for these together.

import type { Reference, Response, Schema } from '../../src/api/openapi/types.ts'
import { type FieldError, PROBLEMS, type ProblemCode } from '../../src/lib/problem.ts'
import { ProblemSchema, problemAdvice, problemHeaders } from '../../src/lib/problem-spec.ts'
import { convertHeaders, convertSchema } from './convert-schema.ts'

export type ProblemResponses = {
  /** References by status. */
  readonly byStatus: (codes: readonly ProblemCode[]) => Readonly<Record<string, Reference>>
  readonly resolve: (reference: Reference) => Response
  /** The components, of every code some call is refused with. */
  readonly used: () => Readonly<Record<string, Response>>
}

export function createProblemResponses(schemas: Map<string, Schema>): ProblemResponses {
  const components = new Map<string, Response>()
  return {
    byStatus: (codes) => {
      const byStatus = Map.groupBy(codes, (code) => String(PROBLEMS[code].status))
      const references = [...byStatus].map(([status, [first, ...more]]) => {
        if (first === undefined) throw new Error(`no code of status ${status}`)
        const name = [first, ...more].join('_or_')
        const made =
          more.length === 0
            ? problemResponse(schemas, first)
            : jointResponse(schemas, [first, ...more])
        components.set(name, components.get(name) ?? made)
        return [status, { $ref: `#/components/responses/${name}` }]
      })
      return Object.fromEntries(references)
    },
    resolve: ({ $ref }) => {
      const found = components.get($ref.slice($ref.lastIndexOf('/') + 1))
      if (!found) throw new Error(`nothing at ${$ref}`)
      return found
    },
    used: () => Object.fromEntries([...components].sort(([a], [b]) => a.localeCompare(b))),
  }
}

/** Of the codes that point at fields. */
const ERRORS: Readonly<Partial<Record<ProblemCode, readonly FieldError[]>>> = {
  invalid_event: [{ pointer: '/data/account_id', detail: 'is required' }],
  invalid_request: [{ pointer: '/phone', detail: 'is not a valid mobile number' }],
}

function exampleOf(code: ProblemCode) {
  const { status, title } = PROBLEMS[code]
  const errors = ERRORS[code]
  return { type: 'about:blank', title, status, code, ...(errors ? { errors } : {}) }
}

function jointCode(codes: readonly ProblemCode[]): Schema {
  const words = Object.fromEntries(codes.map((code) => [code, problemAdvice[code]]))
  return { type: 'string', enum: codes, 'x-enumDescriptions': words }
}

/** Several codes of one status; none of them may have headers of its own. */
function jointResponse(
  schemas: Map<string, Schema>,
  codes: readonly [ProblemCode, ...ProblemCode[]],
): Response {
  if (codes.some((code) => problemHeaders[code])) throw new Error(`${codes.join(', ')}: a header`)
  const [first] = codes
  return {
    description: codes.map((code) => `\`${code}\`: ${problemAdvice[code]}`).join(' '),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            convertSchema(ProblemSchema, schemas),
            { type: 'object', properties: { code: jointCode(codes) } },
          ],
        },
        example: exampleOf(first),
      },
    },
  }
}

function problemResponse(schemas: Map<string, Schema>, code: ProblemCode): Response {
  const headers = problemHeaders[code]
  return {
    description: problemAdvice[code],
    ...(headers ? { headers: convertHeaders(headers, schemas) } : {}),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            convertSchema(ProblemSchema, schemas),
            { type: 'object', properties: { code: { type: 'string', const: code } } },
          ],
        },
        example: exampleOf(code),
      },
    },
  }
}
