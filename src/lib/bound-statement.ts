// Statements of a login's hot path. Drizzle spells a statement anew each time it is asked, which costs more than D1's
// binding takes to carry it: here the text is spelled once for each shape, and from then on values are bound to it.
// For statements that every login or receipt makes; all others are better off as plain drizzle.

import { fillPlaceholders } from 'drizzle-orm'
import type { Db } from './db.ts'

/** A statement of drizzle's that nobody has awaited yet. */
export type Built = { readonly toSQL: () => { readonly sql: string; readonly params: unknown[] } }

/** As D1 takes it, beside those that were bound here. */
export function asBound(db: Db, built: Built): D1PreparedStatement {
  const { sql, params } = built.toSQL()
  return db.$client.prepare(sql).bind(...params)
}

/**
 * `build` spells the statement of a shape, with `sql.placeholder(name)` where a value goes; it must depend on the shape alone.
 * There must be few shapes: each is kept for as long as the isolate lives.
 */
export function createBoundStatement<Shape extends string>(
  build: (db: Db, shape: Shape) => Built,
): (db: Db, shape: Shape, values: object) => D1PreparedStatement {
  const spelled = new Map<Shape, ReturnType<Built['toSQL']>>()
  return (db, shape, values) => {
    const known = spelled.get(shape)
    const { sql, params } = known ?? build(db, shape).toSQL()
    if (!known) spelled.set(shape, { sql, params })
    return db.$client.prepare(sql).bind(...fillPlaceholders(params, { ...values }))
  }
}
