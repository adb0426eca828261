// Whether the exchange's receiver takes a callback that is signed, and refuses one that is not. The type is one that no
// callback has: a receiver that files what it does not know has nothing to do.

import { signCallback } from '../../src/exchange/sign.ts'
import { toBase64, utf8 } from '../../src/lib/base64.ts'
import { formatInstant } from '../../src/lib/time.ts'
import { parseWebhookSecrets } from '../../src/lib/webhook-secret.ts'
import { fetchProblem } from '../fetch-problem.ts'
import { fail, type Line, ok, warn } from './line.ts'

const TYPE = 'lockline.test'
const TIMEOUT_MS = 10_000
const NOBODYS_KEY = { kind: 'hmac', key: utf8('nobody has this key: it is a test') } as const

export type CallbackTest = {
  readonly url: string
  /** CALLBACK_SECRETS as far as they are known here. */
  readonly secrets: string | null
  readonly now: number
}

export async function callbackLines(
  test: CallbackTest,
  send: typeof fetch,
): Promise<readonly Line[]> {
  const forged = await post(test, [NOBODYS_KEY], send)
  if (typeof forged === 'string') {
    return [
      fail(`the exchange was not reached at CALLBACK_URL: ${forged}`, 'Its address, its firewall.'),
    ]
  }
  const lines = [judgeForged(forged)]
  const secrets = test.secrets === null ? null : parseWebhookSecrets(test.secrets.split(/\s+/))
  if (!secrets?.ok) {
    const act = 'Cloudflare shows no secret: give --secrets-file to have it tried.'
    return [...lines, warn('no signed callback was sent: CALLBACK_SECRETS is not known here', act)]
  }
  const signed = await post(test, secrets.value, send)
  return [...lines, judgeSigned(signed)]
}

function judgeForged(status: number): Line {
  return status >= 200 && status < 300
    ? fail(
        `the exchange takes a callback that nobody signed (${status})`,
        'Its receiver has to verify signatures: README, part 4. Anybody may post there.',
      )
    : ok(`the exchange refuses a callback that nobody signed (${status})`)
}

function judgeSigned(answer: number | string): Line {
  if (typeof answer === 'number' && answer >= 200 && answer < 300) {
    return ok(`the exchange takes a signed callback (${answer})`)
  }
  return fail(
    `the exchange does not take a signed callback (${answer})`,
    `Has it the first of CALLBACK_SECRETS? Types it does not know, like ${TYPE}, are to be answered 2xx.`,
  )
}

/** The status, or why there is none. */
async function post(
  { url, now }: CallbackTest,
  secrets: Parameters<typeof signCallback>[0],
  send: typeof fetch,
): Promise<number | string> {
  const body = JSON.stringify({ type: TYPE, timestamp: formatInstant(now), data: {} })
  const id = `test_${toBase64(crypto.getRandomValues(new Uint8Array(12))).replaceAll(/\W/g, '')}`
  try {
    const response = await send(url, {
      method: 'POST',
      headers: {
        ...(await signCallback(secrets, id, body, now)),
        ...{ 'content-type': 'application/json', 'user-agent': 'Lockline' },
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    return response.status
  } catch (error) {
    return fetchProblem(error)
  }
}
