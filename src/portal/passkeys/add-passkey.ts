// A new passkey and the notice that tells of it: one batch, and the notice only beside a passkey that was added in it.

import {
  findPasskeyStatement,
  insertPasskeyStatement,
  isPasskeyAddedSql,
  type NewPasskeyRow,
} from '../../account/passkeys.ts'
import type { Db } from '../../lib/db.ts'
import { insertNoticeStatement } from '../../notice/notices.ts'

/** `known`: the same registration once more. `full`: the account has all it may have. */
export type PasskeyAddition = 'added' | 'known' | 'full'

/** With a notice, if there is a number to write to; `nudgeNotice` follows. */
export async function addPasskey(
  db: Db,
  passkey: NewPasskeyRow,
  noticeId: string | null,
): Promise<PasskeyAddition> {
  const { accountId, createdAt } = passkey
  const [inserted, found] = await db.batch([
    insertPasskeyStatement(db, passkey),
    findPasskeyStatement(db, passkey),
    ...(noticeId === null
      ? []
      : [
          insertNoticeStatement(
            db,
            { accountId, noticeId, kind: 'passkey_added' },
            createdAt,
            isPasskeyAddedSql(passkey),
          ),
        ]),
  ])
  if (inserted.meta.changes > 0) return 'added'
  return found.length > 0 ? 'known' : 'full'
}
