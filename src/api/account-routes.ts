// /v1/accounts/{id}: import, read, erase, and the history of logins with their alerts.

import { Hono } from 'hono'
import {
  type AccountChange,
  findAccount,
  type SealedField,
  saveAccount,
  sealField,
} from '../account/accounts.ts'
import { openPhone } from '../account/open-phone.ts'
import { type PhoneRefusal, parsePhone } from '../account/phone.ts'
import { makePhoneTag } from '../account/phone-tag.ts'
import { problem } from '../lib/problem.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { listLogins } from '../login/logins.ts'
import { paths } from '../paths.ts'
import { chooseRoute } from '../routing/route.ts'
import type { ApiContext } from './api-context.ts'
import { eraseAccount } from './erase-account.ts'
import { AccountChangeSchema, readAccountId, readJson } from './requests.ts'
import { accountView, loginView, smsView } from './views.ts'

const PAGE_DEFAULT = 20
const PAGE_MAX = 100

const PHONE_DETAIL: Readonly<Record<PhoneRefusal, string>> = {
  not_international: 'must be international: a plus sign, the country code, the number',
  not_a_number: 'is not a phone number',
  not_a_mobile: 'is not a valid mobile number',
  no_country: 'belongs to no single country',
}

export const accountRoutes = new Hono<RouteEnv<ApiContext>>()

accountRoutes.put(paths.account, async (c) => {
  const context = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const body = await readJson(c, AccountChangeSchema)
  if (!body.ok) return body.error
  const { phone, locale, alerts, phrase, totp_secret: totpSecret } = body.value

  const parsed = typeof phone === 'string' ? parsePhone(phone) : null
  if (parsed && !parsed.ok) {
    const errors = [{ pointer: '/phone', detail: PHONE_DETAIL[parsed.error] }]
    return problem('invalid_request', { errors })
  }
  const sealed = (field: SealedField, text: string | null | undefined) =>
    typeof text === 'string'
      ? sealField(context.randomBytes, context.config.dataKeys, accountId.value, field, text)
      : text
  const change = {
    phoneSealed: await sealed('phone', parsed ? parsed.value.e164 : phone),
    phoneTag: parsed ? await makePhoneTag(context.config.dataKeys, parsed.value.e164) : phone,
    phraseSealed: await sealed('phrase', phrase),
    totpSealed: await sealed('totp', totpSecret),
    locale,
    alerts,
  }
  await saveAccount(context.db, accountId.value, given(change), context.now())
  return respondWithAccount(context, accountId.value)
})

accountRoutes.get(paths.account, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  return respondWithAccount(c.env.context, accountId.value)
})

accountRoutes.delete(paths.account, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  await eraseAccount(c.env.context.db, accountId.value)
  return c.body(null, 204)
})

accountRoutes.get(paths.accountLogins, async (c) => {
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const before = readWhole(c.req.query('cursor'), Number.MAX_SAFE_INTEGER)
  const limit = readWhole(c.req.query('limit'), PAGE_MAX)
  if (before === 'invalid' || limit === 'invalid') {
    const detail = 'must be a whole number from 1'
    const pointer = before === 'invalid' ? '/cursor' : '/limit'
    return problem('invalid_request', { errors: [{ pointer, detail }] })
  }
  const size = limit ?? PAGE_DEFAULT
  // One more than shown tells whether there is a next page.
  const page = { before, limit: size + 1 }
  const logins = await listLogins(c.env.context.db, accountId.value, page)
  const shown = logins.slice(0, size)
  const last = shown.at(-1)
  return c.json({
    logins: shown.map(loginView),
    next_cursor: logins.length > size && last ? String(last.seq) : null,
  })
})

async function respondWithAccount(context: ApiContext, accountId: string): Promise<Response> {
  const account = await findAccount(context.db, accountId)
  if (!account) return problem('not_found')
  const phone = await openPhone(context.config.dataKeys, account)
  const hold = { held: account.holdUntil !== null && account.holdUntil > context.now() }
  const sms = phone && smsView(chooseRoute(context.config, phone), phone.country)
  const view = accountView(account, phone, sms)
  return Response.json({ ...view, ...hold }, { headers: { 'cache-control': 'no-store' } })
}

/** Drops what was not sent: undefined leaves a field as it is, null clears it. */
function given(
  change: {
    readonly [Key in keyof AccountChange]-?: AccountChange[Key] | undefined
  },
): AccountChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

function readWhole(text: string | undefined, max: number): number | null | 'invalid' {
  if (text === undefined) return null
  const value = Number(text)
  return /^[1-9]\d{0,15}$/.test(text) && value <= max ? value : 'invalid'
}
