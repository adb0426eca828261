// /v1/accounts/{id}: import, read, erase, and the history of logins with their alerts.

import { Hono } from 'hono'
import { findAccount } from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { logInfo } from '../lib/log.ts'
import { problem } from '../lib/problem.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { findHoldState } from '../lock/hold-state.ts'
import { listLogins } from '../login/logins.ts'
import { paths } from '../paths.ts'
import { serviceFor } from '../routing/route.ts'
import type { ApiContext } from './api-context.ts'
import { keyName } from './api-key.ts'
import { eraseAccount } from './erase-account.ts'
import { importAccount } from './import-account.ts'
import type { LoginPageAnswer } from './login-spec.ts'
import { readAccountChange } from './read-account-change.ts'
import {
  AccountChangeSchema,
  LoginsQuerySchema,
  readAccountId,
  readInput,
  readJson,
} from './requests.ts'
import { accountView, loginView, smsView } from './views.ts'

/** `hold`, `lock`, `sessions` …: the first step of every path below an account. */
const BELOW_ACCOUNT: ReadonlySet<string | undefined> = new Set(
  Object.values(paths)
    .filter((path) => path.startsWith(`${paths.account}/`))
    .map((path) => path.slice(paths.account.length + 1).split('/')[0]),
)

export const accountRoutes = new Hono<RouteEnv<ApiContext>>()

accountRoutes.put(paths.account, async (c) => {
  const context = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const body = await readJson(c, AccountChangeSchema)
  if (!body.ok) return body.error
  const read = await readAccountChange(context, accountId.value, body.value)
  if (!read.ok) return problem('invalid_request', { errors: read.error })
  const { change, terms } = read.value
  const imported = await importAccount(context, accountId.value, change, terms)
  if (imported === 'held') return problem('account_held')
  const fields = Object.keys(body.value).join(' ')
  logInfo('account.imported', { account_id: accountId.value, fields, key: await keyName(c) })
  return respondWithAccount(context, accountId.value)
})

accountRoutes.get(paths.account, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  return respondWithAccount(c.env.context, accountId.value)
})

// What is meant for `/v1/accounts/./hold` arrives as `/v1/accounts/hold` wherever a URL parser stood in between.
accountRoutes.delete(paths.account, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  if (BELOW_ACCOUNT.has(accountId.value) && c.req.query('account_id') !== accountId.value) {
    const detail = 'must repeat the id: it is also the name of what lies below an account'
    return problem('invalid_request', { errors: [{ pointer: '/account_id', detail }] })
  }
  if ((await eraseAccount(c.env.context, accountId.value)) === 'held')
    return problem('account_held')
  logInfo('account.erased', { account_id: accountId.value, key: await keyName(c) })
  return c.body(null, 204)
})

accountRoutes.get(paths.accountLogins, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const query = readInput(LoginsQuerySchema, c.req.query())
  if (!query.ok) return query.error
  const { cursor, limit } = query.value
  // One more than shown tells whether there is a next page.
  const page = { before: cursor ?? null, limit: limit + 1 }
  const logins = await listLogins(c.env.context.dbOf(accountId.value), accountId.value, page)
  const answer: LoginPageAnswer = {
    logins: logins.slice(0, limit).map(loginView),
    next_cursor: logins.length > limit ? String(logins[limit - 1]?.seq) : null,
  }
  return c.json(answer)
})

async function respondWithAccount(context: ApiContext, accountId: string): Promise<Response> {
  const db = context.dbOf(accountId)
  const account = await findAccount(db, accountId)
  if (!account) return problem('not_found')
  const { config } = context
  const { profile } = config
  const now = context.now()
  const phone = await openPhone(config.dataKeys, account)
  const reached = phone && {
    ...phone,
    sms: smsView(serviceFor(config, phone, now), phone.country, profile),
  }
  const { hold } = await findHoldState(db, accountId, now)
  const view = accountView(account, reached, { now, profile, isHeld: hold !== null })
  return Response.json(view)
}
