// One code SMS: asked for within limits, let through by the guard, stored with its notice. The guard comes
// last, since what it counts costs money.

import type { Account } from '../account/accounts.ts'
import { openFormerPhone } from '../account/open-phone.ts'
import type { Phone } from '../account/phone.ts'
import type { Context } from '../context.ts'
import { checkCode, codeScopes } from '../guard/code-counts.ts'
import { countTry, limitScope } from '../guard/limits.ts'
import { randomId } from '../lib/ids.ts'
import { DAY_MS, HOUR_MS } from '../lib/time.ts'
import type { NewNotice } from '../notice/notices.ts'

const CODES_PER_ACCOUNT_AND_DAY = 10
const CODES_PER_NUMBER_AND_HOUR = 5
const CODES_PER_ADDRESS_AND_HOUR = 20
/** In every language: a code's text is short. */
const CODE_SEGMENTS = 1

export type CodeRequest = {
  readonly account: Account
  readonly phone: Phone
  /** Of the visitor. */
  readonly ip: string
}

export type CodePermission =
  | { readonly kind: 'ok' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  /** The guard does not let it pass; it tells nobody why. */
  | { readonly kind: 'refused' }

/** To be asked before each code SMS, also for one that is sent again; it is counted then. */
export async function permitCode(context: Context, request: CodeRequest): Promise<CodePermission> {
  const { db, config } = context
  const { dataKeys, codePolicy } = config
  const { account, phone, ip } = request
  const now = context.now()
  const limited = await countTry(
    db,
    [
      {
        scope: await limitScope(dataKeys, 'bind-account', account.accountId),
        max: CODES_PER_ACCOUNT_AND_DAY,
        windowMs: DAY_MS,
      },
      {
        scope: await limitScope(dataKeys, 'bind-number', phone.e164),
        max: CODES_PER_NUMBER_AND_HOUR,
        windowMs: HOUR_MS,
      },
      {
        scope: await limitScope(dataKeys, 'bind-ip', ip),
        max: CODES_PER_ADDRESS_AND_HOUR,
        windowMs: HOUR_MS,
      },
    ],
    now,
  )
  if (!limited.isAllowed) return { kind: 'limited', retryAfterMs: limited.retryAfterMs }
  const former = await openFormerPhone(dataKeys, account, now)
  const decision = await checkCode(
    db,
    {
      scopes: await codeScopes(dataKeys, phone),
      isVerified: former?.e164 === phone.e164,
      segments: CODE_SEGMENTS,
      policy: codePolicy,
    },
    now,
  )
  return decision.kind === 'refuse' ? { kind: 'refused' } : { kind: 'ok' }
}

/** A notice for each time the code is sent: the same code, another SMS. */
export function codeNotice(binding: {
  readonly accountId: string
  readonly bindingId: string
  readonly phoneSealed: string
}): NewNotice {
  const { accountId, bindingId, phoneSealed } = binding
  const noticeId = randomId('ntc')
  return {
    accountId,
    noticeId,
    kind: 'code',
    untilAt: null,
    provider: null,
    phoneSealed,
    subject: bindingId,
  }
}
