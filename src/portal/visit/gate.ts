// The door of every page of the owner's: no visit, no page; no POST from elsewhere. Decides nothing else.

import type { MiddlewareHandler } from 'hono'
import { logInfo } from '../../lib/log.ts'
import { problem } from '../../lib/problem.ts'
import { isSameOrigin } from '../../page/same-origin.ts'
import { chooseLanguage, languageOfHeader } from '../../words/languages.ts'
import { respond } from '../respond.ts'
import { visitEndedPage } from './entry-page.ts'
import { hasVisitCookie, readVisitCookie, visitSecretTags } from './visit-cookie.ts'
import type { VisitEnv } from './visit-env.ts'
import { findVisit } from './visits.ts'

export const visitGate: MiddlewareHandler<VisitEnv> = async (c, next) => {
  const { dbOf, config, now } = c.env.context
  const isPost = c.req.method === 'POST'
  if (isPost && !isSameOrigin(c)) return problem('forbidden')
  const { dataKeys } = config
  const cookie = await readVisitCookie(c, dataKeys)
  const found = cookie.ok
    ? await findVisit(
        dbOf(cookie.value.accountId),
        cookie.value,
        await visitSecretTags(dataKeys, cookie.value.secret),
        now(),
      )
    : cookie
  const byHeader = languageOfHeader(c.req.header('accept-language'))
  if (!found.ok) {
    if (hasVisitCookie(c)) logInfo('cookie.refused', found.error)
    const page = { language: byHeader, exchange: config.exchangeName }
    return respond(visitEndedPage(page), 401)
  }
  const { visit, account, holds, passkeys } = found.value
  const { locale } = account
  c.set('visit', visit)
  c.set('account', account)
  c.set('holds', holds)
  c.set('passkeys', passkeys)
  c.set('db', dbOf(account.accountId))
  c.set('language', locale === null ? byHeader : chooseLanguage([locale]))
  c.set('form', new URLSearchParams(isPost ? await c.req.text() : ''))
  return next()
}
