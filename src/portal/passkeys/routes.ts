// /portal/passkeys: what an owner confirms logins with. Adding and removing take a code: whoever got into these pages by a
// stolen session must not make themselves the owner. Beside a passkey, and without an app, none is added by a code: a passkey
// that is there is asked for first (prove), and only its answer opens the registration of another (registration.ts).

import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { relyingPartyOf, verifyRegistration } from '../../account/passkey-ceremony.ts'
import { toPublicPasskey } from '../../account/passkey-jwk.ts'
import {
  canAddPasskeySql,
  hasPasskeySql,
  insertPasskeyStatement,
  listPasskeys,
  PASSKEYS_MAX,
  type Passkey,
  removePasskeyStatements,
} from '../../account/passkeys.ts'
import { passkeyAddedCallback } from '../../exchange/passkey-added.ts'
import { isRememberedSql, rememberStatement } from '../../guard/limits.ts'
import { paths } from '../../paths.ts'
import { decideProof } from '../change/changes.ts'
import { makeChange } from '../change/make-change.ts'
import { type ProofField, type ProofVerdict, proofFacts, proveChange } from '../change/prove.ts'
import { offerPasskey, usedScope } from '../change/prove-passkey.ts'
import { isStillProvenSql } from '../change/still-proven.ts'
import { answerUnproven, type Unproven } from '../change/unproven.ts'
import { waitNote } from '../change/wait-note.ts'
import { deviceName } from '../device-name.ts'
import { portalPage, visitBasics } from '../layout.ts'
import { type PageStatus, respond, scriptResponse, seeOther } from '../respond.ts'
import { logVisit, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import { type PasskeyState, passkeyBody } from './page.ts'
import { type Kept, offerRegistration, openRegistration } from './registration.ts'
import { PASSKEY_SCRIPT } from './script.ts'

export const passkeyRoutes = new Hono<VisitEnv>()

passkeyRoutes.get(paths.portalPasskeyScript, () => scriptResponse(PASSKEY_SCRIPT))

passkeyRoutes.get(paths.portalPasskeys, (c) => show(c, {}, 200))

/** The first of two steps: the device that adds another is often another one, and must not be asked in vain. */
passkeyRoutes.post(paths.portalPasskeysProve, async (c) => {
  if (decideProof('passkey_added', proofFacts(c)) !== 'own_passkey') {
    return seeOther(paths.portalPasskeys)
  }
  const verdict = await proveChange(c, ['passkey_added'])
  if (verdict.kind === 'proven') return show(c, { provenBy: verdict.credentialId ?? null }, 200)
  return answerUnproven(c, verdict, ({ problem, status }) =>
    show(c, problem === null ? {} : { problem }, status),
  )
})

passkeyRoutes.post(paths.portalPasskeys, async (c) => {
  const { config, now } = c.env.context
  const { db, account, form, language } = c.var
  const { accountId } = account
  const words = language.portal.passkey
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const sealedChallenge = form.get('challenge') ?? ''
  const credential = form.get('credential') ?? ''
  const provenBy = form.get('proven_by')
  const challenge = await openRegistration(c, { sealedChallenge, provenBy })
  if (!rp || challenge === null) return refuse(c, 'challenge')
  // Before the code, which would be used up for an answer that is worth nothing.
  const verified = await verifyRegistration(rp, challenge, credential)
  if (!verified.ok) return refuse(c, verified.error.reason)
  // The same registration once more is no mistake, whatever a further one takes by now.
  const isOf = (passkey: Pick<Passkey, 'credentialId'>) =>
    passkey.credentialId === verified.value.credentialId
  if (c.var.passkeys.some(isOf)) return seeOther(paths.portalPasskeys, 'passkey_added')
  const verdict = await proveAdding(c, provenBy)
  if (verdict.kind !== 'proven') {
    return refuseProof(c, verdict, { sealedChallenge, credential, provenBy })
  }
  const name = deviceName(c.req.header('user-agent'))
  const passkey = { ...verified.value, accountId, name, createdAt: now(), isDiscoverable: 1 }
  const publicKey = await toPublicPasskey(passkey.publicKey)
  if (!publicKey) return refuse(c, 'key')
  const { credentialId, createdAt } = passkey
  const news = { accountId, credentialId, ...publicKey, rpId: rp.id }
  // What a passkey has opened adds one: this challenge is used up by it.
  const used = await usedScope(c, challenge)
  const when = sql`${canAddPasskeySql(passkey)} AND ${isStillProvenSql(accountId, verdict)}
    AND NOT ${isRememberedSql([used])}`
  const isAdded = await makeChange(c, {
    changes: ['passkey_added'],
    proof: verdict.proof,
    callbacks: [await passkeyAddedCallback(news, createdAt)],
    statements: [insertPasskeyStatement(db, passkey, when), rememberStatement(db, used, now())],
    when,
  })
  // As when another request was quicker; where there is no place for it, it is one.
  const isThere = !isAdded && (await listPasskeys(db, accountId)).some(isOf)
  if (!isAdded && !isThere) return show(c, { problem: words.failed }, 422)
  return seeOther(paths.portalPasskeys, 'passkey_added')
})

passkeyRoutes.post(paths.portalPasskeysRemove, async (c) => {
  const { db, account, form } = c.var
  const verdict = await proveChange(c, ['passkey_removed'])
  if (verdict.kind !== 'proven') return refuseProof(c, verdict)
  const key = { accountId: account.accountId, credentialId: form.get('credential_id') ?? '' }
  const isRemoved = await makeChange(c, {
    changes: ['passkey_removed'],
    proof: verdict.proof,
    statements: [...removePasskeyStatements(db, key, c.env.context.now())],
    when: hasPasskeySql(key),
  })
  return seeOther(paths.portalPasskeys, isRemoved ? 'passkey_removed' : undefined)
})

/** The second step is proven by the first, and by nothing that is typed. */
async function proveAdding(c: VisitContext, provenBy: string | null): Promise<ProofVerdict> {
  if (decideProof('passkey_added', proofFacts(c)) !== 'own_passkey') {
    return proveChange(c, ['passkey_added'])
  }
  if (provenBy !== null) return { kind: 'proven', proof: 'passkey', credentialId: provenBy }
  return { kind: 'asked', field: null, problem: null, status: 422 }
}

/** `kept`: an answer of a device that is good while the code is not. */
function refuseProof(c: VisitContext, verdict: Unproven, kept?: Kept): Promise<Response> {
  return answerUnproven(c, verdict, ({ problem, asked, status }) => {
    const missing = asked && { field: asked.field, ...(kept && { kept }) }
    return show(c, { ...(problem === null ? {} : { problem }), ...missing }, status)
  })
}

async function refuse(c: VisitContext, reason: string): Promise<Response> {
  await logVisit(c, 'passkey.refused', { reason })
  return show(c, { problem: c.var.language.portal.passkey.failed }, 422)
}

type Shown = {
  readonly problem?: string
  readonly kept?: Kept
  /** The passkey that has just proven that another may be added. */
  readonly provenBy?: string | null
  /** For the code that was asked for. */
  readonly field?: ProofField | null
}

async function show(c: VisitContext, shown: Shown, status: PageStatus): Promise<Response> {
  const { config } = c.env.context
  const { language, passkeys } = c.var
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const facts = proofFacts(c)
  const asked = decideProof('passkey_added', facts)
  const canAdd = asked !== 'set_up' && asked !== 'frozen' && passkeys.length < PASSKEYS_MAX
  const provenBy = shown.provenBy ?? null
  const isToProve = asked === 'own_passkey' && provenBy === null
  const isAppAsked = asked === 'totp' || decideProof('passkey_removed', facts) === 'totp'
  const state: PasskeyState = {
    passkeys,
    proof: shown.field === undefined ? (isAppAsked ? 'totp' : null) : { field: shown.field },
    needsAuthenticator: asked === 'set_up',
    isFrozen: asked === 'frozen',
    offer:
      rp && canAdd && !isToProve
        ? await offerRegistration(c, rp, { kept: shown.kept ?? null, provenBy })
        : null,
    toProve: rp && canAdd && isToProve ? await offerPasskey(c, 'passkey_added') : null,
    isUnsupported: rp === null,
    problem: shown.problem ?? null,
    // Of either: one that is added holds as one that is removed does.
    waitNote: waitNote(c, 'passkey_added'),
  }
  const { heading } = language.portal.passkey
  const body = passkeyBody(visitBasics(c), state)
  // Which of the two ceremonies the button begins; that of a passkey there is comes with the page "it was me".
  const ofProof = state.toProve ? paths.lockConfirmScript : null
  const script = state.offer ? paths.portalPasskeyScript : ofProof
  const files = script === null ? {} : { script }
  const page = portalPage(c, { heading, current: paths.portalPasskeys, body, ...files })
  return respond(page, status, { hasScript: script !== null })
}
