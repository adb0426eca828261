// /lock: the lock for whoever cannot open the link, by number and code or by a passkey. GET shows forms and asks nobody; POST
// counts the try, then locks. Without D1 neither the account nor the number of tries is known: then the queue keeps the try.

import { Hono, type Context as HonoContext } from 'hono'
import { type PhoneRefusal, parseKnownPhone } from '../account/phone.ts'
import { FRONT_LIMIT_SECONDS, type FrontLimitContext, frontLimit } from '../guard/front-limit.ts'
import { logInfo } from '../lib/log.ts'
import { limitBody } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { SECOND_MS } from '../lib/time.ts'
import { type PageStatus, pageBasics, scriptPageHeaders, seeOther, show } from '../page/respond.ts'
import { lockStatusPath, paths } from '../paths.ts'
import { readReplyCode, readTypedCode } from './code.ts'
import { type CodeVerdict, lockByCode, pageTry } from './code-lock.ts'
import {
  type CodeForm,
  type CodeProblem,
  codeKeptPage,
  codePage,
  NOTHING_TYPED,
} from './code-page.ts'
import { mintLockToken } from './link.ts'
import type { LockContext } from './lock-context.ts'
import { lockByPasskey, passkeyTry } from './passkey/lock-by-passkey.ts'
import { offerPasskeyLock } from './passkey/offer-passkey.ts'
import { takeLock } from './take-lock.ts'
import { showKept, showLockOrAsked } from './way-answer.ts'

const BODY_MAX_KIB = 4
/** A browser's answer may have an attestation's length. */
const PASSKEY_BODY_MAX_KIB = 16

type CodeContext = LockContext & FrontLimitContext
type CodeHono = HonoContext<RouteEnv<CodeContext>>

export const codeRoutes = new Hono<RouteEnv<CodeContext>>()

codeRoutes.get(paths.lockByCode, (c) => showForms(c, 200))

codeRoutes.post(paths.lockByCode, limitBody(BODY_MAX_KIB), frontLimit('lock', busy), async (c) => {
  const context = c.env.context
  const form = new URLSearchParams(await c.req.text())
  const typed = { phone: form.get('phone') ?? '', code: form.get('code') ?? '' }
  const phone = parseKnownPhone(typed.phone)
  const code = readTypedCode(typed.code)
  // What cannot be right costs no try: the form answers as it does to what is merely wrong.
  if (!phone.ok || code === null) {
    logInfo('typed_code.refused', { via: 'code', reason: 'malformed' })
    const kind = phone.ok ? codeProblem(typed.code) : numberProblem(phone.error)
    return showForms(c, 422, { kind }, typed)
  }
  const attempt = await pageTry(context, { phone: phone.value.e164, code, ip: addressOf(c) })
  const job = { kind: 'lock_by_code', attempt } as const
  const taken = await takeLock(context, () => lockByCode(context, attempt), job)
  switch (taken.kind) {
    case 'done':
      return showVerdict(c, typed, taken.value)
    case 'kept':
      return show(codeKeptPage(pageBasics(c)), 202)
    case 'lost':
      return showForms(c, 503, { kind: 'failed' }, typed)
  }
})

codeRoutes.post(
  paths.lockByPasskey,
  limitBody(PASSKEY_BODY_MAX_KIB),
  frontLimit('lock', busy),
  async (c) => {
    const context = c.env.context
    const form = new URLSearchParams(await c.req.text())
    const attempt = await passkeyTry(context, form, addressOf(c))
    if (attempt === null) {
      logInfo('passkey.refused', { reason: 'malformed' })
      return showForms(c, 422, { kind: 'passkey' })
    }
    const job = { kind: 'lock_by_passkey', ...attempt } as const
    const taken = await takeLock(context, () => lockByPasskey(context, attempt), job)
    switch (taken.kind) {
      case 'done':
        if (taken.value.kind === 'locked') return showLockOrAsked(c, taken.value)
        return taken.value.kind === 'limited'
          ? limited(c, NOTHING_TYPED, taken.value.retryAfterMs)
          : showForms(c, 422, { kind: 'passkey' })
      case 'kept':
        return showKept(c, null)
      case 'lost':
        return showForms(c, 503, { kind: 'failed' })
    }
  },
)

function addressOf(c: CodeHono): string {
  return c.req.header('cf-connecting-ip') ?? 'unknown'
}

/** Both forms, each time with a challenge of its own for the passkey. */
async function showForms(
  c: CodeHono,
  status: PageStatus,
  problem: CodeProblem | null = null,
  typed: CodeForm = NOTHING_TYPED,
): Promise<Response> {
  const offer = await offerPasskeyLock(c.env.context)
  const actions = c.env.context.config.lockActions
  const retryAfter = problem === null ? null : retryAfterOf(problem)
  return show(codePage(pageBasics(c), { typed, problem, offer, actions }), status, {
    ...(offer !== null && (await scriptPageHeaders())),
    ...(retryAfter !== null && { 'retry-after': retryAfter }),
  })
}

function retryAfterOf(problem: CodeProblem): string | null {
  if (problem.kind === 'failed') return '2'
  return problem.kind === 'limited' ? String(Math.ceil(problem.retryAfterMs / SECOND_MS)) : null
}

function numberProblem(refusal: PhoneRefusal): 'not_international' | 'not_mobile' {
  return refusal === 'not_international' ? refusal : 'not_mobile'
}

function codeProblem(typed: string): 'reply_code' | 'refused' {
  return readReplyCode(typed) === null ? 'refused' : 'reply_code'
}

async function showVerdict(c: CodeHono, typed: CodeForm, verdict: CodeVerdict): Promise<Response> {
  switch (verdict.kind) {
    case 'refused':
      return showForms(c, 422, verdict, typed)
    case 'limited':
      return limited(c, typed, verdict.retryAfterMs)
    case 'asked':
      return showLockOrAsked(c, verdict)
    case 'locked':
      return seeOther(
        lockStatusPath(await mintLockToken(c.env.context.config.linkKeys, verdict.claims)),
      )
  }
}

function limited(c: CodeHono, typed: CodeForm, retryAfterMs: number): Promise<Response> {
  return showForms(c, 429, { kind: 'limited', retryAfterMs }, typed)
}

/** Nothing was read: what was typed is lost. */
function busy(c: CodeHono): Promise<Response> {
  return limited(c, NOTHING_TYPED, FRONT_LIMIT_SECONDS * SECOND_MS)
}
