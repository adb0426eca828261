// The code an exchange starts from, as README and /docs show it: one source for both, held against the Worker by tests.
// It needs nothing but the official library and the settings it names.

import { paths } from '../paths.ts'

/** Reports a login. */
export const REPORT_LOGIN = `import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.LOCKLINE_WEBHOOK_SECRET ?? '') // whsec_…, one of WEBHOOK_SECRETS

export type Login = { account_id: string; session_id: string; ip: string; user_agent: string }

/** \`id\`: unique among all your logins, and the same whenever this one is reported again. */
export async function reportLogin(id: string, at: Date, login: Login): Promise<void> {
  const body = JSON.stringify({ type: 'login.succeeded', timestamp: at.toISOString(), data: login })
  const sentAt = new Date()
  const response = await fetch(\`\${process.env.LOCKLINE_URL}${paths.events}\`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, sentAt, body),
    },
    body,
    signal: AbortSignal.timeout(5_000), // no answer is no: report it again
  })
  // 202: stored durably. 400, 413, 415 and 422 will not get better; repeat anything else, signed anew.
  if (response.status !== 202) throw new Error(\`Lockline answered \${response.status}\`)
}`

/** Asks whether withdrawals are held, and lets nothing out without an answer. */
export const MAY_WITHDRAW = `export async function mayWithdraw(accountId: string): Promise<boolean> {
  try {
    const url = \`\${process.env.LOCKLINE_URL}/v1/accounts/\${encodeURIComponent(accountId)}/hold\`
    const response = await fetch(url, {
      headers: { authorization: \`Bearer \${process.env.LOCKLINE_API_KEY}\` },
      signal: AbortSignal.timeout(2_000),
    })
    const hold: unknown = response.ok ? await response.json() : null
    if (typeof hold !== 'object' || hold === null || !('held' in hold) || !('known' in hold)) return false
    // known: false is no yes: neither imported nor seen in a login, so a hold may stand under another spelling of the id.
    return hold.held === false && hold.known === true
  } catch {
    return false // no answer: let nothing out
  }
}`

/** Takes each kind of callback, and confirms what it has done. */
export const TAKE_CALLBACK = `import { Webhook, WebhookVerificationError } from 'standardwebhooks'

const callbacks = new Webhook(process.env.LOCKLINE_CALLBACK_SECRET ?? '') // one of CALLBACK_SECRETS

/** What you do. Each throws where it fails: then nothing is confirmed, and the callback comes again. */
export type Desk = {
  isDone(webhookId: string): Promise<boolean>
  markDone(webhookId: string): Promise<void>
  endAllSessions(accountId: string): Promise<void>
  endSession(accountId: string, sessionId: string): Promise<void>
  holdWithdrawals(accountId: string, until: Date): Promise<void>
  releaseWithdrawals(accountId: string): Promise<void> // from now on mayWithdraw() alone decides
  file(type: string, data: unknown): Promise<void> // for support, and to warn the owner by other means
}

type Callback = {
  type: string
  data: { account_id: string; session_id: string; hold_until: string; until: string }
}

export async function takeCallback(request: Request, desk: Desk): Promise<Response> {
  const body = await request.text() // raw: the signature is over these bytes
  let event: Callback
  try {
    event = callbacks.verify(body, Object.fromEntries(request.headers)) as Callback
  } catch (error) {
    if (error instanceof WebhookVerificationError) return new Response(null, { status: 401 })
    throw error
  }
  const id = request.headers.get('webhook-id') ?? ''
  if (await desk.isDone(id)) return new Response(null, { status: 204 })
  const { account_id, session_id, hold_until, until } = event.data
  switch (event.type) {
    case 'account.locked':
      await desk.endAllSessions(account_id)
      await desk.holdWithdrawals(account_id, new Date(hold_until))
      break
    case 'hold.started':
      await desk.holdWithdrawals(account_id, new Date(until))
      break
    case 'hold.lifted':
      await desk.releaseWithdrawals(account_id)
      break
    case 'session.revoked':
      await desk.endSession(account_id, session_id)
      break
    default:
      await desk.file(event.type, event.data)
  }
  await desk.markDone(id)
  return new Response(null, { status: 204 }) // only now: 2xx tells the owner that it is done
}`
