// Posts a notice: its row, then the nudge. The row comes first, so a lost nudge is made up for by the sweep.

import { errorFields, logError } from '../lib/log.ts'
import { sendAll } from '../lib/sweep-page.ts'
import type { NoticeContext } from './notice-context.ts'
import { insertNotice, type NewNotice } from './notices.ts'

/** Posts it once, whatever the number of calls with this id. Throws when D1 is away. */
export async function postNotice(context: NoticeContext, notice: NewNotice): Promise<void> {
  await insertNotice(context.dbOf(notice.accountId), notice, context.now())
  await nudgeNotice(context, notice)
}

/** For a notice that was stored in the batch of what it tells of. */
export async function nudgeNotice(
  context: Pick<NoticeContext, 'alerts'>,
  { accountId, noticeId }: Pick<NewNotice, 'accountId' | 'noticeId'>,
): Promise<void> {
  try {
    await context.alerts.send({ kind: 'notice', accountId, noticeId })
  } catch (error) {
    logError('request.failed', errorFields(error))
  }
}

/** The same for many at once. */
export async function nudgeNotices(
  { alerts }: Pick<NoticeContext, 'alerts'>,
  notices: readonly Pick<NewNotice, 'accountId' | 'noticeId'>[],
): Promise<void> {
  try {
    const messages = notices.map(({ accountId, noticeId }) => ({
      body: { kind: 'notice', accountId, noticeId } as const,
    }))
    await sendAll(alerts, messages)
  } catch (error) {
    logError('request.failed', errorFields(error))
  }
}
