// /portal/passkeys: what an owner confirms logins with. Adding and removing take a code: whoever got into these pages by a
// stolen session must not make themselves the owner.

import { Hono } from 'hono'
import {
  passkeyUserHandle,
  type RelyingParty,
  registrationOptions,
  relyingPartyOf,
  verifyRegistration,
} from '../../account/passkey-ceremony.ts'
import { openChallenge, sealChallenge } from '../../account/passkey-challenge.ts'
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
import { paths } from '../../paths.ts'
import { decideProof } from '../change/changes.ts'
import { makeChange } from '../change/make-change.ts'
import { type ProofField, proofFacts, proveChange } from '../change/prove.ts'
import { answerUnproven, type Unproven } from '../change/unproven.ts'
import { waitNote } from '../change/wait-note.ts'
import { deviceName } from '../device-name.ts'
import { portalPage, visitBasics } from '../layout.ts'
import { type PageStatus, respond, scriptResponse, seeOther } from '../respond.ts'
import { logVisit, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import { type PasskeyOffer, type PasskeyState, passkeyBody } from './page.ts'
import { PASSKEY_SCRIPT } from './script.ts'

export const passkeyRoutes = new Hono<VisitEnv>()

passkeyRoutes.get(paths.portalPasskeyScript, () => scriptResponse(PASSKEY_SCRIPT))

passkeyRoutes.get(paths.portalPasskeys, (c) => show(c, {}, 200))

passkeyRoutes.post(paths.portalPasskeys, async (c) => {
  const { config, now } = c.env.context
  const { db, account, form, language } = c.var
  const { accountId } = account
  const words = language.portal.passkey
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const sealed = form.get('challenge') ?? ''
  const credential = form.get('credential') ?? ''
  const challenge = await openChallenge(config.dataKeys, purpose(c), sealed, now())
  if (!rp || challenge === null) return refuse(c, 'challenge')
  // Before the code, which would be used up for an answer that is worth nothing.
  const verified = await verifyRegistration(rp, challenge, credential)
  if (!verified.ok) return refuse(c, verified.error.reason)
  const verdict = await proveChange(c, ['passkey_added'])
  if (verdict.kind !== 'proven') {
    return refuseProof(c, verdict, { sealedChallenge: sealed, credential })
  }
  const name = deviceName(c.req.header('user-agent'))
  const passkey = { ...verified.value, accountId, name, createdAt: now(), isDiscoverable: 1 }
  const publicKey = await toPublicPasskey(passkey.publicKey)
  if (!publicKey) return refuse(c, 'key')
  const { credentialId, createdAt } = passkey
  const news = { accountId, credentialId, ...publicKey, rpId: rp.id }
  const isAdded = await makeChange(c, {
    changes: ['passkey_added'],
    proof: verdict.proof,
    callbacks: [await passkeyAddedCallback(news, createdAt)],
    statements: [insertPasskeyStatement(db, passkey)],
    when: canAddPasskeySql(passkey),
  })
  // The same registration once more is no mistake; where there is no place for it, it is.
  const present = isAdded ? [] : await listPasskeys(db, accountId)
  const isThere = present.some(({ credentialId }) => credentialId === passkey.credentialId)
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

/** `kept`: an answer of a device that is good while the code is not. */
function refuseProof(c: VisitContext, verdict: Unproven, kept?: Kept): Promise<Response> {
  return answerUnproven(c, verdict, ({ problem, asked, status }) => {
    const missing = asked && { field: asked.field, ...(kept && { kept }) }
    return show(c, { ...(problem === null ? {} : { problem }), ...missing }, status)
  })
}

/** An answer to a challenge of this visit is worth nothing in another. */
function purpose(c: VisitContext): string {
  const { accountId, visitId } = c.var.visit
  return `passkey-registration/${accountId}/${visitId}`
}

async function refuse(c: VisitContext, reason: string): Promise<Response> {
  await logVisit(c, 'passkey.refused', { reason })
  return show(c, { problem: c.var.language.portal.passkey.failed }, 422)
}

type Kept = Pick<PasskeyOffer, 'sealedChallenge' | 'credential'>

type Shown = {
  readonly problem?: string
  readonly kept?: Kept
  /** For the code that was asked for. */
  readonly field?: ProofField | null
}

async function show(c: VisitContext, shown: Shown, status: PageStatus): Promise<Response> {
  const { config } = c.env.context
  const { db, account, language } = c.var
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const passkeys = await listPasskeys(db, account.accountId)
  const facts = proofFacts(c)
  const asked = decideProof('passkey_added', facts)
  const canAdd = asked !== 'set_up' && asked !== 'frozen' && passkeys.length < PASSKEYS_MAX
  const isAppAsked = asked === 'totp' || decideProof('passkey_removed', facts) === 'totp'
  const state: PasskeyState = {
    passkeys,
    proof: shown.field === undefined ? (isAppAsked ? 'totp' : null) : { field: shown.field },
    needsAuthenticator: asked === 'set_up',
    isFrozen: asked === 'frozen',
    offer: rp && canAdd ? await makeOffer(c, rp, { passkeys, kept: shown.kept }) : null,
    isUnsupported: rp === null,
    problem: shown.problem ?? null,
    waitNote: waitNote(c, 'passkey_added'),
  }
  const { heading } = language.portal.passkey
  const body = passkeyBody(visitBasics(c), state)
  const script = state.offer ? { script: paths.portalPasskeyScript } : {}
  const page = portalPage(c, { heading, current: paths.portalPasskeys, body, ...script })
  return respond(page, status, { hasScript: state.offer !== null })
}

async function makeOffer(
  c: VisitContext,
  rp: RelyingParty,
  { passkeys, kept }: { readonly passkeys: readonly Passkey[]; readonly kept: Kept | undefined },
): Promise<PasskeyOffer> {
  const { config, now, randomBytes } = c.env.context
  const userHandle = await passkeyUserHandle(config.dataKeys, c.var.account.accountId)
  const asked = await registrationOptions(randomBytes, rp, userHandle, passkeys)
  const options = JSON.stringify(asked)
  if (kept) return { options, ...kept }
  const { challenge } = asked
  const sealedChallenge = await sealChallenge(
    randomBytes,
    config.dataKeys,
    purpose(c),
    challenge,
    now(),
  )
  return { options, sealedChallenge, credential: '' }
}
