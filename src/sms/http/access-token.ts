// Access tokens by OAuth 2.0 client credentials (RFC 6749 section 4.4). A token is kept by the isolate until shortly before
// it runs out, or until the API refuses it. Never logs one, and keeps none anywhere else. Isolates share nothing, and a
// request does not wait for another's promise: several may fetch one each.

import { fetchWithin } from '../../lib/fetch-within.ts'
import { parseJson } from '../../lib/json.ts'
import { err, ok, type Result } from '../../lib/result.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/time.ts'
import { basicAuthorization } from '../endpoint.ts'
import { countAt, isRecord, textAt } from '../json-fields.ts'
import type { ProviderPorts, SendFailure, TokenSource } from '../provider.ts'
import type { OAuthRule } from './template-request.ts'
import { fixedUrl } from './url.ts'

/** Of a token whose answer does not say (RFC 6749 section 5.1 only recommends it). */
const UNKNOWN_LIFETIME_MS = 5 * MINUTE_MS
const LONGEST_LIFETIME_MS = DAY_MS
const LONGEST_MARGIN_MS = MINUTE_MS
const LONGEST_BODY_BYTES = 16 * 1024

type Kept = { readonly token: string; readonly until: number }

export function tokenSource(
  rule: OAuthRule,
  secret: string,
  baseUrl: string | undefined,
  ports: ProviderPorts,
): TokenSource {
  let kept: Kept | null = null
  return {
    token: async (timeoutMs) => {
      if (kept && ports.now() < kept.until) return ok(kept.token)
      const fetched = await fetchToken(rule, { secret, baseUrl, timeoutMs }, ports)
      if (!fetched.ok) return fetched
      kept = fetched.value
      return ok(fetched.value.token)
    },
    drop: (token) => {
      if (kept?.token === token) kept = null
    },
  }
}

/** Whatever fails here, no text was sent: it is never ambiguous. */
async function fetchToken(
  rule: OAuthRule,
  call: {
    readonly secret: string
    readonly baseUrl: string | undefined
    readonly timeoutMs: number
  },
  ports: ProviderPorts,
): Promise<Result<Kept, SendFailure>> {
  const startedAt = ports.now()
  const url = fixedUrl(rule.url, call.baseUrl)
  const init = { method: 'POST', ...credentials(rule, call.secret) }
  const limits = { timeoutMs: call.timeoutMs, bodyMaxBytes: LONGEST_BODY_BYTES }
  const answer = await fetchWithin(ports, url, init, limits)
  if (!answer.ok) return err({ class: 'provider_transient', code: `token_${answer.error}` })
  const { status } = answer.value
  if (status < 200 || status > 299) {
    const isPassing = status >= 500 || status === 429 || status === 408
    const failureClass = isPassing ? 'provider_transient' : 'provider_config'
    return err({ class: failureClass, code: `token_http_${status}` })
  }
  const document = parseJson(answer.value.body)
  const token = isRecord(document) ? textAt(document, 'access_token') : undefined
  if (!isRecord(document) || token === undefined || !/^[\x21-\x7e]{1,8192}$/.test(token)) {
    return err({ class: 'provider_transient', code: 'token_unreadable' })
  }
  const seconds = countAt(document, 'expires_in')
  const lifetimeMs =
    seconds === undefined ? UNKNOWN_LIFETIME_MS : Math.min(seconds * SECOND_MS, LONGEST_LIFETIME_MS)
  const marginMs = Math.min(LONGEST_MARGIN_MS, lifetimeMs / 10)
  return ok({ token, until: startedAt + lifetimeMs - marginMs })
}

function credentials({ client_id, client_in, form }: OAuthRule, secret: string) {
  const fields = new URLSearchParams({ grant_type: 'client_credentials', ...form })
  if (client_in === 'form') {
    fields.set('client_id', client_id)
    fields.set('client_secret', secret)
  }
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    ...(client_in === 'header' && {
      authorization: basicAuthorization(formEncoded(client_id), formEncoded(secret)),
    }),
  }
  return { headers, body: fields.toString() }
}

/** RFC 6749 section 2.3.1: both are form-encoded before they become Basic credentials. */
function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
