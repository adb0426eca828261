// The code of the authenticator app, asked for by a form of the page of the number.

import { checkTotp } from '../../account/totp-check.ts'
import { paths } from '../../paths.ts'
import { seeOther } from '../respond.ts'
import { totpProblem } from '../totp-problem.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import type { NumberProblem } from './page.ts'
import { showNumber } from './view.ts'

/** The answer to a missing or wrong code of the authenticator app, or null when it was right. */
export async function refuseTotp(
  c: VisitContext,
  form: NumberProblem['form'],
): Promise<Response | null> {
  const { db, config, now } = c.env.context
  const { account, language } = c.var
  const typed = c.var.form.get('totp') ?? ''
  const verdict = await checkTotp(db, { account, typed, dataKeys: config.dataKeys }, now())
  if (verdict.kind === 'ok') return null
  if (verdict.kind === 'not_set_up') return seeOther(paths.portalAuthenticator)
  const { text, status } = totpProblem(language, verdict)
  return showNumber(c, { problem: { form, text }, typed: c.var.form.get('phone') ?? '' }, status)
}
