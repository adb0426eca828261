// The trusted contact on /portal/ways: a number is asked for by a code, proven by it, and removed. Takes what a change of number
// takes: its owner will be able to lock. Both are told, and the exchange.

import { Hono } from 'hono'
import { sealField } from '../../account/accounts.ts'
import { isBindingCode } from '../../account/binding-code.ts'
import { CODE_TRIES_MAX } from '../../account/binding-rules.ts'
import { openPhone, openSealedPhone } from '../../account/open-phone.ts'
import { parsePhone } from '../../account/phone.ts'
import { makePhoneTag } from '../../account/phone-tag.ts'
import { readSixDigits } from '../../account/six-digits.ts'
import { codeScopes, verifiedStatements } from '../../guard/code-counts.ts'
import { randomId } from '../../lib/ids.ts'
import { seal } from '../../lib/seal.ts'
import {
  askContactStatement,
  type Contact,
  countContactCode,
  endContactStatement,
  findContact,
  isContactAskedSql,
  isContactSql,
  proveContactStatement,
  wordPurpose,
} from '../../lock/contact/contacts.ts'
import { foldContactWord, tidyContactWord, WORD_MAX, WORD_MIN } from '../../lock/contact/word.ts'
import { insertNoticeStatement, type NewNotice } from '../../notice/notices.ts'
import { nudgeNotice } from '../../notice/post-notice.ts'
import { fill } from '../../page/words.ts'
import { paths } from '../../paths.ts'
import { chooseRoute } from '../../routing/route.ts'
import { makeChange } from '../change/make-change.ts'
import { tooManyTries } from '../layout.ts'
import { permitCode } from '../number/send-code.ts'
import { wrongCodeText } from '../number/wrong-code.ts'
import { seeOther } from '../respond.ts'
import { addressOf, logVisit, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import { proveWay, showWays } from './view.ts'

export const contactRoutes = new Hono<VisitEnv>()

contactRoutes.post(paths.portalWaysContact, async (c) => {
  const context = c.env.context
  const { config, randomBytes, now } = context
  const { dataKeys } = config
  const { db, account, form, language } = c.var
  const words = language.portal.number
  const typed = { phone: form.get('phone') ?? '', word: form.get('word') ?? '' }
  const press = { form: 'contact', typed } as const
  const refuse = (problem: string, status: 422 | 429 = 422) =>
    showWays(c, { ...press, problem }, status)

  const parsed = parsePhone(typed.phone)
  if (!parsed.ok) {
    return refuse(parsed.error === 'not_international' ? words.notInternational : words.notMobile)
  }
  const phone = parsed.value
  if (foldContactWord(typed.word) === null)
    return refuse(fill(language.ways.wordHint, { min: WORD_MIN, max: WORD_MAX }))
  const own = await openPhone(dataKeys, account)
  if (own?.e164 === phone.e164) return refuse(words.sameNumber)
  const at = now()
  // Nobody could send the word.
  const route = chooseRoute(config, phone, at)
  if (!route.some(({ sender }) => sender.canReceive)) return refuse(language.ways.contactMute)
  const { accountId, createdAt } = account
  const present = await findContact(db, accountId)
  if (present?.expiresAt === null) return seeOther(paths.portalWays)
  const proof = await proveWay(c, 'contact_added', press)
  if (!proof.ok) return proof.error
  const request = { accountId, createdAt, phone, ip: addressOf(c), isFirstSend: true }
  const permission = await permitCode(context, request)
  if (permission.kind === 'limited') {
    return refuse(tooManyTries(language, permission.retryAfterMs), 429)
  }
  if (permission.kind === 'refused') {
    return refuse(fill(words.notServed, { exchange: config.exchangeName }))
  }
  const contact = {
    accountId,
    contactId: randomId(randomBytes, 'ctc'),
    phoneSealed: await sealField(randomBytes, dataKeys, accountId, 'phone', phone.e164),
    phoneTag: await makePhoneTag(dataKeys, phone.e164),
    wordSealed: await seal(
      randomBytes,
      dataKeys,
      wordPurpose(accountId),
      tidyContactWord(typed.word),
    ),
  }
  const notice = noticeTo(c, contact, 'contact_code', contact.contactId)
  await db.batch([askContactStatement(db, contact, at), insertNoticeStatement(db, notice, at)])
  await nudgeNotice(context, notice)
  return seeOther(paths.portalWays)
})

contactRoutes.post(paths.portalWaysContactCode, async (c) => {
  const { config, now } = c.env.context
  const { db, account, form, language } = c.var
  const words = language.portal.number
  const refuse = (problem: string) => showWays(c, { form: 'contact', problem }, 422)

  // What is no code at all costs no try.
  const typed = readSixDigits(form.get('code') ?? '')
  if (typed === null) return refuse(words.codeIncomplete)
  const contact = await countContactCode(db, account.accountId, now())
  if (!contact) {
    await logVisit(c, 'typed_code.refused', { reason: 'none_left' })
    return refuse(words.codeDead)
  }
  const { accountId, contactId } = contact
  if (!(await isBindingCode(config.linkKeys, { accountId, bindingId: contactId }, typed))) {
    await logVisit(c, 'typed_code.refused', { reason: 'wrong' })
    return refuse(wrongCodeText(language, CODE_TRIES_MAX.bnd - contact.tries))
  }
  // Where another request was faster, the page says how things stand.
  const isAdded = await addContact(c, contact)
  return seeOther(paths.portalWays, isAdded ? 'saved' : undefined)
})

contactRoutes.post(paths.portalWaysContactRemove, async (c) => {
  const { now } = c.env.context
  const { db, account } = c.var
  const contact = await findContact(db, account.accountId)
  if (!contact) return seeOther(paths.portalWays)
  if (contact.expiresAt !== null) {
    await endContactStatement(db, contact)
    return seeOther(paths.portalWays)
  }
  const proof = await proveWay(c, 'contact_removed', { form: 'contact' })
  if (!proof.ok) return proof.error
  const isThere = isContactSql(contact)
  const notice = noticeTo(c, contact, 'copies_ended')
  const isRemoved = await makeChange(c, {
    changes: ['contact_removed'],
    proof: proof.value,
    statements: [
      insertNoticeStatement(db, notice, now(), isThere),
      endContactStatement(db, contact),
    ],
    when: isThere,
  })
  if (isRemoved) await nudgeNotice(c.env.context, notice)
  return seeOther(paths.portalWays, isRemoved ? 'saved' : undefined)
})

/** From here on the number may lock; what that means is told to it, and that it is so to the owner. */
async function addContact(c: VisitContext, contact: Contact): Promise<boolean> {
  const { config, now } = c.env.context
  const { db } = c.var
  const isAsked = isContactAskedSql(contact)
  const notice = noticeTo(c, contact, 'contact_added')
  const isAdded = await makeChange(c, {
    changes: ['contact_added'],
    // What it takes was asked for before its code was sent, and the code lives for minutes.
    proof: config.profile.numberChange === 'passkey' ? 'passkey' : 'totp',
    statements: [
      insertNoticeStatement(db, notice, now(), isAsked),
      proveContactStatement(db, contact),
    ],
    when: isAsked,
  })
  if (!isAdded) return false
  await nudgeNotice(c.env.context, notice)
  await noteVerified(c, contact)
  return true
}

/** What the guard learns: this code was typed. Once, and not worth failing for. */
async function noteVerified(
  c: VisitContext,
  { accountId, phoneSealed, askedAt }: Contact,
): Promise<void> {
  const { db, config } = c.env.context
  const phone = await openSealedPhone(config.dataKeys, accountId, phoneSealed)
  if (!phone) return
  const scopes = await codeScopes(config.dataKeys, phone)
  for (const statement of verifiedStatements(db, scopes, [askedAt])) await statement
}

function noticeTo(
  c: VisitContext,
  { accountId, phoneSealed }: Pick<Contact, 'accountId' | 'phoneSealed'>,
  kind: 'contact_code' | 'contact_added' | 'copies_ended',
  subject: string | null = null,
): NewNotice {
  const noticeId = randomId(c.env.context.randomBytes, 'ntc')
  return { accountId, noticeId, kind, phoneSealed, subject }
}
