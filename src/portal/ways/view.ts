// What the page of the ways shows, read and opened from where it is stored; and the answer to a press that is not proven yet.

import { openSealedPhone } from '../../account/open-phone.ts'
import type { Proof } from '../../exchange/protection-changed.ts'
import { keyName } from '../../lib/derived-key.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { mintCardToken } from '../../lock/card/card-token.ts'
import { claimsOfCard, findCard } from '../../lock/card/cards.ts'
import { findContact, openWord } from '../../lock/contact/contacts.ts'
import { proposeWord, WORD_TRIES_MAX } from '../../lock/contact/word.ts'
import { shownPhone } from '../../page/words.ts'
import { lockCardPath, paths } from '../../paths.ts'
import { decideProof, type PortalChange } from '../change/changes.ts'
import { readCodeProgress } from '../change/code-progress.ts'
import { proofFacts, proveChange } from '../change/prove.ts'
import { offerPasskey } from '../change/prove-passkey.ts'
import { answerUnproven } from '../change/unproven.ts'
import { portalPage, visitBasics } from '../layout.ts'
import type { NumberProof } from '../number/page.ts'
import { type PageStatus, respond } from '../respond.ts'
import type { VisitContext } from '../visit/visit-env.ts'
import { type ContactState, type WayPress, type WaysState, waysBody } from './page.ts'

export async function showWays(
  c: VisitContext,
  press: WayPress | null = null,
  status: PageStatus = 200,
): Promise<Response> {
  const { heading } = c.var.language.ways
  const contact = await readContact(c, press)
  const state = { card: await readCard(c), contact, press }
  const hasScript = contact.kind === 'none' && typeof contact.proof !== 'string'
  // The script of the page "it was me", which asks for a passkey too.
  const script = hasScript ? { script: paths.lockConfirmScript } : {}
  const body = waysBody(visitBasics(c), state)
  const page = portalPage(c, { heading, current: paths.portalWays, body, ...script })
  return respond(page, status, { hasScript })
}

/** How it was proven, or the page with what is missing or wrong. */
export async function proveWay(
  c: VisitContext,
  change: PortalChange,
  press: Pick<WayPress, 'form' | 'typed'>,
): Promise<Result<Proof, Response>> {
  const verdict = await proveChange(c, [change])
  if (verdict.kind === 'proven') return ok(verdict.proof)
  const answer = await answerUnproven(c, verdict, ({ problem, asked, status }) =>
    showWays(c, { ...press, problem, ...(asked && { asked }) }, status),
  )
  return err(answer)
}

async function readCard(c: VisitContext): Promise<WaysState['card']> {
  const { config } = c.env.context
  const card = await findCard(c.var.db, c.var.account.accountId)
  if (!card) return null
  const { linkKeys, publicOrigin } = config
  const token = await mintCardToken(linkKeys, card.keyName, claimsOfCard(card))
  return {
    url: token && publicOrigin + lockCardPath(token),
    isAging: card.keyName !== (await keyName(linkKeys[0])),
  }
}

async function readContact(c: VisitContext, press: WayPress | null): Promise<ContactState> {
  const { config, now, randomBytes } = c.env.context
  const { dataKeys } = config
  const { accountId } = c.var.account
  const contact = await findContact(c.var.db, accountId)
  const phone = contact && (await openSealedPhone(dataKeys, accountId, contact.phoneSealed))
  const isOver = contact !== null && contact.expiresAt !== null && contact.expiresAt <= now()
  if (!contact || !phone || isOver) {
    const word = press?.typed?.word ?? proposeWord(randomBytes)
    return { kind: 'none', proof: await contactProof(c), word }
  }
  const number = shownPhone(phone.e164)
  if (contact.expiresAt !== null) {
    const { contactId } = contact
    const key = { accountId, bindingId: contactId }
    const progress = await readCodeProgress(c.var.db, 'contact_code', key)
    return { kind: 'asked', number, progress }
  }
  const word = await openWord(dataKeys, contact)
  return { kind: 'stands', number, word, isClosed: contact.tries >= WORD_TRIES_MAX }
}

/** A code of the app is asked for after the press: of two forms one shows its field. */
async function contactProof(c: VisitContext): Promise<NumberProof> {
  const asked = decideProof('contact_added', proofFacts(c))
  if (asked === 'passkey') return (await offerPasskey(c)) ?? 'no_passkey'
  return asked === 'set_up' ? 'set_up' : 'nothing'
}
