// /l/{token}/confirm: "it was me", said with a passkey. GET shows a button and does nothing; POST believes
// nothing but a verified answer: whoever has the link alone can lock, and cannot confirm. What holds withdrawals by itself
// ends with it, where the proof is old enough (release/); a lock's hold is never touched.

import { Hono, type Context as HonoContext } from 'hono'
import { offerAssertion, verifyAnswer } from '../account/passkey-answer.ts'
import { relyingPartyOf } from '../account/passkey-ceremony.ts'
import { within } from '../lib/deadline.ts'
import { errorFields, logError, logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import { limitBody } from '../lib/refuse-body.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { MINUTE_MS } from '../lib/time.ts'
import { LOCK_DEADLINE_MS, scriptPageHeaders, show } from '../page/respond.ts'
import { isSameOrigin } from '../page/same-origin.ts'
import { fillWait } from '../page/words.ts'
import { paths } from '../paths.ts'
import { type ConfirmFacts, findConfirmFacts } from './confirm-facts.ts'
import { confirmedPage, confirmPage, noConfirmPage, waitsText } from './confirm-page.ts'
import { CONFIRM_SCRIPT } from './confirm-script.ts'
import { confirmSession } from './confirm-session.ts'
import { countPasskeyTry } from './confirm-tries.ts'
import type { LockClaims } from './link-facts.ts'
import type { LockContext } from './lock-context.ts'
import { invalidLinkPage, unavailableText } from './page.ts'
import type { Visitor } from './release/answer-release.ts'
import { answerRelease, type FreshLook, showRelease } from './release/answer-release.ts'
import { releasedPage } from './release/release-page.ts'
import { wasReleased } from './release/was-released.ts'
import { refuseExpired, withClaims } from './with-claims.ts'

const BODY_MAX_KIB = 16

export const confirmRoutes = new Hono<RouteEnv<LockContext>>()

type OpenFacts = Extract<ConfirmFacts, { kind: 'open' }>
type ReleaseFacts = Extract<ConfirmFacts, { kind: 'release' }>

confirmRoutes.get(paths.lockConfirm, (c) =>
  withVisitor(c, async (visitor) => {
    const facts = await readFacts(visitor)
    switch (facts.kind) {
      case 'open':
        return offer(visitor, facts)
      case 'release':
        return showRelease(visitor, facts.release)
      default:
        return showSettled(visitor, facts)
    }
  }),
)

confirmRoutes.post(paths.lockConfirm, limitBody(BODY_MAX_KIB), (c) =>
  withVisitor(c, async (visitor) => {
    if (!isSameOrigin(c)) return problem('forbidden')
    const form = new URLSearchParams(await c.req.text())
    const facts = await readFacts(visitor)
    switch (facts.kind) {
      case 'open':
        return (await findDone(visitor, form)) ?? answer(visitor, facts, form)
      case 'release':
        return answerRelease(visitor, facts, { form, lookAgain: () => lookAgain(visitor, form) })
      default:
        return (await findDone(visitor, form)) ?? showSettled(visitor, facts)
    }
  }),
)

confirmRoutes.get(paths.lockConfirmScript, (c) =>
  c.body(CONFIRM_SCRIPT, 200, {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-cache',
  }),
)

/** The visitor of a genuine link that tells of a login; D1 away becomes a page that says so. */
function withVisitor(
  c: HonoContext<RouteEnv<LockContext>, typeof paths.lockConfirm>,
  handle: (visitor: Visitor) => Promise<Response>,
): Promise<Response> {
  const context = c.env.context
  const visit =
    (answer: typeof handle): Parameters<typeof withClaims>[1] =>
    async (claims, basics, token) => {
      const { alertNumber } = claims
      if (alertNumber === 0) return show(invalidLinkPage(basics), 404)
      const page = { ...basics, token, alertNumber }
      try {
        const ip = c.req.header('cf-connecting-ip') ?? 'unknown'
        return await answer({ context, claims, page, ip })
      } catch (error) {
        logError('request.failed', errorFields(error))
        const text = unavailableText(page, c.req.method === 'POST')
        return show(noConfirmPage(page, text), 503, { 'retry-after': '2' })
      }
    }
  // Expiry bars the lock. What holds for longer than a link lives, its owner still ends here, by a proof.
  const expired = visit(async (visitor) => {
    const { kind } = await readFacts(visitor)
    const { page } = visitor
    return kind === 'release' ? handle(visitor) : refuseExpired(c, page, page.token)
  })
  return withClaims(c, visit(handle), expired)
}

function readFacts({ context, claims }: Visitor): Promise<ConfirmFacts> {
  return within(
    context.after,
    LOCK_DEADLINE_MS,
    findConfirmFacts(
      context.dbOf(claims.accountId),
      claims,
      context.now(),
      context.config.liftPolicy,
    ),
  )
}

/** Null where the owner has not ended it before. */
async function findDone(visitor: Visitor, form: URLSearchParams): Promise<Response | null> {
  const { accountId } = visitor.claims
  const isDone = await wasReleased(visitor.context.dbOf(accountId), accountId, form)
  return isDone ? show(releasedPage(visitor.page), 200) : null
}

/** After an answer that came to nothing: what there is to see now, or what is still to be ended. */
async function lookAgain(visitor: Visitor, form: URLSearchParams): Promise<FreshLook> {
  const facts = await readFacts(visitor)
  if (facts.kind === 'release') return facts
  const done = await findDone(visitor, form)
  if (done) return { kind: 'settled', response: done }
  const settled = facts.kind === 'open' ? ({ kind: 'unknown' } as const) : facts
  return { kind: 'settled', response: await showSettled(visitor, settled) }
}

function showSettled({ page }: Visitor, facts: Exclude<ConfirmFacts, OpenFacts | ReleaseFacts>) {
  const { confirm: words } = page.language.portal
  switch (facts.kind) {
    case 'confirmed':
      return show(confirmedPage(page), 200)
    case 'ended':
      return show(noConfirmPage(page, words.ended), 409)
    case 'held':
      return show(noConfirmPage(page, words.held), 409)
    case 'waits':
      return show(noConfirmPage(page, waitsText(page, facts.until)), 409)
    case 'unknown':
      return show(noConfirmPage(page, words.failed), 409)
  }
}

/** The button, or why there is none; each look gets a challenge of its own. */
async function offer(
  { context, claims, page }: Visitor,
  { login, passkeys, waitsUntil }: OpenFacts,
  refused: { readonly problem: string; readonly status: 422 | 429 } | null = null,
): Promise<Response> {
  const { confirm, passkey } = page.language.portal
  const { config } = context
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const status = refused?.status ?? 200
  if (!rp) return show(noConfirmPage(page, passkey.unsupported), status)
  if (passkeys.length === 0) {
    const text = waitsUntil === null ? confirm.noPasskey : waitsText(page, waitsUntil)
    return show(noConfirmPage(page, text), status)
  }
  const asked = await offerAssertion(context, rp, { purpose: purpose(claims), passkeys })
  const markup = confirmPage(page, login, {
    ...asked,
    problem: refused?.problem ?? null,
    waitsUntil,
  })
  return show(markup, status, await scriptPageHeaders())
}

/** An answer to one link's challenge is worth nothing at another's. */
function purpose({ accountId, alertNumber, expiresAtSeconds }: LockClaims): string {
  return `passkey-confirmation/${accountId}/${alertNumber}/${expiresAtSeconds}`
}

async function answer(
  visitor: Visitor,
  facts: OpenFacts,
  form: URLSearchParams,
): Promise<Response> {
  const { context, claims, page } = visitor
  const { common, confirm } = page.language.portal
  const counted = await countPasskeyTry(context, { accountId: claims.accountId, ip: visitor.ip })
  if (!counted.isAllowed) {
    const text = fillWait(page.language, common.tooManyTries, counted.retryAfterMs, MINUTE_MS)
    return offer(visitor, facts, { problem: text, status: 429 })
  }
  const { passkeys } = facts
  const answered = await verifyAnswer(context, { purpose: purpose(claims), passkeys }, form)
  if (!answered.ok) {
    logInfo('passkey.refused', { account_id: claims.accountId, reason: answered.error.reason })
    return offer(visitor, facts, { problem: confirm.failed, status: 422 })
  }
  if (await confirmSession(context, facts.login, answered.value.use))
    return show(confirmedPage(page), 200)
  // Another request was first, or a lock.
  const settled = await lookAgain(visitor, form)
  return settled.kind === 'settled' ? settled.response : showRelease(visitor, settled.release)
}
