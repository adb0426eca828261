// Code SMS counted in D1, and the guard asked before each. The count itself holds the limits, so that many
// who ask at once get no more than one after the other. Stores no number: a block of 10,000 is a keyed hash.

import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Db } from '../lib/db.ts'
import { logError, logInfo } from '../lib/log.ts'
import type { SealKeys } from '../lib/seal.ts'
import { DAY_MS } from '../lib/time.ts'
import type { CodePolicy } from './code-policy.ts'
import { readCodeStopStatement } from './code-stops.ts'
import { limitScope } from './limits.ts'
import {
  CODE_MEMORY_MS,
  type CodeAdvice,
  type CodeDecision,
  type CodeFacts,
  type CodeRoom,
  codeHourAt,
  decideCode,
  refusal,
} from './pumping.ts'
import { codeCaps, codeCounts } from './tables.ts'

/** Where codes to one number are counted. */
export type CodeScopes = { readonly country: string; readonly prefix: string }

export type CodeRequest = {
  readonly scopes: CodeScopes
  /** This account has verified this number before. */
  readonly isVerified: boolean
  /** Of an account that is no stranger: what others leave open does not stop it, and what it leaves open stops others. */
  readonly isKnown: boolean
  /** Of the SMS that is to be sent. */
  readonly segments: number
  readonly policy: CodePolicy
}

const EVERYWHERE = '*'
const NUMBERS_DIGITS = 4
/** Someone else took the room: what they left is looked at again, which almost always refuses. */
const TRIES = 3

/** `e164` with its plus, `country` as `parsePhone` gives it. */
export async function codeScopes(
  keys: SealKeys,
  phone: { readonly e164: string; readonly country: string },
): Promise<CodeScopes> {
  const block = phone.e164.slice(0, -NUMBERS_DIGITS)
  return { country: phone.country, prefix: await limitScope(keys, 'code-prefix', block) }
}

/**
 * Decides on one code SMS and counts it. To be asked once for each SMS, right before it is sent, also for
 * a repetition; throws when D1 is away, and then nothing may be sent to a number that is not verified.
 */
export async function checkCode(db: Db, request: CodeRequest, now: number): Promise<CodeDecision> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const facts = await readFacts(db, request, now)
    const advice = decideCode(facts, request.policy, now)
    if (advice.kind !== 'send') return await recordRefusal(db, { request, advice, facts }, now)
    if (await countSent(db, request, { ...advice, now })) return { kind: 'send' }
  }
  const facts = await readFacts(db, request, now)
  const advice = refusal(request.policy, 'country_budget')
  return await recordRefusal(db, { request, advice, facts }, now)
}

/**
 * Takes codes out of the open ones, for the batch that stores the verified number. `codesSentAt` are all
 * codes that went out for this binding: whoever asked twice and typed one was no attacker either time.
 */
export function verifiedStatements(
  db: Db,
  { country, prefix }: CodeScopes,
  codesSentAt: readonly number[],
) {
  const byHour = Map.groupBy(codesSentAt, codeHourAt)
  return [...byHour].map(([hourAt, codes]) =>
    db
      .update(codeCounts)
      .set({
        verified: sql`min(${codeCounts.sent}, ${codeCounts.verified} + ${codes.length})`,
      })
      .where(
        and(
          inArray(codeCounts.scope, [country, prefix, EVERYWHERE]),
          eq(codeCounts.hourAt, hourAt),
        ),
      ),
  )
}

async function readFacts(
  db: Db,
  { scopes, isVerified, isKnown, segments }: CodeRequest,
  now: number,
): Promise<CodeFacts> {
  const [rows, [today], stops] = await db.batch([
    db
      .select()
      .from(codeCounts)
      .where(
        and(
          inArray(codeCounts.scope, [scopes.country, scopes.prefix]),
          gt(codeCounts.hourAt, codeHourAt(now) - CODE_MEMORY_MS),
        ),
      ),
    db
      .select({ segments: sql<number>`coalesce(sum(${codeCounts.segments}), 0)` })
      .from(codeCounts)
      .where(and(eq(codeCounts.scope, EVERYWHERE), gt(codeCounts.hourAt, dayAtOf(now) - 1))),
    readCodeStopStatement(db, scopes.country, now),
  ])
  return {
    country: scopes.country,
    isStopped: stops.length > 0,
    isVerified,
    isKnown,
    segments,
    segmentsToday: today?.segments ?? 0,
    ofCountry: rows.filter((row) => row.scope === scopes.country),
    ofPrefix: rows.filter((row) => row.scope === scopes.prefix),
  }
}

