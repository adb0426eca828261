// Cloudflare's REST API (developers.cloudflare.com/api): one call, its envelope opened. Says what was asked when it fails,
// never the token. Knows no resource: those are in the files beside it.

import * as v from 'valibot'
import { fetchProblem } from '../fetch-problem.ts'

export const CLOUDFLARE_API = 'https://api.cloudflare.com/client/v4'

const EnvelopeSchema = v.object({
  success: v.boolean(),
  result: v.optional(v.unknown()),
  errors: v.optional(v.array(v.object({ code: v.number(), message: v.string() })), []),
})

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'

export type Cloudflare = {
  /** `path` below the account, with its query; the result as `schema` has it. @throws where the API refuses */
  readonly ask: <T>(method: Method, path: string, schema: Schema<T>, body?: unknown) => Promise<T>
  /** As `ask`, for reading; null where there is no such thing. */
  readonly find: <T>(path: string, schema: Schema<T>) => Promise<T | null>
}

type Schema<T> = v.GenericSchema<unknown, T>

export type CloudflareAccess = {
  readonly accountId: string
  readonly token: string
  /** Of the API, without a slash at the end. */
  readonly baseUrl: string
}

const TIMEOUT_MS = 60_000

/** From the environment, under wrangler's own names; or the names that are missing. */
export function readAccess(
  env: Readonly<Record<string, string | undefined>>,
): CloudflareAccess | { readonly missing: readonly string[] } {
  const accountId = env.CLOUDFLARE_ACCOUNT_ID?.trim() ?? ''
  const token = env.CLOUDFLARE_API_TOKEN?.trim() ?? ''
  const baseUrl = (env.CLOUDFLARE_API_BASE_URL?.trim() || CLOUDFLARE_API).replace(/\/+$/, '')
  const missing = [
    ...(accountId === '' ? ['CLOUDFLARE_ACCOUNT_ID'] : []),
    ...(token === '' ? ['CLOUDFLARE_API_TOKEN'] : []),
  ]
  return missing.length > 0 ? { missing } : { accountId, token, baseUrl }
}

export function createCloudflare({ accountId, token, baseUrl }: CloudflareAccess): Cloudflare {
  async function call(method: Method, path: string, body: unknown) {
    const response = await fetch(`${baseUrl}/accounts/${accountId}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new Error(`Cloudflare's API did not answer ${method} ${path}: ${fetchProblem(error)}`)
    })
    const text = await response.text()
    const envelope = v.safeParse(EnvelopeSchema, parseJson(text))
    return { status: response.status, envelope: envelope.success ? envelope.output : null }
  }

  function open<T>(method: Method, path: string, schema: Schema<T>, answer: Answer): T {
    const { status, envelope } = answer
    if (!envelope?.success) throw new Error(refusalOf(method, path, answer))
    const result = v.safeParse(schema, envelope.result)
    if (result.success) return result.output
    throw new Error(`Cloudflare answered ${method} ${path} with ${status} and an unknown form.`)
  }

  return {
    async ask(method, path, schema, body) {
      return open(method, path, schema, await call(method, path, body))
    },
    async find(path, schema) {
      const answer = await call('GET', path, undefined)
      return answer.status === 404 ? null : open('GET', path, schema, answer)
    },
  }
}

type Answer = {
  readonly status: number
  readonly envelope: v.InferOutput<typeof EnvelopeSchema> | null
}

function refusalOf(method: Method, path: string, { status, envelope }: Answer): string {
  const reasons = (envelope?.errors ?? []).map(({ code, message }) => `${message} (${code})`)
  const hint =
    status === 401 || status === 403
      ? ' Is the token of this account, and may it edit Workers scripts, D1 and Queues?'
      : ''
  return `Cloudflare answered ${method} ${path} with ${status}: ${reasons.join('; ') || 'no reason'}.${hint}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
