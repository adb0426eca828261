// /lock: the lock for whoever cannot open the link. GET shows a form and asks nobody; POST counts the try,
// then locks. Without D1 neither the account nor the number of tries is known: then the queue keeps the try.

import { Hono, type Context as HonoContext } from 'hono'
import { type PhoneRefusal, parseKnownPhone } from '../account/phone.ts'
import { FRONT_LIMIT_SECONDS, type FrontLimitContext, frontLimit } from '../guard/front-limit.ts'
import { logInfo } from '../lib/log.ts'
import { limitBody } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECOND_MS } from '../lib/time.ts'
import { pageBasics, seeOther, show } from '../page/respond.ts'
import { lockStatusPath, paths } from '../paths.ts'
import { readReplyCode, readTypedCode } from './code.ts'
import { type CodeVerdict, lockByCode, pageTry } from './code-lock.ts'
import { type CodeForm, codeKeptPage, codePage } from './code-page.ts'
import { mintLockToken } from './link.ts'
import type { LockContext } from './lock-context.ts'
import { takeLock } from './take-lock.ts'

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
  const code = readTypedCode(typed.code)
  // What cannot be right costs no try: the form answers as it does to what is merely wrong.
  if (!phone.ok || code === null) {
    logInfo('typed_code.refused', { via: 'code', reason: 'malformed' })
    const kind = phone.ok ? codeProblem(typed.code) : numberProblem(phone.error)
    return show(codePage(page, typed, { kind }), 422)
  }
  const ip = c.req.header('cf-connecting-ip') ?? 'unknown'
  const attempt = await pageTry(context, { phone: phone.value.e164, code, ip })
  const job = { kind: 'lock_by_code', attempt } as const
  const taken = await takeLock(context, () => lockByCode(context, attempt), job)
  switch (taken.kind) {
    case 'done':
      return showVerdict(c, typed, taken.value)
    case 'kept':
      return show(codeKeptPage(page), 202)
    case 'lost':
      return show(codePage(page, typed, { kind: 'failed' }), 503, { 'retry-after': '2' })
  }
})

function numberProblem(refusal: PhoneRefusal): 'not_international' | 'not_mobile' {
  return refusal === 'not_international' ? refusal : 'not_mobile'
}

function codeProblem(typed: string): 'reply_code' | 'refused' {
  return readReplyCode(typed) === null ? 'refused' : 'reply_code'
}

async function showVerdict(
  c: HonoContext<RouteEnv<CodeContext>>,
  typed: CodeForm,
  verdict: CodeVerdict,
): Promise<Response> {
  const page = pageBasics(c)
  switch (verdict.kind) {
    case 'refused':
      return show(codePage(page, typed, verdict), 422)
    case 'limited':
      return limited(c, typed, verdict.retryAfterMs)
    case 'locked':
      return seeOther(
        lockStatusPath(await mintLockToken(c.env.context.config.linkKeys, verdict.claims)),
      )
  }
}

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
