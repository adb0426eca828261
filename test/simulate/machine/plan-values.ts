// The values SQLite plans by. LIMIT, OFFSET and the column of a partial index are among them: bound, they make it plan
// the whole statement anew each time, which costs ten times the run. Written into the text, they lead to the same
// plan, made once for each value. Other values stay bound.

import type { SQLInputValue } from 'node:sqlite'
import type { Query } from './database.ts'

export type PlanValues = (query: Query) => Query

type Shape = { readonly parts: readonly string[]; readonly places: ReadonlySet<number> }

const NONE: ReadonlySet<number> = new Set()

/** `columns`: what partial indexes compare with a constant. */
export function createPlanValues(columns: readonly string[]): PlanValues {
  const before = new RegExp(`(limit|offset|\\b(${columns.join('|')})"? (=|<>))\\s+$`, 'i')
  const shapes = new Map<string, Shape>()

  function shapeOf(text: string): Shape {
    const known = shapes.get(text)
    if (known) return known
    const parts = text.split('?')
    const places = [...parts.keys()].filter((at) => before.test(parts[at] ?? ''))
    // A numbered value may stand in several places.
    const shape = { parts, places: /\?\d/.test(text) ? NONE : new Set(places) }
    shapes.set(text, shape)
    return shape
  }

  return (query) => {
    const { parts, places } = shapeOf(query.text)
    if (places.size === 0 || query.values.length !== parts.length - 1) return query
    let text = parts[0] ?? ''
    const values: SQLInputValue[] = []
    for (const [at, value] of query.values.entries()) {
      const literal = places.has(at) ? literalOf(value) : null
      if (literal === null) values.push(value)
      text += (literal ?? '?') + parts[at + 1]
    }
    return { text, values }
  }
}

function literalOf(value: SQLInputValue): string | null {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return Number.isSafeInteger(value) ? String(value) : null
}
