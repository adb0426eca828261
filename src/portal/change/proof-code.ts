// The code to the bound number that proves a change where there is no authenticator app: asked for within the limits of
// all code SMS, sent again no sooner than a code of a new number.

import { decideResend } from '../../account/binding-rules.ts'
import { noteCodeSent } from '../../account/bindings.ts'
import { openPhone } from '../../account/open-phone.ts'
import { findProofCode, startProofCodeStatement } from '../../account/proof-codes.ts'
import { randomId } from '../../lib/ids.ts'
import { insertNoticeStatement, type NewNotice } from '../../notice/notices.ts'
import { nudgeNotice, postNotice } from '../../notice/post-notice.ts'
import { type CodePermission, permitCode } from '../number/send-code.ts'
import { addressOf, type VisitContext } from '../visit/visit-env.ts'

/** `ok` also where the code sent before will do. */
export async function sendProofCode(c: VisitContext): Promise<CodePermission> {
  const context = c.env.context
  const { config, randomBytes } = context
  const { db, account } = c.var
  const { accountId, phoneSealed, phoneTag } = account
  const now = context.now()
  const phone = await openPhone(config.dataKeys, account)
  if (!phone || phoneSealed === null) return { kind: 'refused' }
  const present = await findProofCode(db, accountId, now)
  const isOfNumber = present?.phoneSealed === phoneSealed
  if (present && isOfNumber && decideResend(present.codesSentAt, now).kind !== 'now') {
    return { kind: 'ok' }
  }
  const { createdAt } = account
  const ofCode = { isFirstSend: false, boundVisitId: c.var.visit.visitId }
  const request = { accountId, createdAt, phone, ip: addressOf(c), ...ofCode }
  const permission = await permitCode(context, request)
  if (permission.kind !== 'ok') return permission
  const notice = (proofId: string): NewNotice => ({
    accountId,
    noticeId: randomId(randomBytes, 'ntc'),
    kind: 'proof_code',
    phoneSealed,
    subject: proofId,
  })
  if (present && isOfNumber) {
    if (await noteCodeSent(db, present, now)) await postNotice(context, notice(present.bindingId))
    return { kind: 'ok' }
  }
  const proofId = randomId(randomBytes, 'prf')
  const told = notice(proofId)
  await db.batch([
    startProofCodeStatement(db, { accountId, proofId, phoneSealed, phoneTag }, now),
    insertNoticeStatement(db, told, now),
  ])
  await nudgeNotice(context, told)
  return { kind: 'ok' }
}
