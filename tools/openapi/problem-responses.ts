// Refusals as responses: one component for each problem code, which operations refer to.

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
      const byStatus = new Map<string, Reference>()
      for (const code of codes) {
        const status = String(PROBLEMS[code].status)
        // One response says one thing: a second code of a status would need words of its own.
        if (byStatus.has(status)) throw new Error(`two codes of one call have status ${status}`)
        components.set(code, components.get(code) ?? problemResponse(schemas, code))
        byStatus.set(status, { $ref: `#/components/responses/${code}` })
      }
      return Object.fromEntries(byStatus)
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

function problemResponse(schemas: Map<string, Schema>, code: ProblemCode): Response {
  const { status, title } = PROBLEMS[code]
  const headers = problemHeaders[code]
  const errors = ERRORS[code]
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
        example: { type: 'about:blank', title, status, code, ...(errors ? { errors } : {}) },
      },
    },
  }
}
