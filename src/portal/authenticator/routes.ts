// /portal/authenticator: sets up a code generator where the exchange has brought none. Never replaces one. Takes a passkey
// where the account has one, else a code to the number that is bound: whoever got in with a stolen session must not shut the
// owner out in silence.

import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { sealField } from '../../account/accounts.ts'
import { newTotpSecret, totpUri } from '../../account/totp.ts'
import {
  canEnrolSql,
  checkEnrolment,
  enrolTotpStatement,
  openProposal,
  sealProposal,
} from '../../account/totp-enrolment.ts'
import { paths } from '../../paths.ts'
import { decideProof } from '../change/changes.ts'
import { makeChange } from '../change/make-change.ts'
import { type ProofField, proofFacts, proveChange } from '../change/prove.ts'
import { offerPasskey } from '../change/prove-passkey.ts'
import { isStillProvenSql } from '../change/still-proven.ts'
import { waitNote } from '../change/wait-note.ts'
import { portalPage, tooManyTries, visitBasics } from '../layout.ts'
import { type PageStatus, respond, seeOther } from '../respond.ts'
import { logVisit, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import { noteOtpStatement } from '../visit/visits.ts'
import { authenticatorBody, presentBody } from './page.ts'

export const authenticatorRoutes = new Hono<VisitEnv>()

authenticatorRoutes.get(paths.portalAuthenticator, (c) =>
  propose(c, newTotpSecret(c.env.context.randomBytes)),
)

authenticatorRoutes.post(paths.portalAuthenticator, async (c) => {
  const { config, now, randomBytes } = c.env.context
  const { db, account, form, language, visit } = c.var
  const { dataKeys } = config
  const { accountId, visitId } = visit
  const { common } = language.portal
  const secret = await openProposal(dataKeys, visit, form.get('proposal') ?? '')
  if (secret === null) return propose(c, newTotpSecret(randomBytes))
  if (account.totpSealed !== null) return seeOther(paths.portalAuthenticator)
  // Before anything is sent to the number: it costs an SMS.
  const typed = form.get('totp') ?? ''
  const checked = await checkEnrolment(db, { accountId, visitId, secret, typed, dataKeys }, now())
  if (checked.kind !== 'ok') await logVisit(c, 'totp.refused', { reason: checked.kind })
  if (checked.kind === 'refused') return propose(c, secret, { problem: common.totpRefused }, 422)
  if (checked.kind === 'limited') {
    const problem = tooManyTries(language, checked.retryAfterMs)
    return propose(c, secret, { problem }, 429)
  }
  const verdict = await proveChange(c, ['authenticator_added'])
  switch (verdict.kind) {
    case 'set_up':
    case 'frozen':
      return propose(c, secret, { problem: common.frozen }, 409)
    case 'asked': {
      const { problem, field, status } = verdict
      return propose(c, secret, { problem, proof: { field } }, status)
    }
    case 'proven': {
      const totpSealed = await sealField(randomBytes, dataKeys, accountId, 'totp', secret)
      const enrolment = { accountId, totpSealed, step: checked.step }
      const when = sql`${canEnrolSql(accountId)} AND ${isStillProvenSql(accountId, verdict)}`
      const isStored = await makeChange(c, {
        changes: ['authenticator_added'],
        proof: verdict.proof,
        statements: [enrolTotpStatement(db, enrolment, now(), when)],
        when,
      })
      if (!isStored) return seeOther(paths.portalAuthenticator)
      await noteOtpStatement(db, visit, now())
      return seeOther(paths.portalNumber, 'set_up')
    }
  }
})

type Shown = {
  readonly problem?: string | null
  readonly proof?: { readonly field: ProofField | null } | null
}

/** The same secret again after a slip of the finger: the app holds it already. */
async function propose(
  c: VisitContext,
  secret: string,
  { problem = null, proof = null }: Shown = {},
  status: PageStatus = 200,
): Promise<Response> {
  const { config, randomBytes } = c.env.context
  const { account, language, visit } = c.var
  const words = language.portal.authenticator
  const page = { heading: words.heading, current: paths.portalNumber }
  if (account.totpSealed !== null) {
    return respond(portalPage(c, { ...page, body: presentBody(visitBasics(c)) }), 200)
  }
  const asked = decideProof('authenticator_added', proofFacts(c))
  if (asked === 'frozen') {
    const body = html`<p class="warn">${language.portal.common.frozen}</p>`
    return respond(portalPage(c, { ...page, body }), status)
  }
  const sealed = await sealProposal(randomBytes, config.dataKeys, visit, secret)
  const uri = totpUri(config.exchangeName, account.accountId, secret)
  const passkey = asked === 'own_passkey' ? await offerPasskey(c, 'authenticator_added') : null
  const shown = { problem, proof, passkey, waitNote: waitNote(c, 'authenticator_added') }
  const body = authenticatorBody(visitBasics(c), { secret, sealed, uri }, shown)
  const hasScript = passkey !== null
  // The script of the page "it was me", which asks for a passkey too.
  const script = hasScript ? { script: paths.lockConfirmScript } : {}
  return respond(portalPage(c, { ...page, body, ...script }), status, { hasScript })
}
