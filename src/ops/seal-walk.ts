// Walks through all that is sealed, account by account, and puts under the current key what an older one, or a version from
// before keys had names, has sealed; counts what each key holds, so that an old one can be dropped at zero. A pass begins
// when the list of keys changes, and goes on a page at a time, however much there is. See seal-pass.ts for when.

import { eq, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import {
  resealAccount,
  sealedAccountsStatement,
  sealedBindingsStatement,
} from '../account/reseal.ts'
import { resealLetter, sealedLettersStatement } from '../dead-letter/reseal.ts'
import type { Db } from '../lib/db.ts'
import { keyNames } from '../lib/derived-key.ts'
import type { Ports } from '../lib/ports.ts'
import type { HeldUse, ResealContext, Resealing } from '../lib/reseal.ts'
import { mayBeGuard, NONE_ON_ITS_WAY } from '../lib/slot-guard.ts'
import { resealContact, sealedContactsStatement } from '../lock/contact/reseal.ts'
import {
  countAlertsStatement,
  countMarksStatement,
  countUnrecognisedStatement,
} from '../login/count-marks.ts'
import { resealSubscription, sealedSubscriptionsStatement } from '../push/reseal.ts'
import { warnOfSeals } from './key-report.ts'
import { addCounts, NO_COUNTS, nextOf, type PassCounts } from './seal-pass.ts'
import { finishPassStatements, openingStatements } from './sealing-keys.ts'
import { sealWalks } from './tables.ts'

export type SealWalkContext = ResealContext & Pick<Ports, 'now'> & { readonly db: Db }

type Walk = typeof sealWalks.$inferSelect
type Statement = BatchItem<'sqlite'>

const NAME = 'sealed'
const ACCOUNTS_PER_PAGE = 200
/** An account has some two dozen at most, and an invocation may make a thousand. */
const STATEMENTS_PER_PAGE = 600
const LETTERS_PER_PAGE = 20

/** One row read, where there is nothing to do. */
export async function isSealWalkDue({ db, config, now }: SealWalkContext): Promise<boolean> {
  const [walk, names] = [await readWalk(db), await keyNames(config.dataKeys)]
  return nextOf(walk, names, now()) !== 'rest'
}

/** The next page; returns how many accounts and letters it went through, null once there is nothing left to do, or a slot is on its way. */
export async function walkSealedPage(context: SealWalkContext): Promise<number | null> {
  const { db, config, now } = context
  const names = await keyNames(config.dataKeys)
  const known = await readWalk(db)
  const next = nextOf(known, names, now())
  if (next === 'rest') return null
  const walk = next === 'go_on' ? known : await beginPass(context, names, known)
  if (walk === null) return null
  const page =
    walk.part === 'accounts' ? await accountsPage(context, walk) : await lettersPage(context, walk)
  const counts = addCounts(walk.counts, page.counts)
  const isLast = page.last === null && walk.part === 'dead_letters'
  const part = page.last === null ? 'dead_letters' : walk.part
  try {
    await db.batch([
      // What is sealed anew in a slot that is being copied would be left behind.
      db.run(sql.raw(NONE_ON_ITS_WAY)),
      // Before the others: of two at the same page, one counts it.
      db
        .update(sealWalks)
        .set({ part, after: page.last ?? '', counts })
        .where(isAt(walk)),
      ...page.statements,
      ...(isLast ? finishPassStatements(db, { ...walk, counts }, now()) : []),
    ])
  } catch (error) {
    if (mayBeGuard(error)) return null
    throw error
  }
  if (isLast) await warnOfSeals(db, walk.keyNames[0] ?? '')
  return page.size
}

async function readWalk(db: Db): Promise<Walk | null> {
  const [walk] = await db.select().from(sealWalks).where(eq(sealWalks.name, NAME))
  return walk ?? null
}

function isAt({ part, after, startedAt }: Walk) {
  return sql`name = ${NAME} AND part = ${part} AND "after" = ${after} AND started_at = ${startedAt}`
}

async function beginPass(
  { db, now }: SealWalkContext,
  names: readonly string[],
  former: Walk | null,
): Promise<Walk> {
  const startedAt = now()
  const pass: Omit<Walk, 'outstanding' | 'alerts' | 'unrecognised'> = {
    ...{ name: NAME, keyNames: names, part: 'accounts', after: '', startedAt, finishedAt: null },
    counts: NO_COUNTS,
  }
  const { outstanding = 0, alerts = 0, unrecognised = 0 } = former ?? {}
  await db.batch([
    db.insert(sealWalks).values(pass).onConflictDoUpdate({ target: sealWalks.name, set: pass }),
    ...openingStatements(db, names, startedAt),
  ])
  return { ...pass, outstanding, alerts, unrecognised }
}

type Page = {
  readonly size: number
  /** The key of its last row; null where the part ends with it. */
  readonly last: string | null
  readonly counts: PassCounts
  readonly statements: readonly Statement[]
}

async function accountsPage(context: SealWalkContext, walk: Walk): Promise<Page> {
  const { db } = context
  const [currentName = ''] = walk.keyNames
  const rows = await sealedAccountsStatement(db, walk.after, ACCOUNTS_PER_PAGE)
  const end = rows.length < ACCOUNTS_PER_PAGE ? null : (rows.at(-1)?.accountId ?? null)
  const range = { after: walk.after, until: end }
  const [bindings, devices, contacts] = await db.batch([
    sealedBindingsStatement(db, range),
    sealedSubscriptionsStatement(db, range),
    sealedContactsStatement(db, range),
  ])
  const bindingOf = new Map(bindings.map((binding) => [binding.accountId, binding]))
  const devicesOf = Map.groupBy(devices, ({ accountId }) => accountId)
  const contactOf = new Map(contacts.map((contact) => [contact.accountId, contact]))

  const done: Resealing[] = []
  const seen: (typeof rows)[number][] = []
  let statements = 0
  for (const row of rows) {
    const own = devicesOf.get(row.accountId) ?? []
    const contact = contactOf.get(row.accountId)
    const parts = [
      await resealAccount(db, context, row, bindingOf.get(row.accountId) ?? null),
      ...(contact ? [await resealContact(db, context, contact)] : []),
      ...(await Promise.all(
        own.map((device) => resealSubscription(db, context, device, currentName)),
      )),
    ]
    const more = parts.reduce((total, part) => total + part.statements.length, 0)
    if (seen.length > 0 && statements + more > STATEMENTS_PER_PAGE) break
    statements += more
    done.push(...parts)
    seen.push(row)
  }
  const last = seen.length < rows.length ? (seen.at(-1)?.accountId ?? null) : end
  const counted = { after: walk.after, until: last }
  const [marks, [lost], [sum]] = await db.batch([
    countMarksStatement(db, counted),
    countUnrecognisedStatement(db, counted, walk.keyNames),
    countAlertsStatement(db, seen),
  ])
  const ofMarks = marks.reduce(
    (total, { keyName, marks: count }) => addCounts(total, countsOf(keyName, 'login-mark', count)),
    { ...NO_COUNTS, alerts: sum?.alerts ?? 0, unrecognised: lost?.accounts ?? 0 },
  )
  return { size: seen.length, last, ...resealed(done, ofMarks) }
}

async function lettersPage(context: SealWalkContext, walk: Walk): Promise<Page> {
  const { db } = context
  const letters = await sealedLettersStatement(db, walk.after, LETTERS_PER_PAGE)
  const done = await Promise.all(letters.map((letter) => resealLetter(db, context, letter)))
  const last = letters.length < LETTERS_PER_PAGE ? null : (letters.at(-1)?.messageId ?? null)
  return { size: letters.length, last, ...resealed(done, NO_COUNTS) }
}

function resealed(done: readonly Resealing[], others: PassCounts) {
  const statements = done.flatMap((part) => part.statements)
  const counts = done
    .flatMap((part) => part.held)
    .reduce((total, { keyName, use }) => addCounts(total, countsOf(keyName, use, 1)), others)
  return { statements, counts: { ...counts, resealed: counts.resealed + statements.length } }
}

function countsOf(keyName: string, use: HeldUse, count: number): PassCounts {
  return { ...NO_COUNTS, held: { [keyName]: { [use]: count } } }
}
