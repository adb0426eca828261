// What finishes together is written together: alerts of one queue batch hand in their statements, and
// one D1 batch takes all that came within a few milliseconds. D1 works through calls one by one, so
// calls, not rows, are what a burst of logins runs out of.

import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../lib/db.ts'
import { errorFields, logError } from '../lib/log.ts'
import type { Cancel, Ports } from '../lib/ports.ts'

/** Long enough for answers of one provider to come in together, short beside any network. */
const WAIT_MS = 10

const RETRY_PAUSES_MS = [100, 400]

type WriterContext = Pick<Ports, 'after'> & { readonly db: Db }

type Statement = BatchItem<'sqlite'>

type Group = {
  readonly statements: readonly Statement[]
  readonly resolve: (results: readonly D1Result[]) => void
  readonly reject: (error: unknown) => void
}

export type GroupWriter = {
  /** The results of `statements`, in order. All groups of one D1 batch succeed or fail as one. */
  readonly write: (statements: readonly Statement[]) => Promise<readonly D1Result[]>
  /** One member has nothing more to write: the others need not wait for it. */
  readonly leave: () => void
}

/** For `members` alerts side by side; writes at once when every member still there has handed in. */
export function createGroupWriter(context: WriterContext, members: number): GroupWriter {
  let present = members
  let waiting: Group[] = []
  let cancelTimer: Cancel | null = null

  function flush(): void {
    cancelTimer?.()
    cancelTimer = null
    const groups = waiting
    waiting = []
    const [first, ...rest] = groups.flatMap((group) => group.statements)
    if (first) void writeGroups(context, groups, [first, ...rest])
  }

  return {
    write: (statements) =>
      new Promise((resolve, reject) => {
        waiting.push({ statements, resolve, reject })
        if (waiting.length >= present) flush()
        else cancelTimer ??= context.after(WAIT_MS, flush)
      }),
    leave: () => {
      present -= 1
      if (waiting.length > 0 && waiting.length >= present) flush()
    },
  }
}

/**
 * A provider has the message by now: losing the note of it would send it again. Repeating the batch is
 * safe, since every statement in it asks for the version it was made for.
 */
async function batchWithRetry(
  { db, after }: WriterContext,
  statements: [Statement, ...Statement[]],
) {
  for (const pauseMs of RETRY_PAUSES_MS) {
    try {
      return await db.batch(statements)
    } catch (error) {
      logError('job.failed', { queue: 'alerts', kind: 'record', ...errorFields(error) })
      await new Promise<void>((resolve) => after(pauseMs, resolve))
    }
  }
  return db.batch(statements)
}

async function writeGroups(
  context: WriterContext,
  groups: readonly Group[],
  statements: [Statement, ...Statement[]],
): Promise<void> {
  try {
    const results = await batchWithRetry(context, statements)
    let next = 0
    for (const group of groups) {
      const end = next + group.statements.length
      group.resolve(results.slice(next, end) as D1Result[])
      next = end
    }
  } catch (error) {
    for (const group of groups) group.reject(error)
  }
}
