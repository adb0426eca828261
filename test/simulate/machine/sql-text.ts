// Drizzle's way from a statement to its text, shortened: it asks each piece up to eleven times of what kind it is, and
// that is a third of a run. Here the kind is asked once for each class. Drizzle itself still makes each text the first
// time it comes up, and whatever has a piece in it that is not known here; a text that differs ends the process: thrown
// inside the Worker, it would pass for one of its faults.

import { isDeepStrictEqual } from 'node:util'
import {
  Column,
  is,
  isSQLWrapper,
  Name,
  Param,
  Placeholder,
  SQL,
  type SQLWrapper,
  StringChunk,
  Subquery,
  Table,
  View,
} from 'drizzle-orm'

type Config = Parameters<SQL['toQuery']>[0]
type Draft = { text: string; readonly params: unknown[] }
type Kind = 'string' | 'name' | 'sql' | 'identifier' | 'param' | 'wrapper' | 'list' | 'unknown'

const drizzleToQuery = SQL.prototype.toQuery
const compared = new Set<string>()

let isShort = false

/** For the whole process, from now on. */
export function shortenToQuery(): void {
  if (isShort) return
  isShort = true
  SQL.prototype.toQuery = function toQuery(this: SQL, config) {
    const query = isUsual(config) ? shortly(this, config) : null
    if (query === null) return drizzleToQuery.call(this, config)
    if (!compared.has(query.sql)) {
      const { sql, params } = drizzleToQuery.call(this, config)
      if (!isDeepStrictEqual({ sql, params }, query)) {
        const error = new Error(`drizzle makes "${sql}", and the simulator "${query.sql}"`)
        setImmediate(() => {
          throw error
        })
      }
      compared.add(sql)
    }
    return query
  }
}

function isUsual({ inlineParams, prepareTyping, invokeSource, paramStartIndex }: Config): boolean {
  return !inlineParams && !prepareTyping && !invokeSource && !paramStartIndex
}

function shortly(statement: SQL, config: Config): { sql: string; params: unknown[] } | null {
  const draft: Draft = { text: '', params: [] }
  try {
    return write(statement, config, draft) ? { sql: draft.text, params: draft.params } : null
  } catch {
    // Drizzle says what is wrong with it.
    return null
  }
}

/** False when only drizzle knows what to make of it. */
function write(chunk: unknown, config: Config, draft: Draft): boolean {
  if (chunk === undefined) return true
  if (typeof chunk !== 'object' || chunk === null) return bind(chunk, config, draft)
  switch (kindOf(chunk)) {
    case 'string':
      draft.text += (chunk as StringChunk).value.join('')
      return true
    case 'name':
      draft.text += config.escapeName((chunk as Name).value)
      return true
    case 'identifier':
      draft.text += identifier(chunk as SQLWrapper, config)
      return true
    case 'sql':
      return !isInlined(chunk) && writeAll((chunk as SQL).queryChunks, config, draft)
    case 'param':
      return writeParam(chunk as Param, config, draft)
    case 'list':
      return writeList(chunk as unknown[], config, draft)
    case 'wrapper':
      return writeWrapper(chunk as SQLWrapper, config, draft)
    case 'unknown':
      return false
  }
}

function isInlined(chunk: object): boolean {
  return 'shouldInlineParams' in chunk && chunk.shouldInlineParams === true
}

function writeAll(chunks: readonly unknown[], config: Config, draft: Draft): boolean {
  for (const chunk of chunks) {
    if (!write(chunk, config, draft)) return false
  }
  return true
}

function writeList(list: readonly unknown[], config: Config, draft: Draft): boolean {
  draft.text += '('
  for (const [at, chunk] of list.entries()) {
    if (at > 0) draft.text += ', '
    if (!write(chunk, config, draft)) return false
  }
  draft.text += ')'
  return true
}

function writeWrapper(wrapper: SQLWrapper, config: Config, draft: Draft): boolean {
  if (wrapper.shouldOmitSQLParens?.()) return write(wrapper.getSQL(), config, draft)
  draft.text += '('
  const isDone = write(wrapper.getSQL(), config, draft)
  draft.text += ')'
  return isDone
}

function writeParam({ value, encoder }: Param, config: Config, draft: Draft): boolean {
  // Its value comes later: no encoder knows what to make of it.
  if (is(value, Placeholder)) return false
  const mapped = value === null ? null : encoder.mapToDriverValue(value)
  return is(mapped, SQL) ? false : bind(mapped, config, draft)
}

function bind(value: unknown, config: Config, draft: Draft): boolean {
  draft.text += config.escapeParam(draft.params.length, value)
  draft.params.push(value)
  return true
}

const identifiers = new WeakMap<SQLWrapper, string>()

/** A table or a column: its text is its own for good. */
function identifier(chunk: SQLWrapper, config: Config): string {
  const known = identifiers.get(chunk)
  if (known !== undefined) return known
  const { sql } = drizzleToQuery.call(new SQL([chunk]), config)
  identifiers.set(chunk, sql)
  return sql
}

const kinds = new WeakMap<object, Kind>()

function kindOf(chunk: object): Kind {
  const prototype: object = Object.getPrototypeOf(chunk) ?? chunk
  const known = kinds.get(prototype)
  if (known !== undefined) return known
  const kind = findKind(chunk)
  kinds.set(prototype, kind)
  return kind
}

/** In drizzle's order. */
function findKind(chunk: object): Kind {
  if (is(chunk, StringChunk)) return 'string'
  if (is(chunk, Name)) return 'name'
  if (Array.isArray(chunk)) return 'list'
  if (is(chunk, SQL)) return 'sql'
  if (is(chunk, Table) || is(chunk, Column)) return 'identifier'
  if (is(chunk, Param)) return 'param'
  const isKnownToDrizzleOnly =
    is(chunk, View) || is(chunk, Placeholder) || is(chunk, SQL.Aliased) || is(chunk, Subquery)
  return !isKnownToDrizzleOnly && isSQLWrapper(chunk) ? 'wrapper' : 'unknown'
}
