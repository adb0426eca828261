// POST /v1/accounts/{id}/portal-links: a one-time way into the owner's pages, for the exchange to send its
// signed-in user to.

import { Hono } from 'hono'
import { randomId } from '../lib/ids.ts'
import { logInfo } from '../lib/log.ts'
import type { RouteEnv } from '../lib/route-env.ts'
import { shortHash } from '../lib/short-hash.ts'
import { formatInstant } from '../lib/time.ts'
import { entryPath, paths } from '../paths.ts'
import { mintEntryToken, newEntry } from '../portal/visit/entry-link.ts'
import type { ApiContext } from './api-context.ts'
import { keyName } from './api-key.ts'
import type { PortalEntryAnswer } from './portal-link-spec.ts'
import { PortalLinkSchema, readAccountId, readJson } from './requests.ts'

export const portalLinkRoutes = new Hono<RouteEnv<ApiContext>>()

portalLinkRoutes.post(paths.accountPortalLinks, async (c) => {
  const { config, now, randomBytes } = c.env.context
  const accountId = readAccountId(c)
  if (!accountId.ok) return accountId.error
  const body = await readJson(c, PortalLinkSchema)
  if (!body.ok) return body.error
  const hasOtp = body.value.amr?.includes('otp') ?? false
  const visitId = randomId(randomBytes, 'vis')
  const entry = newEntry({ accountId: accountId.value, visitId, hasOtp }, now())
  const { linkKeys, publicOrigin } = config
  const url = publicOrigin + entryPath(await mintEntryToken(linkKeys, publicOrigin, entry))
  const visit = await shortHash(visitId)
  const made = { account_id: accountId.value, key: await keyName(c), visit, has_otp: hasOtp }
  logInfo('portal_link.made', made)
  const answer: PortalEntryAnswer = { url, expires_at: formatInstant(entry.expiresAt) }
  return c.json(answer, 201)
})
