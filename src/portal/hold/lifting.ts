// Who may end a hold early, on the owner's page of it: what is shown, the owner's signature, and the owner's choice. The
// choice can only be stricter than the deployment's; to take it back needs a passkey that is not new, while nothing is held.

import { sql } from 'drizzle-orm'
import { isOldEnough } from '../../account/owner-proofs.ts'
import { setOwnerLiftsStatement } from '../../account/preferences.ts'
import { countTry, limitScope } from '../../guard/limits.ts'
import { HOUR_MS } from '../../lib/time.ts'
import type { HoldState } from '../../lock/hold-state.ts'
import { decideLift } from '../../lock/lift/decide-lift.ts'
import { findLiftsStatement, findOpenLifts, stopLiftsStatement } from '../../lock/lift/lifts.ts'
import { type HeldAccount, readHeldAccount, readWhose } from '../../lock/lift/running-holds.ts'
import { liftBySignature, offerLift, signableHold } from '../../lock/lift/signed-lift.ts'
import { isHeldByAnySql } from '../../lock/refuse-held.ts'
import type { Markup } from '../../page/markup.ts'
import { paths } from '../../paths.ts'
import { makeChange } from '../change/make-change.ts'
import { proveChange } from '../change/prove.ts'
import { offerPasskey } from '../change/prove-passkey.ts'
import { answerUnproven } from '../change/unproven.ts'
import { tooManyTries, visitBasics } from '../layout.ts'
import { type PageStatus, seeOther } from '../respond.ts'
import { logVisit, type VisitContext } from '../visit/visit-env.ts'
import { type LiftPress, type LiftRule, liftPart, ruleNeeds, stopPart } from './lift-part.ts'
import type { EndedBy } from './page.ts'

type Show = (c: VisitContext, press: LiftPress, status: PageStatus) => Promise<Response>

/** Nobody guesses a signature: this bounds what checking them costs. */
const TRIES_PER_HOUR = 20

type ShownLifting = {
  /** Above all else on the page. */
  readonly stop: Markup | ''
  readonly markup: Markup
  readonly hasScript: boolean
  readonly endedBy: EndedBy
}

/** `running`: what holds, as the page has read it. */
export async function readLifting(
  c: VisitContext,
  running: HoldState,
  press: LiftPress | null,
): Promise<ShownLifting> {
  const { context } = c.env
  const { config, now } = context
  const { db } = c.var
  const { accountId, visitId } = c.var.visit
  const [open, held] = await Promise.all([
    findOpenLifts(db, accountId),
    readWhose(db, accountId, running, now()),
  ])
  const hold = signableHold(config, held)
  const offer = hold && (await offerLift(context, hold, visitId))
  const rule = await readRule(c, held)
  const [next] = open
  // Who may end a hold early says nothing of one that nobody ends.
  const shown: LiftRule = held.isPlanned ? { kind: 'fixed' } : rule
  const lifting = { offer, rule: shown, press }
  return {
    stop: stopPart(visitBasics(c), next?.dueAt ?? null),
    markup: liftPart(visitBasics(c), lifting),
    hasScript: offer !== null || (shown.kind === 'closed' && typeof shown.offer !== 'string'),
    endedBy: hold === null ? 'exchange' : await whoEnds(c, held, hold.holdId),
  }
}

/** Of a hold that its owner may sign away. */
async function whoEnds(c: VisitContext, held: HeldAccount, holdId: string): Promise<EndedBy> {
  const { db, visit } = c.var
  // It has a passkey that is old enough: what was erased before that decides nothing.
  const facts = { ...held, erasedAt: null }
  if (decideLift(c.env.context.config, facts).kind !== 'later') return 'owner'
  const lifts = await findLiftsStatement(db, visit.accountId, [holdId])
  return lifts.some(({ ended }) => ended === 'stopped') ? 'owner' : 'both'
}

async function readRule(
  c: VisitContext,
  { passkeys, account, holds, isPlanned }: HeldAccount,
): Promise<LiftRule> {
  const { config, now } = c.env.context
  if (account?.ownerLifts !== 1) {
    if (config.liftPolicy === 'owner' && config.liftDelayHours === 0) return { kind: 'fixed' }
    const at = now()
    const canClose = passkeys.some(({ createdAt }) => isOldEnough(createdAt, at))
    return { kind: 'open', canClose }
  }
  // What holds now is ended by what was asked for when it began.
  if (holds.length > 0 || isPlanned) return { kind: 'closed', offer: 'frozen' }
  return { kind: 'closed', offer: (await offerPasskey(c)) ?? 'none' }
}

/** POST: the owner's signature. */
export async function liftBySigning(c: VisitContext, show: Show): Promise<Response> {
  const { context } = c.env
  const { config, now } = context
  const { db, form, language } = c.var
  const { accountId, visitId } = c.var.visit
  const refuse = (problem: string, status: PageStatus) => show(c, { form: 'lift', problem }, status)
  const hold = signableHold(config, await readHeldAccount(db, accountId, now()))
  if (!hold) return seeOther(paths.portalHold)
  const scope = await limitScope(config.dataKeys, 'lift-account', accountId)
  const limit = { scope, max: TRIES_PER_HOUR, windowMs: HOUR_MS }
  const counted = await countTry(db, [limit], now())
  if (!counted.isAllowed) return refuse(tooManyTries(language, counted.retryAfterMs), 429)
  const lifted = await liftBySignature(context, hold, { visitId, form })
  if (lifted.ok) return seeOther(paths.portalHold, 'lifted')
  await logVisit(c, 'passkey.refused', { reason: lifted.error })
  const isLate = lifted.error === 'too_late' || lifted.error === 'other_hold'
  return refuse(language.portal.passkey.failed, isLate ? 409 : 422)
}

/** POST: `rule` is `owner` or `policy`. */
export async function changeRule(c: VisitContext, show: Show): Promise<Response> {
  const { now } = c.env.context
  const { db, form, language } = c.var
  const { accountId } = c.var.visit
  const isClosing = form.get('rule') === 'owner'
  const held = await readHeldAccount(db, accountId, now())
  const rule = await readRule(c, held)
  if (rule.kind === 'fixed' || isClosing !== (rule.kind === 'open'))
    return seeOther(paths.portalHold)
  const refuse = (problem: string | null, status: PageStatus) =>
    show(c, { form: 'rule', problem }, status)
  if (rule.kind === 'closed' && rule.offer === 'frozen') {
    return refuse(language.portal.common.frozen, 409)
  }
  if (rule.kind === 'open' && !rule.canClose) return refuse(ruleNeeds(language), 422)
  const change = isClosing ? 'lift_by_owner' : 'lift_by_policy'
  const verdict = await proveChange(c, [change])
  if (verdict.kind !== 'proven') {
    return answerUnproven(c, verdict, ({ problem, asked, status }) =>
      show(c, { form: 'rule', problem, ...(asked && { asked }) }, status),
    )
  }
  const stop = isClosing ? [stopLiftsStatement(db, accountId, now())] : []
  await makeChange(c, {
    changes: [change],
    proof: verdict.proof,
    statements: [setOwnerLiftsStatement(db, accountId, isClosing, now()), ...stop],
    // A hold that has begun since is ended by what was asked for before it.
    ...(isClosing ? {} : { when: sql`NOT ${isHeldByAnySql(accountId, now())}` }),
  })
  return seeOther(paths.portalHold, 'saved')
}
