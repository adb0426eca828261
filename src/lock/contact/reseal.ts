// The number and word of a trusted contact, put under the current key; the number's tag goes with it.

import { and, eq } from 'drizzle-orm'
import { fieldPurpose } from '../../account/accounts.ts'
import { makePhoneTag } from '../../account/phone-tag.ts'
import type { Db } from '../../lib/db.ts'
import { createResealer, type ResealContext, type Resealing } from '../../lib/reseal.ts'
import { type AccountRange, ofAccount, withinAccounts } from '../../lib/slot.ts'
import { lockContacts } from '../tables.ts'
import { type Contact, wordPurpose } from './contacts.ts'

export function sealedContactsStatement(db: Db, range: AccountRange) {
  return db.select().from(lockContacts).where(withinAccounts(lockContacts, range))
}

/** Does nothing to a row that has changed since it was read: whoever changed it sealed it under his key. */
export async function resealContact(
  db: Db,
  context: ResealContext,
  contact: Contact,
): Promise<Resealing> {
  const { accountId, phoneSealed, wordSealed, phoneTag } = contact
  const anew = createResealer(context)
  const phone = await anew({ ...fieldPurpose(accountId, 'phone'), use: 'phone' }, phoneSealed)
  const word = await anew(wordPurpose(accountId), wordSealed)
  const held = [phone, word]
  if (phone.text === null && word.text === null) return { held, statements: [] }
  const change = {
    phoneSealed: phone.sealed,
    phoneTag:
      phone.text === null ? phoneTag : await makePhoneTag(context.config.dataKeys, phone.text),
    wordSealed: word.sealed,
  }
  const isUnchanged = and(
    ofAccount(lockContacts, accountId),
    eq(lockContacts.phoneSealed, phoneSealed),
    eq(lockContacts.wordSealed, wordSealed),
  )
  return { held, statements: [db.update(lockContacts).set(change).where(isUnchanged)] }
}
