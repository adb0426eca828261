// What the page of the number shows, read and opened from where it is stored.

import { phoneStateAt } from '../../account/account-phone.ts'
import { decideResend } from '../../account/binding-rules.ts'
import { type Binding, findBinding } from '../../account/bindings.ts'
import { openFormerPhones, openPhone, openSealedPhone } from '../../account/open-phone.ts'
import { shownPhone } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { isServed, serviceFor } from '../../routing/route.ts'
import { decideProof } from '../change/changes.ts'
import { type CodeProgress, readCodeProgress } from '../change/code-progress.ts'
import { proofFacts } from '../change/prove.ts'
import { offerPasskey } from '../change/prove-passkey.ts'
import { portalPage, visitBasics } from '../layout.ts'
import { type PageStatus, respond } from '../respond.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import {
  type NumberProblem,
  type NumberProof,
  type NumberState,
  numberBody,
  type Resend,
} from './page.ts'

export async function showNumber(
  c: VisitContext,
  { problem = null, typed = '' }: { problem?: NumberProblem | null; typed?: string } = {},
  status: PageStatus = 200,
): Promise<Response> {
  const { language } = c.var
  const state = await readNumber(c)
  const body = numberBody(visitBasics(c), { ...state, problem, typed })
  const heading = language.portal.number.heading
  const hasScript = typeof state.proof !== 'string'
  // The script of the page "it was me", which asks for a passkey too.
  const script = hasScript ? { script: paths.lockConfirmScript } : {}
  const page = { heading, current: paths.portalNumber, body, ...script }
  return respond(portalPage(c, page), status, { hasScript })
}

/** What became of the code, and whether it may be sent once more: not to a number that takes none. */
export async function readCode(
  c: VisitContext,
  binding: Binding,
): Promise<{ readonly progress: CodeProgress; readonly resend: Resend }> {
  const { now } = c.env.context
  const { db } = c.var
  const progress = await readCodeProgress(db, 'code', binding)
  const resend = progress === 'unreachable' ? NEVER : decideResend(binding.codesSentAt, now())
  return { progress, resend }
}

const NEVER: Resend = { kind: 'never' }

async function readNumber(c: VisitContext): Promise<Omit<NumberState, 'problem' | 'typed'>> {
  const { config, now } = c.env.context
  const { db, account } = c.var
  const { dataKeys } = config
  const at = now()
  const phone = await openPhone(dataKeys, account)
  const former = await openFormerPhones(dataKeys, account, at)
  const binding = await findBinding(db, account.accountId, at)
  const pending =
    binding && (await openSealedPhone(dataKeys, account.accountId, binding.phoneSealed))
  return {
    number: phone && shownPhone(phone.e164),
    phoneState: phoneStateAt(account, at),
    hasRoute: !phone || isServed(serviceFor(config, phone, at).service),
    former: former.map(({ phone: { e164 }, until }) => ({
      number: shownPhone(e164),
      untilAt: until,
    })),
    pending: binding &&
      pending && {
        number: shownPhone(pending.e164),
        ...(await readCode(c, binding)),
      },
    // While a code is awaited there is no form for another number.
    proof: binding ? 'nothing' : await proofOf(c),
  }
}

/** Of a new number. One we cannot read is a number too. */
async function proofOf(c: VisitContext): Promise<NumberProof> {
  const change = c.var.account.phoneSealed === null ? 'number_bound' : 'number_changed'
  const asked = decideProof(change, proofFacts(c))
  if (asked === 'passkey') return (await offerPasskey(c)) ?? 'no_passkey'
  return asked === 'nothing' || asked === 'set_up' ? asked : 'totp'
}
