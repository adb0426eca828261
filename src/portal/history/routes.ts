// /portal/logins: the history, page by page, and as CSV. Each page reads as many rows as it shows, however long
// the history; the filter looks at a bounded stretch and says where to go on.

import { Hono } from 'hono'
import { listLogins } from '../../login/logins.ts'
import { paths } from '../../paths.ts'
import { portalPage } from '../layout.ts'
import { COMMON_HEADERS, respond } from '../respond.ts'
import { logVisit, readBefore, type VisitContext, type VisitEnv } from '../visit/visit-env.ts'
import { historyCsv } from './csv.ts'
import { type HistoryState, historyBody } from './page.ts'
import { isProblem } from './rows.ts'

const PAGE_LOGINS = 20
/** Looked at for one page of problems. */
const FILTERED_LOGINS = 200
const CSV_LOGINS = 1_000

export const historyRoutes = new Hono<VisitEnv>()

historyRoutes.get(paths.portalLogins, async (c) => {
  const { language } = c.var
  const body = historyBody(language, await readHistory(c))
  const heading = language.portal.history.heading
  return respond(portalPage(c, { heading, current: paths.portalLogins, body }), 200)
})

historyRoutes.get(paths.portalLoginsCsv, async (c) => {
  const { db } = c.var
  const { accountId } = c.var.account
  const page = { before: readBefore(c), limit: CSV_LOGINS + 1 }
  const logins = await listLogins(db, accountId, page)
  const shown = logins.slice(0, CSV_LOGINS)
  const last = shown.at(-1)
  await logVisit(c, 'history.exported', { rows: shown.length })
  const hasMore = logins.length > CSV_LOGINS && last !== undefined
  return new Response(historyCsv(shown), {
    headers: {
      ...COMMON_HEADERS,
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="logins.csv"',
      // RFC 8288: where the next thousand is.
      ...(hasMore ? { link: `<${paths.portalLoginsCsv}?before=${last.seq}>; rel="next"` } : {}),
    },
  })
})

async function readHistory(c: VisitContext): Promise<HistoryState> {
  const { db } = c.var
  const { accountId } = c.var.account
  const isFiltered = c.req.query('show') === 'problems'
  const before = readBefore(c)
  const limit = isFiltered ? FILTERED_LOGINS : PAGE_LOGINS
  // One more than looked at tells whether there are older ones.
  const found = await listLogins(db, accountId, { before, limit: limit + 1 })
  const looked = found.slice(0, limit)
  const problems = looked.filter(isProblem)
  const logins = isFiltered ? problems.slice(0, PAGE_LOGINS) : looked
  const isCut = isFiltered && problems.length > PAGE_LOGINS
  const last = isCut ? logins.at(-1) : looked.at(-1)
  const hasOlder = isCut || found.length > limit
  return { logins, isFiltered, before, next: hasOlder && last ? last.seq : null }
}
