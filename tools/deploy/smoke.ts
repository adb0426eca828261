// Asks a deployment from outside whether it is well: who answers, whether a forged event is refused, a signed one taken
// and D1 read. Alerts nobody: the signed event ends a session that never was, of an account that is nobody's.

import { RELEASE_HEADER } from '../../src/api/release.ts'
import { signCallback } from '../../src/exchange/sign.ts'
import { parseWebhookSecrets } from '../../src/lib/webhook-secret.ts'
import { paths } from '../../src/paths.ts'
import { fetchProblem } from '../fetch-problem.ts'

export type SmokePorts = {
  readonly fetch: typeof fetch
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
}

export type SmokeTest = {
  readonly origin: string
  readonly release: string
  /** Set while the version takes no traffic yet: it is asked for by name. */
  readonly version: { readonly worker: string; readonly id: string } | null
  /** As far as they are known here. */
  readonly secrets: { readonly webhook: string | null; readonly apiKey: string | null }
  readonly isReadOnly: boolean
}

export type SmokeLine = {
  readonly result: 'ok' | 'warn' | 'fail'
  readonly text: string
}

const TRIES = 45
const TRY_EVERY_MS = 2_000
const TIMEOUT_MS = 10_000
const WELL: readonly string[] = ['ok', 'well']
/** Nobody's: an exchange would have to call an account so. */
const ACCOUNT = 'lockline.smoke.test'

export async function smokeTest(test: SmokeTest, ports: SmokePorts): Promise<readonly SmokeLine[]> {
  const answers = await whoAnswers(test, ports)
  if (answers.result === 'fail') return [answers]
  const lines = [answers, await isForgeryRefused(test, ports)]
  if (!test.isReadOnly) lines.push(await isSignedTaken(test, ports))
  lines.push(await isHoldAnswered(test, ports))
  return lines
}

/** A new domain, a new version: both take a while to be known everywhere. */
async function whoAnswers(test: SmokeTest, ports: SmokePorts): Promise<SmokeLine> {
  let last = fail('was not asked')
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await ports.wait(TRY_EVERY_MS)
    last = await askHealth(test, ports)
    if (last.result !== 'fail') return last
  }
  return last
}

/** What is sick but answers may have been sick before: a release that mends it must not be kept out for it. */
async function askHealth(test: SmokeTest, ports: SmokePorts): Promise<SmokeLine> {
  const answer = await ask(test, ports, 'GET', paths.health)
  if (typeof answer === 'string') return fail(`${test.origin} does not answer: ${answer}`)
  const { status, body, release } = answer
  const word = /"status":\s*"(\w+)"/.exec(body)?.[1]
  const isAnswered = word !== undefined && word !== 'misconfigured' && [200, 503].includes(status)
  if (!isAnswered) return fail(`/healthz answers ${status}: ${body.slice(0, 600)}`)
  if (release !== test.release) {
    return fail(`/healthz is answered by ${release ?? 'another release'}, not by ${test.release}`)
  }
  return status === 200 && WELL.includes(word)
    ? ok(`/healthz: ${word}, release ${release}`)
    : warn(`/healthz, release ${release}: ${body.slice(0, 600)}`)
}

async function isForgeryRefused(test: SmokeTest, ports: SmokePorts): Promise<SmokeLine> {
  const headers = {
    'webhook-id': `smoke_${ports.now()}`,
    'webhook-timestamp': String(Math.floor(ports.now() / 1_000)),
    'webhook-signature': `v1,${btoa('x'.repeat(32))}`,
  }
  const answer = await ask(test, ports, 'POST', paths.events, headers, eventBody(test, ports))
  return statusLine('a forged event', answer, 401, 'is refused')
}

async function isSignedTaken(test: SmokeTest, ports: SmokePorts): Promise<SmokeLine> {
  const first = test.secrets.webhook?.split(/\s+/).find((text) => text.startsWith('whsec_'))
  const secrets = first === undefined ? null : parseWebhookSecrets([first])
  if (!secrets?.ok) return warn('no event was signed: WEBHOOK_SECRETS is not known here')
  const body = eventBody(test, ports)
  // Of a release always the same: said twice, it is stored once.
  const id = `smoke_${test.release}`
  const headers = await signCallback(secrets.value, id, body, ports.now())
  const answer = await ask(test, ports, 'POST', paths.events, headers, body)
  return statusLine('a signed event', answer, 202, 'is taken')
}

async function isHoldAnswered(test: SmokeTest, ports: SmokePorts): Promise<SmokeLine> {
  const key = keyThatMayAsk(test.secrets.apiKey)
  if (key === null) return warn('the hold question was not asked: no key that may is known here')
  const path = paths.accountHold.replace(':accountId', ACCOUNT)
  const answer = await ask(test, ports, 'GET', path, { authorization: `Bearer ${key}` })
  return statusLine('the hold question', answer, 200, 'is answered, D1 reads')
}

/** The first of API_KEYS that has no scopes, or the one it takes. */
function keyThatMayAsk(apiKeys: string | null): string | null {
  const keys = (apiKeys ?? '').split(/\s+/).filter((text) => text !== '')
  const able = keys.find((text) => !text.includes(':') || text.includes('holds.read'))
  return able?.split(':')[0] ?? null
}

function eventBody({ release }: SmokeTest, { now }: SmokePorts): string {
  const data = { account_id: ACCOUNT, session_id: `smoke-${release}` }
  return JSON.stringify({ type: 'session.ended', timestamp: new Date(now()).toISOString(), data })
}

type Answer = { readonly status: number; readonly body: string; readonly release: string | null }

/** What came back, or why nothing did. */
async function ask(
  { origin, version }: SmokeTest,
  ports: SmokePorts,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Answer | string> {
  const override: Readonly<Record<string, string>> = version
    ? { 'cloudflare-workers-version-overrides': `${version.worker}="${version.id}"` }
    : {}
  try {
    const response = await ports.fetch(`${origin}${path}`, {
      method,
      headers: { ...headers, ...override, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const release = response.headers.get(RELEASE_HEADER)
    return { status: response.status, body: await response.text(), release }
  } catch (error) {
    return fetchProblem(error)
  }
}

function statusLine(
  what: string,
  answer: Answer | string,
  status: number,
  good: string,
): SmokeLine {
  if (typeof answer === 'string') return fail(`${what} got no answer: ${answer}`)
  return answer.status === status
    ? ok(`${what} ${good} (${status})`)
    : fail(`${what} was answered ${answer.status}, not ${status}: ${answer.body.slice(0, 300)}`)
}

const ok = (text: string): SmokeLine => ({ result: 'ok', text })
const warn = (text: string): SmokeLine => ({ result: 'warn', text })
const fail = (text: string): SmokeLine => ({ result: 'fail', text })
