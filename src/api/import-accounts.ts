// Many imports at once, each with the effect of its own PUT. What is new, what only has a number for the first time and what
// changes nothing that is told goes into a few statements for all of them; whatever has to tell somebody, into statements of
// its own. D1 counts statements: so many accounts are saved as fit into what is left of them.

import type { BatchItem } from 'drizzle-orm/batch'
import * as v from 'valibot'
import type { Account } from '../account/accounts.ts'
import {
  type AccountToSave,
  cancelBindingsStatement,
  changeManyStatement,
  findManyStatement,
  firstNumbersStatement,
  hadNoNumber,
  hasNumber,
  insertManyStatement,
  readAccounts,
} from '../account/save-accounts.ts'
import { insertCallbacksStatement } from '../exchange/outbox.ts'
import type { Db } from '../lib/db.ts'
import { findHeld, refuseHeldStatement } from '../lock/refuse-held.ts'
import { nudgeNotices } from '../notice/post-notice.ts'
import type { ApiContext } from './api-context.ts'
import {
  hasWritten,
  type ImportOfOne,
  type ImportPlan,
  importAccount,
  importStatements,
  planImport,
} from './import-account.ts'

/** What a request has left of the thousand statements that an invocation may make. */
export type StatementBudget = { left: number }

/** The reads, and one of each kind of those for many. */
const FIXED_STATEMENTS = 9

type Statement = BatchItem<'sqlite'>

/** One account each, no two alike. */
export type Planned = { readonly account: Account | null; readonly plan: ImportPlan }

export type Imported = {
  /** The first so many of them. */
  readonly count: number
  /** Of those, the ones that a log has to name. */
  readonly loud: readonly string[]
  /** And those that were refused: they are held, and would have been another's by it. */
  readonly held: readonly string[]
}

export const NONE_IMPORTED: Imported = { count: 0, loud: [], held: [] }

/** Saves the first of `imports`, in their order, in one batch; fewer than all only where the budget is used up. */
export async function importChunk(
  context: ApiContext,
  db: Db,
  imports: readonly ImportOfOne[],
  budget: StatementBudget,
): Promise<Imported> {
  if (imports.length === 0 || budget.left <= FIXED_STATEMENTS) return NONE_IMPORTED
  // Before anything is awaited: the other databases take from the same.
  budget.left -= FIXED_STATEMENTS
  const ids = imports.map(({ accountId }) => accountId)
  const known = readAccounts(await findManyStatement(db, ids))
  const planned = await Promise.all(
    imports.map(async (one): Promise<Planned> => {
      const account = known.get(one.accountId) ?? null
      return { account, plan: await planImport(context, account, one) }
    }),
  )
  const changing = planned.filter(({ plan }) => plan.takesOver)
  const changed = changing.map(({ plan }) => plan.accountId)
  const held = new Set(await findHeld(db, changed, context.now()))
  const isHeld = ({ plan }: Planned) => plan.takesOver && held.has(plan.accountId)
  const affordable = takeAffordable(planned, budget)
  const taken = affordable.filter((one) => !isHeld(one))
  const missed = new Set(await save(context, db, taken))
  // Somebody else was at them meanwhile: again, as a PUT would.
  for (const one of imports.slice(0, affordable.length)) {
    if (!missed.has(one.accountId)) continue
    const imported = await importAccount(context, one.accountId, one.change, one.terms)
    if (imported === 'held') held.add(one.accountId)
  }
  // A first number has nobody to tell; what else changes with it is named all the same.
  const loud = taken.filter(
    ({ account, plan }) => plan.changesProtection || kindOf(account, plan) === 'loud',
  )
  return {
    count: affordable.length,
    loud: loud.map(({ plan }) => plan.accountId),
    held: affordable.map(({ plan }) => plan.accountId).filter((id) => held.has(id)),
  }
}

/** Those whose own statements fit. */
function takeAffordable(planned: readonly Planned[], budget: StatementBudget): readonly Planned[] {
  const end = planned.findIndex(({ account, plan }) => {
    const own = kindOf(account, plan) === 'loud' ? ownStatements(plan) : 0
    if (own > budget.left) return true
    budget.left -= own
    return false
  })
  return end < 0 ? planned : planned.slice(0, end)
}

