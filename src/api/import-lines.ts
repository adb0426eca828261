// The lines of a bulk import, one part of them after the other: read, imported, answered in their order. Keeps no more of them
// than a part.

import { errorFields, logError, logInfo } from '../lib/log.ts'
import { onShards } from '../lib/on-shards.ts'
import { PROBLEMS } from '../lib/problem.ts'
import { type Line, readLines } from '../lib/read-lines.ts'
import type { ApiContext } from './api-context.ts'
import type { ImportOfOne } from './import-account.ts'
import {
  type Imported,
  importChunk,
  NONE_IMPORTED,
  type StatementBudget,
} from './import-accounts.ts'
import {
  IMPORT_BODY_MAX_MIB,
  IMPORT_CHUNK,
  IMPORT_LINE_MAX,
  IMPORT_LINES_MAX,
  IMPORT_STATEMENTS_MAX,
} from './import-limits.ts'
import type { ImportEndAnswer, ImportedAnswer } from './import-spec.ts'
import { type ReadLine, readImportLine } from './read-import-line.ts'

const MIB = 1024 * 1024

type Counts = { stored: number; refused: number }

/**
 * Blank ones are counted, and not answered. `firstLine`: the number of the body's first; those before `fromLine` are passed
 * over. `write` gets the answers of a part once it is stored.
 */
export async function importLines(
  context: ApiContext,
  body: ReadableStream<Uint8Array> | null,
  {
    firstLine,
    fromLine,
    key,
  }: { readonly firstLine: number; readonly fromLine: number; readonly key: string },
  write: (answers: readonly ImportedAnswer[]) => void,
): Promise<ImportEndAnswer> {
  const bodyMax = IMPORT_BODY_MAX_MIB * MIB
  const lines = readLines(body, { lineMax: IMPORT_LINE_MAX, bodyMax, firstNumber: firstLine })
  const counts: Counts = { stored: 0, refused: 0 }
  const budget: StatementBudget = { left: IMPORT_STATEMENTS_MAX }
  const endAt = fromLine + IMPORT_LINES_MAX
  const end = (next: number | null, code?: ImportEndAnswer['code']): ImportEndAnswer => ({
    ...{ end: true, ...counts, next_line: next },
    ...(code === undefined ? {} : { code }),
  })
  let nextLine = fromLine
  while (true) {
    const part = await takePart(lines, { fromLine, endAt })
    try {
      const read = await Promise.all(part.lines.map((line) => readImportLine(context, line)))
      const stop = await importPart(context, read, { budget, counts, key, write })
      if (stop !== null) return end(stop.line, stop.code)
    } catch (error) {
      noteFailed(error)
      return end(nextLine, 'unavailable')
    }
    nextLine = part.nextLine ?? nextLine
    if (part.ending === 'all') return end(null)
    if (part.ending === 'too_large') return end(nextLine, 'body_too_large')
    if (part.ending === 'too_many') return end(nextLine)
  }
}

function noteFailed(error: unknown): void {
  logError('request.failed', { kind: 'import', ...errorFields(error) })
}

type Part = {
  readonly lines: readonly Line[]
  /** After the last one that was read; null where none was. */
  readonly nextLine: number | null
  readonly ending: 'more' | 'all' | 'too_large' | 'too_many'
}

async function takePart(
  lines: AsyncGenerator<Line, boolean>,
  { fromLine, endAt }: { readonly fromLine: number; readonly endAt: number },
): Promise<Part> {
  const taken: Line[] = []
  let nextLine: number | null = null
  while (taken.length < IMPORT_CHUNK) {
    const { done, value } = await lines.next()
    if (done) return { lines: taken, nextLine, ending: value ? 'all' : 'too_large' }
    if (value.number >= endAt) {
      await lines.return(true)
      return { lines: taken, nextLine: value.number, ending: 'too_many' }
    }
    if (value.number < fromLine) continue
    nextLine = value.number + 1
    if (value.text === null || value.text.trim() !== '') taken.push(value)
  }
  return { lines: taken, nextLine, ending: 'more' }
}

type Progress = {
  readonly budget: StatementBudget
  readonly counts: Counts
  /** By its short hash, whose request it is. */
  readonly key: string
  readonly write: (answers: readonly ImportedAnswer[]) => void
}

type Stop = { readonly line: number; readonly code?: 'unavailable' }

/** Null when all of it is done; else the line where it stopped. */
async function importPart(
  context: ApiContext,
  part: readonly ReadLine[],
  { budget, counts, key, write }: Progress,
): Promise<Stop | null> {
  for (const group of withoutDoubles(part)) {
    const ready = group.flatMap(({ one }) => one ?? [])
    const { count, loud, held, isAway } = await importReady(context, ready, budget)
    const untaken = ready[count]
    const stop = untaken ? group.findIndex(({ one }) => one === untaken) : group.length
    const done = group.slice(0, stop)
    const answers = done.map(({ one, answer }) =>
      one && held.includes(one.accountId) ? heldAnswer(answer) : answer,
    )
    for (const { status } of answers) counts[status === 200 ? 'stored' : 'refused'] += 1
    for (const { one, fields } of done) {
      if (!one || !loud.includes(one.accountId) || held.includes(one.accountId)) continue
      logInfo('account.imported', { account_id: one.accountId, fields, key })
    }
    write(answers)
    const stopped = group[stop]
    if (!stopped) continue
    const { line } = stopped.answer
    // Whoever got nowhere has to wait, whatever it was: at once he would get as far.
    const isStuck = counts.stored + counts.refused === 0
    return isAway || isStuck ? { line, code: 'unavailable' } : { line }
  }
  return null
}

function heldAnswer({ line, account_id: accountId }: ImportedAnswer): ImportedAnswer {
  const { status } = PROBLEMS.account_held
  return { line, status, code: 'account_held', ...(accountId && { account_id: accountId }) }
}

/**
 * Each in its database; how many of the first are done, and whether a database that is away ends them. What comes after them
 * may be done too: it is sent again, and changes nothing then.
 */
async function importReady(
  context: ApiContext,
  ready: readonly ImportOfOne[],
  budget: StatementBudget,
): Promise<Imported & { readonly isAway: boolean }> {
  const parts = await onShards(
    context.shards,
    ready,
    ({ accountId }) => accountId,
    (db, some) => importChunk(context, db, some, budget),
  )
  const imported = parts.map(({ items, outcome }) => {
    if (!outcome.ok) noteFailed(outcome.error)
    const { count, loud, held } = outcome.ok ? outcome.value : NONE_IMPORTED
    const untaken = items[count]
    const end = untaken ? ready.indexOf(untaken) : ready.length
    return { end, loud, held, isAway: !outcome.ok }
  })
  const count = Math.min(ready.length, ...imported.map(({ end }) => end))
  return {
    count,
    loud: imported.flatMap(({ loud }) => loud),
    held: imported.flatMap(({ held }) => held),
    isAway: imported.some(({ end, isAway }) => isAway && end === count),
  }
}

/** In groups, none of which has an account twice: the second line of it has to find what the first has done. */
export function withoutDoubles(part: readonly ReadLine[]): readonly (readonly ReadLine[])[] {
  const groups: ReadLine[][] = []
  let ids = new Set<string>()
  for (const read of part) {
    const accountId = read.one?.accountId
    const group = groups.at(-1)
    const isDouble = accountId !== undefined && ids.has(accountId)
    if (group && !isDouble) group.push(read)
    else {
      groups.push([read])
      ids = new Set()
    }
    if (accountId !== undefined) ids.add(accountId)
  }
  return groups
}
