// Tries that are counted by account go with it to another database. Their rows name nobody, so those of all accounts of the
// database go along: in the other one they are of no use, and gone within a day.

import { LIMIT_WINDOW_MAX_MS } from './forget.ts'

/** What `limitScope` is called with where the account's own database counts. All others are counted in `DB`. */
export const ACCOUNT_LIMITS = [
  'confirm-account',
  'drill',
  'erased',
  'opt-out',
  'passkey-account',
  'passkey-used',
  'passkey-visit',
  'proof-visit',
  'prove-account',
  'prove-visit',
  'push-test',
  'totp-account',
  'totp-visit',
] as const

const ROWS_PER_PAGE = 2_000

type Counted = { readonly scope: string; readonly startedAt: number; readonly count: number }

/** Of two rows of one scope, the later stays. */
export async function copyLimits(from: D1Database, to: D1Database, now: number): Promise<void> {
  for (const kind of ACCOUNT_LIMITS) {
    for (let after = `${kind}:`, isMore = true; isMore; ) {
      const { results } = await from
        .prepare(
          `SELECT scope, window_started_at AS startedAt, count FROM attempt_limits
            WHERE scope > ?1 AND scope < ?2 AND window_started_at > ?3 ORDER BY scope LIMIT ?4`,
        )
        .bind(after, `${kind};`, now - LIMIT_WINDOW_MAX_MS, ROWS_PER_PAGE)
        .all<Counted>()
      const last = results.at(-1)
      if (last) {
        await mergeStatement(to, results).run()
        after = last.scope
      }
      isMore = results.length === ROWS_PER_PAGE
    }
  }
}

function mergeStatement(to: D1Database, rows: readonly Counted[]): D1PreparedStatement {
  return to
    .prepare(
      `INSERT INTO attempt_limits (scope, window_started_at, count)
        SELECT value ->> 'scope', value ->> 'startedAt', value ->> 'count' FROM json_each(?1) WHERE true
        ON CONFLICT (scope) DO UPDATE SET window_started_at = excluded.window_started_at, count = excluded.count
        WHERE (excluded.window_started_at, excluded.count) > (attempt_limits.window_started_at, attempt_limits.count)`,
    )
    .bind(JSON.stringify(rows))
}
