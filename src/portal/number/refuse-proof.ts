// The proof that a form of the page of the number asks for.

import type { Proof } from '../../exchange/protection-changed.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { paths } from '../../paths.ts'
import type { PortalChange } from '../change/changes.ts'
import { proveChange } from '../change/prove.ts'
import { seeOther } from '../respond.ts'
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
  switch (verdict.kind) {
    case 'proven':
      return ok(verdict.proof)
    case 'set_up':
      return err(seeOther(paths.portalAuthenticator))
    case 'frozen': {
      const text = c.var.language.portal.common.frozen
      return err(await showNumber(c, { problem: { form, text }, typed }, 409))
    }
    case 'asked': {
      const text = verdict.problem ?? c.var.language.portal.common.needsCode
      return err(await showNumber(c, { problem: { form, text }, typed }, verdict.status))
    }
  }
}
