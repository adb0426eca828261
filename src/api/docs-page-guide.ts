// "Integration in five minutes" at the top of /docs: four steps with code that runs as it stands. Paths
// and examples come out of the document; a test runs the TypeScript.

import { html } from 'hono/html'
import { lockPath, paths } from '../paths.ts'
import { codeBlock, inline, type Markup } from './docs-page-text.ts'
import { toTemplate } from './openapi/path-template.ts'
import type { OpenApiDocument } from './openapi/types.ts'

/** Reports a login, signed with the official library. */
export function reportLoginCode(origin: string): string {
  return `import { Webhook } from 'standardwebhooks'

// whsec_…, the same as in WEBHOOK_SECRETS
const webhook = new Webhook(process.env.LOCKLINE_WEBHOOK_SECRET ?? '')

export type Login = {
  account_id: string
  session_id: string
  ip: string
  user_agent: string
}

export async function reportLogin(login: Login, loggedInAt: Date): Promise<void> {
  const body = JSON.stringify({
    type: 'login.succeeded',
    timestamp: loggedInAt.toISOString(),
    data: login,
  })
  // The same id whenever this login is reported again: it alerts once.
  const id = \`login_\${login.session_id}_\${loggedInAt.getTime()}\`
  const sentAt = new Date()
  const response = await fetch('${origin}${paths.events}', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, sentAt, body),
    },
    body,
  })
  // 202: stored. After anything else, report it again.
  if (response.status !== 202) throw new Error(\`Lockline answered \${response.status}\`)
}
`
}

/** Takes an event out: raw body in, true when it is to be answered with 2xx. */
export function takeEventCode(): string {
  return `import { Webhook } from 'standardwebhooks'

// whsec_…, one of CALLBACK_SECRETS
const webhook = new Webhook(process.env.LOCKLINE_CALLBACK_SECRET ?? '')

export type Actions = {
  endAllSessions(accountId: string): Promise<void>
  holdWithdrawals(accountId: string, until: string): Promise<void>
}

/** Throws unless the signature fits: answer 401 then, and 2xx once this has returned. */
export async function takeEvent(
  rawBody: string,
  headers: Record<string, string>,
  actions: Actions,
): Promise<void> {
  const event = webhook.verify(rawBody, headers) as {
    type: string
    data: { account_id: string; hold_until: string }
  }
  if (event.type === 'account.locked') {
    await actions.endAllSessions(event.data.account_id)
    await actions.holdWithdrawals(event.data.account_id, event.data.hold_until)
  }
}
`
}

export function guide(document: OpenApiDocument): Markup {
  const url = document.servers[0]?.url ?? '/'
  const origin = url === '/' ? 'https://lockline.example' : url
  const account = `${origin}${exampleUrl(document, paths.account)}`
  const hold = `${origin}${exampleUrl(document, paths.accountHold)}`
  return html`<h2 id="start">Integration in five minutes</h2>
<ol>
<li>Import an account and its mobile number.</li>
<li>Report each login, signed.</li>
<li>Ask before each withdrawal whether it is held.</li>
<li>Take the events out, above all <code>account.locked</code>.</li>
</ol>
<h3>1. Import an account</h3>
${codeBlock(
  'Import an account with curl',
  `curl -X PUT ${account} \\
  -H "Authorization: Bearer $LOCKLINE_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(firstExample(document, paths.account))}'`,
)}
<h3>2. Report a login</h3>
<p>With the official library: <code>npm install standardwebhooks</code></p>
${codeBlock('Report a login in TypeScript', reportLoginCode(origin))}
<p>The SMS that follows holds a link below <code>${origin}${lockPath('…')}</code>.</p>
<h3>3. Ask before a withdrawal</h3>
${codeBlock(
  'Ask for the hold with curl',
  `curl ${hold} \\
  -H "Authorization: Bearer $LOCKLINE_API_KEY"`,
)}
<p>${inline('`"held": true`: let nothing out. The same goes when no answer comes.')}</p>
<h3>4. Take the events out</h3>
<p>${inline('Give the raw body, before anything has parsed it. An event may come twice: do the same again, and answer 2xx.')}</p>
${codeBlock('Take an event in TypeScript', takeEventCode())}`
}

/** The path with the examples of its parameters in place. */
function exampleUrl(document: OpenApiDocument, path: string): string {
  const parameters = document.paths[toTemplate(path)]?.get?.parameters ?? []
  return toTemplate(path).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const found = parameters.find((parameter) => parameter.name === name)
    const [example] = Object.values(found?.examples ?? {})
    return String(example?.value ?? whole)
  })
}

function firstExample(document: OpenApiDocument, path: string): unknown {
  const body = document.paths[toTemplate(path)]?.put?.requestBody
  return Object.values(body?.content['application/json']?.examples ?? {})[0]?.value
}
