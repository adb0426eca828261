// /portal/passkeys: what an owner confirms logins with. Adding and removing take a TOTP code: whoever got
// into these pages by a stolen session must not make themselves the owner.

import { Hono } from 'hono'
import {
  passkeyUserHandle,
  type RelyingParty,
  registrationOptions,
  relyingPartyOf,
  verifyRegistration,
} from '../../account/passkey-ceremony.ts'
import { openChallenge, sealChallenge } from '../../account/passkey-challenge.ts'
import { listPasskeys, PASSKEYS_MAX, type Passkey, removePasskey } from '../../account/passkeys.ts'
import { checkTotp, type TotpVerdict } from '../../account/totp-check.ts'
import { deriveId } from '../../lib/ids.ts'
import { logInfo } from '../../lib/log.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import { paths } from '../../paths.ts'
import { deviceName } from '../device-name.ts'
import { portalPage } from '../layout.ts'
import { type PageStatus, respond, scriptResponse, seeOther } from '../respond.ts'
import { totpProblem } from '../totp-problem.ts'
import { hasFreshOtp, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import { noteOtpStatement } from '../visit/visits.ts'
import { addPasskey } from './add-passkey.ts'
import { type PasskeyOffer, type PasskeyState, passkeyBody } from './page.ts'
import { PASSKEY_SCRIPT } from './script.ts'

export const passkeyRoutes = new Hono<VisitEnv>()

passkeyRoutes.get(paths.portalPasskeyScript, () => scriptResponse(PASSKEY_SCRIPT))

passkeyRoutes.get(paths.portalPasskeys, (c) => show(c, {}, 200))

passkeyRoutes.post(paths.portalPasskeys, async (c) => {
  const { db, config, now } = c.env.context
  const { account, form, language } = c.var
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
  const otp = await checkOtp(c)
  if (otp.kind === 'not_set_up') return seeOther(paths.portalAuthenticator)
  if (otp.kind !== 'ok') {
    const { text, status } = totpProblem(language, otp)
    return show(c, { problem: text, kept: { sealedChallenge: sealed, credential } }, status)
  }
  const { credentialId } = verified.value
  const noticeId =
    account.phoneSealed === null
      ? null
      : await deriveId('ntc', 'passkey_added', accountId, credentialId)
  const name = deviceName(c.req.header('user-agent'))
  const passkey = { ...verified.value, accountId, name, createdAt: now() }
  const addition = await addPasskey(db, passkey, noticeId)
  if (addition === 'full') return show(c, { problem: words.failed }, 422)
  if (addition === 'added') {
    logInfo('passkey.added', { account_id: accountId })
    if (noticeId !== null) await nudgeNotice(c.env.context, { accountId, noticeId })
  }
  return seeOther(paths.portalPasskeys, 'passkey_added')
})

passkeyRoutes.post(paths.portalPasskeysRemove, async (c) => {
  const { account, form, language } = c.var
  const { accountId } = account
  const otp = await checkOtp(c)
  if (otp.kind === 'not_set_up') return seeOther(paths.portalAuthenticator)
  if (otp.kind !== 'ok') {
    const { text, status } = totpProblem(language, otp)
    return show(c, { problem: text }, status)
  }
  const credentialId = form.get('credential_id') ?? ''
  const isRemoved = await removePasskey(c.env.context.db, { accountId, credentialId })
  if (!isRemoved) return seeOther(paths.portalPasskeys)
  logInfo('passkey.removed', { account_id: accountId })
  return seeOther(paths.portalPasskeys, 'passkey_removed')
})

/** An answer to a challenge of this visit is worth nothing in another. */
function purpose(c: VisitContext): string {
  const { accountId, visitId } = c.var.visit
  return `passkey-registration/${accountId}/${visitId}`
}

function refuse(c: VisitContext, reason: string): Promise<Response> {
  logInfo('passkey.refused', { account_id: c.var.account.accountId, reason })
  return show(c, { problem: c.var.language.portal.passkey.failed }, 422)
}

/** A code seen a moment ago will do; one that is typed counts for the next moments too. */
async function checkOtp(c: VisitContext): Promise<TotpVerdict> {
  if (hasFreshOtp(c)) return { kind: 'ok' }
  const { db, config, now } = c.env.context
  const { account, form, visit } = c.var
  const attempt = { account, typed: form.get('totp') ?? '', dataKeys: config.dataKeys }
  const verdict = await checkTotp(db, attempt, now())
  if (verdict.kind === 'ok') await noteOtpStatement(db, visit, now())
  return verdict
}

type Kept = Pick<PasskeyOffer, 'sealedChallenge' | 'credential'>

type Shown = { readonly problem?: string; readonly kept?: Kept }

async function show(c: VisitContext, shown: Shown, status: PageStatus): Promise<Response> {
  const { db, config } = c.env.context
  const { account, language } = c.var
  const rp = relyingPartyOf(config.publicOrigin, config.exchangeName)
  const passkeys = await listPasskeys(db, account.accountId)
  const otp = hasFreshOtp(c) ? 'fresh' : account.totpSealed === null ? 'missing' : 'needed'
  const canAdd = otp !== 'missing' && passkeys.length < PASSKEYS_MAX
  const state: PasskeyState = {
    passkeys,
    otp,
    offer: rp && canAdd ? await makeOffer(c, rp, { passkeys, kept: shown.kept }) : null,
    isUnsupported: rp === null,
    problem: shown.problem ?? null,
  }
  const { heading } = language.portal.passkey
  const body = passkeyBody(language, state)
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
