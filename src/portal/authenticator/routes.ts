// /portal/authenticator: sets up a code generator where the exchange has brought none. Never replaces one.

import { Hono } from 'hono'
import { html } from 'hono/html'
import { newTotpSecret, totpUri } from '../../account/totp.ts'
import { enrolTotp, openProposal, sealProposal } from '../../account/totp-enrolment.ts'
import { paths } from '../../paths.ts'
import { portalPage, tooManyTries } from '../layout.ts'
import { type PageStatus, respond, seeOther } from '../respond.ts'
import type { VisitContext, VisitEnv } from '../visit/visit-env.ts'
import { noteOtpStatement } from '../visit/visits.ts'
import { authenticatorBody } from './page.ts'

export const authenticatorRoutes = new Hono<VisitEnv>()

authenticatorRoutes.get(paths.portalAuthenticator, (c) =>
  propose(c, newTotpSecret(c.env.context.randomBytes)),
)

authenticatorRoutes.post(paths.portalAuthenticator, async (c) => {
  const context = c.env.context
  const { db, config, now } = context
  const { form, language, visit } = c.var
  const { dataKeys } = config
  const { accountId } = visit
  const secret = await openProposal(dataKeys, visit, form.get('proposal') ?? '')
  if (secret === null) return propose(c, newTotpSecret(context.randomBytes))
  const typed = form.get('totp') ?? ''
  const verdict = await enrolTotp(context, { accountId, secret, typed, dataKeys }, now())
  switch (verdict.kind) {
    case 'refused':
      return propose(c, secret, language.portal.common.totpRefused, 422)
    case 'limited':
      return propose(c, secret, tooManyTries(language, verdict.retryAfterMs), 429)
    case 'already':
      return seeOther(paths.portalAuthenticator)
    case 'ok':
      await noteOtpStatement(db, visit, now())
      return seeOther(paths.portalNumber, 'set_up')
  }
})

/** The same secret again after a slip of the finger: the app holds it already. */
async function propose(
  c: VisitContext,
  secret: string,
  problem: string | null = null,
  status: PageStatus = 200,
): Promise<Response> {
  const { config, randomBytes } = c.env.context
  const { account, language, visit } = c.var
  const words = language.portal.authenticator
  const page = { heading: words.heading, current: paths.portalNumber }
  if (account.totpSealed !== null) {
    const body = html`<p>${words.has}</p>`
    return respond(portalPage(c, { ...page, body }), 200)
  }
  const sealed = await sealProposal(randomBytes, config.dataKeys, visit, secret)
  const uri = totpUri(config.exchangeName, account.accountId, secret)
  const body = authenticatorBody(language, { secret, sealed, uri }, problem)
  return respond(portalPage(c, { ...page, body }), status)
}
