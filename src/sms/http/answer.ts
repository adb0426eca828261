// What the answer to a request means, as the template has it. What the template does not say is not guessed: an answer
// that is not described as acceptance is none.

import { parseJson } from '../../lib/json.ts'
import { firstTokenAt, LONGEST_CODE, LONGEST_ID, scalarAt, tokenAt } from '../json-pointer.ts'
import type { ProviderResponse, SendOutcome } from '../provider.ts'
import { isSuccess, refusal, UNREADABLE } from '../refusal.ts'
import type { HttpTemplate } from './template.ts'
import { readTextAnswer } from './text-answer.ts'

export function readResponse(response: ProviderResponse, template: HttpTemplate): SendOutcome {
  const body = template.answer
    ? readTextAnswer(template.answer, response.body)
    : parseJson(response.body)
  const { accepted, message_id, segments, errors } = template
  const code = firstTokenAt(body, errors?.code ?? [], LONGEST_CODE)
  const refused = () => refusal(response, code, errors?.classes ?? new Map())
  if (!isSuccess(response)) return refused()

  const id = tokenAt(body, message_id, LONGEST_ID)
  if (id !== undefined && isAccepted(response.status, body, accepted)) {
    const count = scalarAt(body, segments) ?? ''
    const isCount = /^[1-9]\d{0,2}$/.test(count)
    return {
      class: 'accepted',
      providerMessageId: id,
      ...(isCount ? { segments: Number(count) } : {}),
    }
  }
  // Described neither as acceptance nor as a refusal: it may be on its way.
  return code === undefined ? UNREADABLE : refused()
}

function isAccepted(status: number, body: unknown, rule: HttpTemplate['accepted']): boolean {
  if (status < rule.status.first || status > rule.status.last) return false
  if (rule.pointer === undefined) return true
  const value = scalarAt(body, rule.pointer)
  return value !== undefined && rule.values?.has(value) === true
}
