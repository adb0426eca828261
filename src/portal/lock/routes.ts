// POST /portal/lock: the owner's button. Stands before the pages' door, since the door needs D1 and the lock must not: that
// the cookie is ours is seen here, that its visit goes on by the lock itself, at once or from the queue.

import { Hono } from 'hono'
import { html } from 'hono/html'
import { randomId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { problem } from '../../lib/problem.ts'
import { limitBody } from '../../lib/refuse-body.ts'
import { takeLock } from '../../lock/take-lock.ts'
import { pageBasics } from '../../page/respond.ts'
import { isSameOrigin } from '../../page/same-origin.ts'
import { paths } from '../../paths.ts'
import { barePage, problemNote } from '../layout.ts'
import { respond, seeOther } from '../respond.ts'
import { visitEndedPage } from '../visit/entry-page.ts'
import { hasVisitCookie, readVisitCookie, visitSecretTags } from '../visit/visit-cookie.ts'
import type { VisitEnv } from '../visit/visit-env.ts'
import { lockByVisit } from './lock-by-visit.ts'

const FORM_MAX_KIB = 16

export const portalLockRoutes = new Hono<VisitEnv>()

portalLockRoutes.post(paths.portalLock, limitBody(FORM_MAX_KIB), async (c) => {
  const { context } = c.env
  if (!isSameOrigin(c)) return problem('forbidden')
  const page = pageBasics(c)
  const { dataKeys } = context.config
  const cookie = await readVisitCookie(c, dataKeys)
  if (!cookie.ok) {
    if (hasVisitCookie(c)) logInfo('cookie.refused', cookie.error)
    return respond(visitEndedPage(page), 401)
  }
  const { accountId, visitId, secret } = cookie.value
  const [secretTag, ...olderSecretTags] = await visitSecretTags(dataKeys, secret)
  const press = {
    ...{ accountId, visitId, secretTag, olderSecretTags },
    lockId: randomId(context.randomBytes, 'lck'),
    lockedAt: context.now(),
  }
  const job = { kind: 'lock_by_visit', ...press } as const
  const taken = await takeLock(context, () => lockByVisit(context, press), job)
  const words = page.language.lock
  switch (taken.kind) {
    case 'done':
      return taken.value.ok ? seeOther(paths.portalHold) : respond(visitEndedPage(page), 401)
    case 'kept': {
      // Kept, no more: whether the visit goes on is not known.
      const body = html`<p role="status">${words.visitKept}</p>
        <p><a href="${paths.portalHold}">${words.refreshNow}</a></p>`
      return respond(barePage(page, words.title, body), 202)
    }
    case 'lost': {
      const body = html`${problemNote(words.failed)}
        <form method="post"><button type="submit">${words.retryButton}</button></form>`
      return respond(barePage(page, words.failedHeading, body), 503, {
        headers: { 'retry-after': '2' },
      })
    }
  }
})
