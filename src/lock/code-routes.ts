// /lock: the lock for whoever cannot open the link. GET shows a form and asks nobody; POST counts the try,
// then locks. Needs D1: without it, neither the account nor the number of tries is known.

import { Hono, type Context as HonoContext } from 'hono'
import { parseKnownPhone } from '../account/phone.ts'
import { FRONT_LIMIT_SECONDS, type FrontLimitContext, frontLimit } from '../guard/front-limit.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { limitBody } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECOND_MS } from '../lib/time.ts'
import { LOCK_DEADLINE_MS, pageBasics, show } from '../page/respond.ts'
import { lockStatusPath, paths } from '../paths.ts'
import { readLockCode } from './code.ts'
import { type CodeVerdict, lockByCode } from './code-lock.ts'
import { type CodeForm, codePage } from './code-page.ts'
import { mintLockToken } from './link.ts'
import type { LockContext } from './lock-context.ts'
import { lockStatePage } from './page.ts'

const BODY_MAX_KIB = 4

type CodeContext = LockContext & FrontLimitContext

export const codeRoutes = new Hono<RouteEnv<CodeContext>>()

codeRoutes.get(paths.lockByCode, (c) => show(codePage(pageBasics(c)), 200))

codeRoutes.post(paths.lockByCode, limitBody(BODY_MAX_KIB), frontLimit('lock', busy), async (c) => {
  const context = c.env.context
  const page = pageBasics(c)
  const form = new URLSearchParams(await c.req.text())
  const typed = { phone: form.get('phone') ?? '', code: form.get('code') ?? '' }
  const phone = parseKnownPhone(typed.phone)
  const code = readLockCode(typed.code)
  // What cannot be right costs no try: the form answers as it does to what is merely wrong.
  if (!phone.ok || code === null) {
    logInfo('typed_code.refused', { via: 'code', reason: 'malformed' })
    return show(codePage(page, typed, { kind: 'refused' }), 422)
  }

  const attempt = {
    phone: phone.value.e164,
    code,
    via: 'code',
    ip: c.req.header('cf-connecting-ip') ?? 'unknown',
  } as const
  let verdict: CodeVerdict
  try {
    verdict = await within(context.after, LOCK_DEADLINE_MS, lockByCode(context, attempt))
  } catch (error) {
    logError('request.failed', errorFields(error))
    return show(codePage(page, typed, { kind: 'failed' }), 503, { 'retry-after': '2' })
  }
  switch (verdict.kind) {
    case 'refused':
      return show(codePage(page, typed, verdict), 422)
    case 'limited':
      return limited(c, typed, verdict.retryAfterMs)
    case 'locked': {
      const token = await mintLockToken(context.config.linkKeys, verdict.claims)
      const state = { lock: verdict.lock, confirmedAt: null }
      return show(lockStatePage(page, state, lockStatusPath(token), context.now()), 200)
    }
  }
})

function limited(
  c: HonoContext<RouteEnv<CodeContext>>,
  typed: CodeForm,
  retryAfterMs: number,
): Promise<Response> {
  const page = codePage(pageBasics(c), typed, { kind: 'limited', retryAfterMs })
  return show(page, 429, { 'retry-after': String(Math.ceil(retryAfterMs / SECOND_MS)) })
}

/** Nothing was read: what was typed is lost. */
function busy(c: HonoContext<RouteEnv<CodeContext>>): Promise<Response> {
  return limited(c, { phone: '', code: '' }, FRONT_LIMIT_SECONDS * SECOND_MS)
}