/** Each notice, what is saved, a binding that is cancelled, a callback, a last look whether it is held. */
function ownStatements({ notices }: ImportPlan): number {
  return notices.length + 4
}

type Kind = 'new' | 'first_number' | 'quiet' | 'loud'

/** Pure: what changes the protection of a known account, told or not, or the state of a number is loud. */
export function kindOf(account: Account | null, plan: ImportPlan): Kind {
  const { phone, isOptedIn, changesProtection, change } = plan
  if (account === null) return 'new'
  const isOther = phone === 'other' || phone === 'other_told'
  if (isOther && typeof change.phoneSealed === 'string' && hadNoNumber(account)) {
    return 'first_number'
  }
  return isOther || isOptedIn || changesProtection ? 'loud' : 'quiet'
}

/** In one batch; returns the ids of those that were not as they had been read. */
async function save(
  context: ApiContext,
  db: Db,
  taken: readonly Planned[],
): Promise<readonly string[]> {
  const now = context.now()
  const of = (kind: Kind) =>
    taken.flatMap(({ account, plan }) =>
      kindOf(account, plan) === kind ? [{ ...plan, readAt: account?.updatedAt ?? null }] : [],
    )
  const [news, firsts, quiet, loud] = [of('new'), of('first_number'), of('quiet'), of('loud')]
  const own = loud.map((plan) => importStatements(db, plan, now))
  const unserved = [...news, ...firsts, ...quiet].flatMap((plan) => plan.unserved ?? [])
  const many = <T extends Statement>(saves: readonly AccountToSave[], make: () => T) =>
    saves.length > 0 ? [make()] : []
  const [withNumber, without] = [quiet.filter(hasNumber), quiet.filter((one) => !hasNumber(one))]
  const saving: readonly Statement[] = [
    ...many(news, () => insertManyStatement(db, news, now)),
    ...many(firsts, () => firstNumbersStatement(db, firsts, now)),
    ...many(withNumber, () => changeManyStatement(db, withNumber, now)),
    ...many(without, () => changeManyStatement(db, without, now)),
  ]
  const rest: readonly Statement[] = [
    ...many(firsts, () =>
      cancelBindingsStatement(
        db,
        firsts.map(({ accountId }) => accountId),
      ),
    ),
    ...(unserved.length > 0 ? [insertCallbacksStatement(db, unserved, now)] : []),
    ...many(firsts, () =>
      refuseHeldStatement(
        db,
        firsts.filter(({ takesOver }) => takesOver).map(({ accountId }) => accountId),
        now,
      ),
    ),
  ]
  const [head, ...others] = [...own.flat(), ...saving, ...rest]
  if (!head) return []
  const results: readonly unknown[] = await db.batch([head, ...others])
  await nudgePosted(context, loud, own, results)
  const at = own.flat().length
  const saved = new Set(results.slice(at, at + saving.length).flatMap(idsIn))
  return [...news, ...firsts, ...quiet]
    .map(({ accountId }) => accountId)
    .filter((id) => !saved.has(id))
}

const SavedSchema = v.array(v.object({ accountId: v.string() }))

function idsIn(rows: unknown): readonly string[] {
  const saved = v.safeParse(SavedSchema, rows)
  return saved.success ? saved.output.map(({ accountId }) => accountId) : []
}

/** Of those that were posted. */
async function nudgePosted(
  context: ApiContext,
  loud: readonly ImportPlan[],
  own: readonly (readonly Statement[])[],
  results: readonly unknown[],
): Promise<void> {
  let at = 0
  const posted = loud.flatMap(({ accountId, notices }, index) => {
    const first = at
    at += own[index]?.length ?? 0
    return notices.flatMap(({ noticeId }, nth) =>
      hasWritten(results[first + nth]) ? [{ accountId, noticeId }] : [],
    )
  })
  await nudgeNotices(context, posted)
}
