// JSON Schemas as tables: one row a field, nested fields by their path. Refuses nothing; a $ref that
// leads nowhere is a bug and throws.

import { html } from 'hono/html'
import { inline, type Markup } from './docs-page-text.ts'
import type { OpenApiDocument, Parameter, Reference, Response, Schema } from './openapi/types.ts'

type Row = { readonly path: string; readonly schema: Schema; readonly isRequired: boolean }

export function resolveSchema(document: OpenApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema
  const found = document.components.schemas[nameOf(schema.$ref)]
  if (!found) throw new Error(`nothing at ${schema.$ref}`)
  return { ...found, ...(schema.description ? { description: schema.description } : {}) }
}

export function resolveResponse(
  document: OpenApiDocument,
  response: Response | Reference,
): Response {
  if (!('$ref' in response)) return response
  const found = document.components.responses[nameOf(response.$ref)]
  if (!found) throw new Error(`nothing at ${response.$ref}`)
  return found
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}

/** One table, or one for each of several shapes. */
export function schemaTables(
  document: OpenApiDocument,
  caption: string,
  schema: Schema,
): readonly Markup[] {
  const resolved = resolveSchema(document, schema)
  if (resolved.oneOf) {
    return resolved.oneOf.flatMap((one) =>
      schemaTables(document, `${caption}: ${nameOf(one.$ref ?? '')}`, one),
    )
  }
  const rows = rowsOf(document, resolved, '')
  return rows.length === 0 ? [] : [table(caption, rows)]
}

export function parameterTable(caption: string, given: readonly Parameter[]): Markup {
  const rows = given.map(({ name, schema, description, required, in: place }) => ({
    path: name,
    schema: { ...schema, description: `In the ${place}. ${description}` },
    isRequired: required,
  }))
  return table(caption, rows)
}

function rowsOf(document: OpenApiDocument, schema: Schema, prefix: string): readonly Row[] {
  const object = objectIn(document, schema)
  const required = new Set(object?.required)
  return Object.entries(object?.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`
    const inner = resolveSchema(document, property)
    const items = inner.items && resolveSchema(document, inner.items)
    return [
      { path, schema: inner, isRequired: required.has(name) },
      ...rowsOf(document, inner, `${path}.`),
      ...(items ? rowsOf(document, items, `${path}[].`) : []),
    ]
  })
}

/** The object itself, or the one that may be null instead. */
function objectIn(document: OpenApiDocument, schema: Schema): Schema | undefined {
  if (schema.properties) return schema
  return schema.anyOf?.map((one) => resolveSchema(document, one)).find((one) => one.properties)
}

function table(caption: string, rows: readonly Row[]): Markup {
  return html`<table>
<caption>${caption}</caption>
<thead><tr><th scope="col" class="first">Field</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows.map(row)}</tbody>
</table>`
}

function row({ path, schema, isRequired }: Row): Markup {
  const type = [typeOf(schema), ...limitsOf(schema), ...(isRequired ? [] : ['optional'])]
  const words = Object.entries(schema['x-enumDescriptions'] ?? {})
  const list = words.map(
    ([word, meaning]) => html`<li><code>${word}</code> ${inline(meaning)}</li>`,
  )
  return html`<tr><th scope="row"><code>${path}</code><span class="type">${type.join(', ')}</span></th><td>${inline(
    schema.description ?? '',
  )}${words.length > 0 ? html`<ul class="words">${list}</ul>` : ''}</td></tr>`
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const given = schema.type ?? schema.anyOf?.flatMap((one) => one.type)
  const types = [given ?? []].flat().filter((type) => type !== undefined)
  if (types.length === 0) return 'any'
  return types.map((type) => typeName(schema, type)).join(' or ')
}

function typeName(schema: Schema, type: string): string {
  if (type === 'array') return 'list'
  if (type === 'integer') return 'whole number'
  if (type !== 'string') return type
  const formats = [schema, ...(schema.anyOf ?? [])].flatMap(({ format }) => format ?? [])
  return formats.length > 0 ? formats.join(' or ') : 'string'
}

function limitsOf(schema: Schema): readonly string[] {
  const { pattern, minLength, maxLength, minimum, maximum } = schema
  const isListed = schema['x-enumDescriptions'] === undefined && schema.enum !== undefined
  return [
    ...(pattern === undefined ? [] : [pattern]),
    ...(minLength === undefined ? [] : [`at least ${minLength} long`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} long`]),
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
    ...(isListed ? [`one of ${schema.enum.map((word) => JSON.stringify(word)).join(' ')}`] : []),
  ]
}
