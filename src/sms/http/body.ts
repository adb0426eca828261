// The body of a template: JSON or a form. Values go into the parsed document, never into its text, so
// that no value can end a text and begin something of its own.

import { isRecord } from '../json-fields.ts'
import {
  fillPattern,
  NUMBERS,
  type Pattern,
  PLACEHOLDERS,
  type Placeholder,
  type PlaceholderValues,
  parsePattern,
} from './placeholders.ts'

export type JsonTemplate =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'text'; readonly pattern: Pattern }
  /** Alone in its text: a number, or the word for an alphabet in its own type. */
  | { readonly kind: 'value'; readonly placeholder: Placeholder; readonly isNumber: boolean }
  | { readonly kind: 'list'; readonly items: readonly JsonTemplate[] }
  | { readonly kind: 'record'; readonly members: readonly (readonly [string, JsonTemplate])[] }

const DEPTH_MAX = 16

/** `report` is told the keys that lead to each mistake; what is returned then is not to be used. */
export function parseJsonTemplate(
  value: unknown,
  report: (keys: readonly string[], detail: string) => void,
  keys: readonly string[] = [],
): JsonTemplate {
  if (keys.length > DEPTH_MAX) {
    report(keys, `is nested more than ${DEPTH_MAX} deep`)
  } else if (typeof value === 'string') {
    return parseText(value, (detail) => report(keys, detail))
  } else if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) =>
      parseJsonTemplate(item, report, [...keys, String(index)]),
    )
    return { kind: 'list', items }
  } else if (isRecord(value)) {
    const members = Object.entries(value).map(([name, member]) => {
      if (/\{[a-z_]+\}/.test(name)) report(keys, 'has a placeholder in a name')
      return [name, parseJsonTemplate(member, report, [...keys, name])] as const
    })
    return { kind: 'record', members }
  }
  return { kind: 'literal', value }
}

function parseText(text: string, report: (detail: string) => void): JsonTemplate {
  const [, name] = /^\{([a-z_]+):number\}$/.exec(text) ?? []
  if (name !== undefined) {
    const placeholder = NUMBERS.find((known) => known === name)
    if (placeholder) return { kind: 'value', placeholder, isNumber: true }
    report(`may hold numbers only of: ${NUMBERS.join(', ')}`)
  }
  if (text === '{encoding}') return { kind: 'value', placeholder: 'encoding', isNumber: false }
  const pattern = name === undefined ? parsePattern(text, PLACEHOLDERS) : null
  if (pattern?.ok === false) report(pattern.error)
  return { kind: 'text', pattern: pattern?.ok ? pattern.value : [] }
}

/** The document's text. Members and items without a value are left out, objects left empty too. */
export function fillJson(template: JsonTemplate, values: PlaceholderValues): string {
  return JSON.stringify(fillNode(template, values) ?? {})
}

function fillNode(template: JsonTemplate, values: PlaceholderValues): unknown {
  switch (template.kind) {
    case 'literal':
      return template.value
    case 'text':
      return fillPattern(template.pattern, values, (value) => value)
    case 'value': {
      const value = values[template.placeholder]
      return template.isNumber && value !== undefined ? Number(value) : value
    }
    case 'list':
      return template.items
        .map((item) => fillNode(item, values))
        .filter((item) => item !== undefined)
    case 'record': {
      const members = template.members
        .map(([name, member]) => [name, fillNode(member, values)] as const)
        .filter(([, member]) => member !== undefined)
      const isEmptied = members.length === 0 && template.members.length > 0
      return isEmptied ? undefined : Object.fromEntries(members)
    }
  }
}

/** `application/x-www-form-urlencoded`, UTF-8 (WHATWG URL §5.2). */
export function fillForm(
  fields: Readonly<Record<string, Pattern>>,
  values: PlaceholderValues,
): string {
  const form = new URLSearchParams()
  for (const [name, pattern] of Object.entries(fields)) {
    const value = fillPattern(pattern, values, (text) => text)
    if (value !== undefined) form.append(name, value)
  }
  return form.toString()
}

/** Every placeholder of a JSON template. */
export function placeholdersOfJson(template: JsonTemplate): readonly Placeholder[] {
  switch (template.kind) {
    case 'literal':
      return []
    case 'text':
      return placeholdersOf(template.pattern)
    case 'value':
      return [template.placeholder]
    case 'list':
      return template.items.flatMap(placeholdersOfJson)
    case 'record':
      return template.members.flatMap(([, member]) => placeholdersOfJson(member))
  }
}

export function placeholdersOf(pattern: Pattern): readonly Placeholder[] {
  return pattern.flatMap((part) => (typeof part === 'string' ? [] : [part.placeholder]))
}
