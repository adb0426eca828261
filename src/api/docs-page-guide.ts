// "Integration in five minutes" at the top of /docs: four steps with the code of samples.ts. Paths and
// examples come out of the document.

import { html } from 'hono/html'
import { lockPath, paths } from '../paths.ts'
import { codeBlock, inline, type Markup } from './docs-page-text.ts'
import { toTemplate } from './openapi/path-template.ts'
import type { OpenApiDocument } from './openapi/types.ts'
import { MAY_WITHDRAW, REPORT_LOGIN, TAKE_CALLBACK } from './samples.ts'

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
${codeBlock('Report a login in TypeScript', `${REPORT_LOGIN}\n`)}
<p>Here <code>LOCKLINE_URL</code> is <code>${origin}</code>.</p>
<p>The SMS that follows holds a link below <code>${origin}${lockPath('…')}</code>.</p>
<h3>3. Ask before a withdrawal</h3>
${codeBlock(
  'Ask for the hold with curl',
  `curl ${hold} \\
  -H "Authorization: Bearer $LOCKLINE_API_KEY"`,
)}
<p>${inline('`"held": true`: let nothing out. The same goes when no answer comes.')}</p>
${codeBlock('Ask for the hold in TypeScript', `${MAY_WITHDRAW}\n`)}
<h3>4. Take the events out</h3>
<p>${inline('Give the raw body, before anything has parsed it. An event may come twice, and 2xx says that what it asks is done.')}</p>
${codeBlock('Take an event in TypeScript', `${TAKE_CALLBACK}\n`)}`
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
