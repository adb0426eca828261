// GET /docs as HTML: every call and event of the OpenAPI document, rendered from that document alone, so
// that the two cannot differ. No script, no asset, no word of its own on what a call does.

import { html } from 'hono/html'
import { PROBLEMS } from '../lib/problem.ts'
import { keysOf } from '../lib/table.ts'
import { paths } from '../paths.ts'
import { DOCS_CSS } from './docs-page-css.ts'
import { guide } from './docs-page-guide.ts'
import { parameterTable, resolveResponse, schemaTables } from './docs-page-schema.ts'
import { anchor, inline, jsonBlock, type Markup, paragraphs } from './docs-page-text.ts'
import type {
  Content,
  MediaType,
  OpenApiDocument,
  Operation,
  PathItem,
  Reference,
  Response,
} from './openapi/types.ts'

const METHODS = ['get', 'put', 'post', 'delete'] as const
const PROBLEM_TYPE = 'application/problem+json'

type Call = {
  readonly title: string
  readonly method: (typeof METHODS)[number]
  readonly operation: Operation
}

export function docsPage(document: OpenApiDocument, styleNonce: string): Markup {
  const { info, tags } = document
  const calls = [...callsOf(document.paths), ...callsOf(document.webhooks)]
  const ofTag = (name: string) => calls.filter(({ operation }) => operation.tags.includes(name))
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${info.title} API</title>
<style nonce="${styleNonce}">${DOCS_CSS}</style>
</head>
<body>
<a class="skip" href="#start">Skip to the guide</a>
<header>
<h1>${info.title} API</h1>
<p>${info.summary} Version ${info.version}; for programs: <a href="${paths.openapi}">OpenAPI 3.1</a>.</p>
</header>
<nav aria-label="Contents"><ul>
<li><a href="#start">Integration in five minutes</a></li>
${tags.map(({ name }) => navigation(name, ofTag(name)))}
<li><a href="#errors">Errors</a></li>
</ul></nav>
<main>
${paragraphs(info.description)}
${guide(document)}
<h2 id="access">Access</h2>
${Object.values(document.components.securitySchemes).map(({ description }) => paragraphs(description))}
${tags.map(
  ({ name, description }) => html`<h2 id="${anchor(name)}">${name}</h2>
${paragraphs(description)}
${ofTag(name).map((call) => callSection(document, call))}`,
)}
${errorsSection(document)}
</main>
<footer><p>${info.title} ${info.version}, ${info.license.name} licence. Data-centre names: <a href="https://db-ip.com">IP Geolocation by DB-IP</a>.</p></footer>
</body>
</html>`
}

function callsOf(items: Readonly<Record<string, PathItem>>): readonly Call[] {
  return Object.entries(items).flatMap(([title, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation ? [{ title, method, operation }] : []
    }),
  )
}

function navigation(name: string, calls: readonly Call[]): Markup {
  const items = calls.map(
    ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
  )
  return html`<li><a href="#${anchor(name)}">${name}</a><ul>${items}</ul></li>`
}

function callSection(document: OpenApiDocument, call: Call): Markup {
  const { title, method, operation } = call
  const body = operation.requestBody
  const parameters = operation.parameters ?? []
  return html`<section aria-labelledby="${operation.operationId}">
<h3 id="${operation.operationId}">${operation.summary}</h3>
<p><span class="method">${method.toUpperCase()}</span> <code>${title}</code></p>
${paragraphs(operation.description)}
<p>${accessNote(operation)}</p>
${parameters.length > 0 ? parameterTable('Parameters', parameters) : ''}
${
  body
    ? html`<h4>Request</h4>
<p>${body.required ? 'Required.' : 'Optional.'} ${inline(body.description ?? '')}</p>
${contentParts(document, `${operation.summary}: request`, body.content)}`
    : ''
}
<h4>Answers</h4>
${Object.entries(operation.responses).map(([status, response]) =>
  responsePart(document, operation, status, response),
)}
</section>`
}

function accessNote({ security }: Operation): Markup {
  const names = security.flatMap((scheme) => Object.keys(scheme))
  if (names.includes('apiKey')) return inline('Needs `Authorization: Bearer` and an API key.')
  if (names.includes('webhookSignature')) return inline('Signed; see the `webhook-` headers.')
  return inline('Open to anyone.')
}

function responsePart(
  document: OpenApiDocument,
  operation: Operation,
  status: string,
  given: Response | Reference,
): Markup {
  const response = resolveResponse(document, given)
  const { [PROBLEM_TYPE]: problem, ...content } = response.content ?? {}
  const codes = codesOf(problem)
  const headers = Object.entries(response.headers ?? {}).map(
    ([name, { description }]) => html`<li><code>${name}</code>: ${inline(description)}</li>`,
  )
  // What is only a problem is explained once for all, under Errors.
  const isPlainProblem = codes.length > 0 && Object.keys(content).length === 0
  const links = codes.map((code) => html` <a href="#error-${code}"><code>${code}</code></a>`)
  return html`<p><strong>${status}</strong>${links}${isPlainProblem ? '' : html` ${inline(response.description)}`}</p>
${headers.length > 0 && !isPlainProblem ? html`<ul>${headers}</ul>` : ''}
${contentParts(document, `${operation.summary}: answer ${status}`, content)}`
}

/** The codes a problem may have there. */
function codesOf(problem: MediaType | undefined): readonly string[] {
  const codes = problem?.schema.allOf?.flatMap(({ properties }) => [
    ...(properties?.code?.const === undefined ? [] : [properties.code.const]),
    ...(properties?.code?.enum ?? []),
  ])
  return codes?.map(String) ?? []
}

/** Of one among several. */
function wordsOf(problem: MediaType | undefined, code: string): string | undefined {
  const parts = problem?.schema.allOf ?? []
  return parts.flatMap(
    ({ properties }) => properties?.code?.['x-enumDescriptions']?.[code] ?? [],
  )[0]
}

function contentParts(document: OpenApiDocument, label: string, content: Content): Markup {
  const parts = Object.entries(content).map(([type, media]) => {
    const alone = media.example === undefined ? [] : [{ value: media.example, summary: undefined }]
    const examples = [...Object.values(media.examples ?? {}), ...alone].map(
      ({ summary, value }) => html`<p>${summary ?? 'Example'}</p>
${jsonBlock(`${label}, ${summary ?? 'example'}`, value)}`,
    )
    const tables = schemaTables(document, `${label} (${type})`, media.schema)
    return html`${tables.length > 0 ? tables : html`<p><code>${type}</code></p>`}
${examples.length > 0 ? html`<details><summary>Examples</summary>${examples}</details>` : ''}`
  })
  return html`${parts}`
}

function errorsSection(document: OpenApiDocument): Markup {
  // Several codes of one status are one response; each is told by itself.
  const advice = new Map(
    Object.values(document.components.responses).flatMap(({ description, content }) => {
      const problem = content?.[PROBLEM_TYPE]
      return codesOf(problem).map((code) => [code, wordsOf(problem, code) ?? description])
    }),
  )
  const rows = keysOf(PROBLEMS).flatMap((code) => {
    const { status, title } = PROBLEMS[code]
    const words = advice.get(code)
    if (words === undefined) return []
    return html`<tr><th scope="row" id="error-${code}"><code>${code}</code><span class="type">${status}</span></th><td>${title} ${inline(words)}</td></tr>`
  })
  return html`<h2 id="errors">Errors</h2>
<p>Every error is <code>${PROBLEM_TYPE}</code> (RFC 9457) with a stable <code>code</code>.</p>
${schemaTables(document, 'Fields of an error', { $ref: '#/components/schemas/Problem' })}
<table>
<caption>Codes</caption>
<thead><tr><th scope="col" class="first">Code</th><th scope="col">What to do</th></tr></thead>
<tbody>${rows}</tbody>
</table>`
}
