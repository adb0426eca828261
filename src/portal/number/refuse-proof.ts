// The proof that a form of the page of the number asks for.

import type { Proof } from '../../exchange/protection-changed.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { isWeakening, type PortalChange } from '../change/changes.ts'
import { codeReason } from '../change/proof-fields.ts'
import { proveChange } from '../change/prove.ts'
import { answerUnproven } from '../change/unproven.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import type { NumberProblem } from './page.ts'
import { showNumber } from './view.ts'

/** How it was proven, or the answer to what is missing or wrong. */
export async function proveNumber(
  c: VisitContext,
  change: PortalChange,
  form: NumberProblem['form'],
): Promise<Result<Proof, Response>> {
  const typed = c.var.form.get('phone') ?? ''
  const verdict = await proveChange(c, [change])
  if (verdict.kind === 'proven') return ok(verdict.proof)
  const answer = await answerUnproven(c, verdict, ({ problem, status }) => {
    const text = problem ?? codeReason(c.var.language, isWeakening([change]))
    return showNumber(c, { problem: { form, text }, typed }, status)
  })
  return err(answer)
}