type Place = { readonly room: CodeRoom; readonly isExcused: boolean; readonly now: number }

/** Counts the SMS if there is still room for it; false when another one took it meanwhile. */
async function countSent(
  db: Db,
  { scopes, isVerified, segments }: CodeRequest,
  { room, isExcused, now }: Place,
): Promise<boolean> {
  const hourAt = codeHourAt(now)
  // A verified number neither uses up a budget nor earns one.
  const counted = isVerified ? [EVERYWHERE] : [EVERYWHERE, scopes.country, scopes.prefix]
  const openSince = (scope: string, after: number) => sql`
    (SELECT coalesce(sum(max(0, sent - verified - excused)), 0) FROM code_counts
      WHERE scope = ${scope} AND hour_at > ${after})`
  const rows = await db.all(sql`
    INSERT INTO code_counts (scope, hour_at, sent, segments, excused)
    SELECT value, ${hourAt}, 1, ${segments}, ${isExcused ? 1 : 0} AND value = ${scopes.country} FROM json_each(${JSON.stringify(counted)})
    WHERE ${openSince(scopes.prefix, hourAt - 1)} < ${room.prefix.perHour}
      AND ${openSince(scopes.prefix, hourAt - DAY_MS)} < ${room.prefix.perDay}
      AND ${openSince(scopes.country, hourAt - 1)} < ${room.country.perHour}
      AND ${openSince(scopes.country, hourAt - DAY_MS)} < ${room.country.perDay}
      AND (SELECT coalesce(sum(segments), 0) FROM code_counts
        WHERE scope = ${EVERYWHERE} AND hour_at >= ${dayAtOf(now)}) + ${segments} <= ${room.segments}
    ON CONFLICT (scope, hour_at) DO UPDATE
      SET sent = sent + 1, segments = segments + excluded.segments,
        excused = excused + excluded.excused
    RETURNING scope`)
  return rows.length > 0
}

type Refused = {
  readonly request: CodeRequest
  readonly advice: Exclude<CodeAdvice, { readonly kind: 'send' }>
  readonly facts: CodeFacts
}

/** One that is only recorded goes out, and counts as sent too. */
async function recordRefusal(
  db: Db,
  { request, advice, facts }: Refused,
  now: number,
): Promise<CodeDecision> {
  const { scopes, policy } = request
  const isSent = advice.kind === 'would_refuse'
  const sent = isSent ? 1 : 0
  const segments = isSent ? request.segments : 0
  const hourAt = codeHourAt(now)
  // A refused code makes no row of its block: whoever tries all blocks must not fill the table.
  const counted = [EVERYWHERE, scopes.country, ...(isSent ? [scopes.prefix] : [])]
  await db
    .insert(codeCounts)
    .values(counted.map((scope) => ({ scope, hourAt, sent, segments, refused: 1 })))
    .onConflictDoUpdate({
      target: [codeCounts.scope, codeCounts.hourAt],
      set: {
        sent: sql`${codeCounts.sent} + ${sent}`,
        segments: sql`${codeCounts.segments} + ${segments}`,
        refused: sql`${codeCounts.refused} + 1`,
      },
    })
  const { reason } = advice
  logInfo('code.refused', { country: scopes.country, reason, is_sent: isSent })
  if (reason === 'spend_cap') await noteCapReached(db, policy, { facts, now })
  return advice
}

/** The first refusal of a day leaves a row and a line in the log, the others neither. */
async function noteCapReached(
  db: Db,
  { spendCapSegments, isEnforced }: CodePolicy,
  { facts, now }: { readonly facts: CodeFacts; readonly now: number },
): Promise<void> {
  const segments = facts.segmentsToday
  const first = await db
    .insert(codeCaps)
    .values({ dayAt: dayAtOf(now), reachedAt: now, segments, capSegments: spendCapSegments })
    .onConflictDoNothing()
    .returning()
  if (first.length === 0) return
  logError('code.spend_cap', { segments, cap_segments: spendCapSegments, is_enforced: isEnforced })
}

/** Midnight UTC. */
function dayAtOf(now: number): number {
  return now - (now % DAY_MS)
}
