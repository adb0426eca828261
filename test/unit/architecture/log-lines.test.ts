// docs/operations.md against the calls that write the log: every field that a line can have stands in its event's row. Read
// from the syntax tree; what is spread from elsewhere than `errorFields` is not seen.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'rolldown/utils'
import { describe, expect, it } from 'vitest'
import { ROOT, readSources } from './source-files.ts'

type Call = { readonly event: string; readonly fields: readonly string[] }
type Node = { readonly type: string; readonly [key: string]: unknown }

const ERROR_FIELDS = ['error', 'message']
/** What `logVisit` writes beside its caller's. */
const VISIT_FIELDS = ['account_id', 'visit']

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value

const nodesIn = (value: unknown): readonly Node[] =>
  Array.isArray(value) ? value.filter(isNode) : []

const nameOf = (value: unknown): string => {
  if (!isNode(value)) return ''
  return value.type === 'Identifier' ? String(value.name) : String(value.value ?? '')
}

function callsIn(path: string, text: string): readonly Call[] {
  const { program } = parseSync(path, text, { lang: 'ts', sourceType: 'module' })
  const calls: Call[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one)
      return
    }
    if (!isNode(value)) return
    if (value.type === 'CallExpression') {
      const [first, second, third] = nodesIn(value.arguments)
      const callee = nameOf(value.callee)
      if (/^log(Info|Error)$/.test(callee) && first?.type === 'Literal') {
        calls.push({ event: nameOf(first), fields: fieldsOf(second) })
      }
      if (callee === 'logVisit') {
        calls.push({ event: nameOf(second), fields: [...VISIT_FIELDS, ...fieldsOf(third)] })
      }
    }
    for (const child of Object.values(value)) visit(child)
  }
  visit(program.body)
  return calls
}

function fieldsOf(node: Node | undefined): readonly string[] {
  if (node?.type === 'CallExpression' && nameOf(node.callee) === 'errorFields') return ERROR_FIELDS
  if (node?.type !== 'ObjectExpression') return []
  return nodesIn(node.properties).flatMap((property) =>
    property.type === 'SpreadElement'
      ? fieldsOf(isNode(property.argument) ? property.argument : undefined)
      : [nameOf(property.key)],
  )
}

const calls = readSources().flatMap(({ path, text }) => callsIn(path, text))
const rows = new Map(
  readFileSync(join(ROOT, 'docs/operations.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const event = /^\| `([a-z_]+\.[a-z_]+)` \|/.exec(line)?.[1]
      return event === undefined ? [] : [[event, line] as const]
    }),
)

describe('C1 the table of log lines', () => {
  it('has every field of every line', () => {
    expect(calls.length).toBeGreaterThan(50)
    const missing = calls.flatMap(({ event, fields }) => {
      const row = rows.get(event) ?? ''
      const isNamed = (field: string) =>
        row.includes(`\`${field}\``) || (field.endsWith('_id') && / ids? /.test(row))
      return fields.filter((field) => !isNamed(field)).map((field) => `${event}: ${field}`)
    })
    expect([...new Set(missing)]).toEqual([])
  })

  it('is of lines that are written', () => {
    const written = new Set(calls.map(({ event }) => event))
    expect([...rows.keys()].filter((event) => !written.has(event))).toEqual([])
  })
})
