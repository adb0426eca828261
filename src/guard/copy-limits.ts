// Tries that are counted by account go with it to another database. Their rows name nobody, so those of all accounts of the
// database go along: in the other one they are of no use, and gone within a day.

import { LIMITS_KEPT_MS } from './forget.ts'

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

/** Of one kind; of all of them together a text of a million characters. */
const ROWS_PER_PAGE = 500

type Counted = { readonly scope: string; readonly startedAt: number; readonly count: number }

/** Of two rows of one scope, the later stays. The next page of all kinds in one call: a slot is on its way meanwhile. */
export async function copyLimits(from: D1Database, to: D1Database, now: number): Promise<void> {
  let places = ACCOUNT_LIMITS.map((kind) => ({ after: `${kind}:`, end: `${kind};` }))
  while (places.length > 0) {
    const found = await from.batch<Counted>(places.map((place) => pageStatement(from, place, now)))
    const pages = found.map(({ results }) => results)
    const rows = pages.flat()
    if (rows.length > 0) await mergeStatement(to, rows).run()
    places = places.flatMap(({ end }, index) => {
      const page = pages[index] ?? []
      const last = page.at(-1)
      return last && page.length === ROWS_PER_PAGE ? [{ after: last.scope, end }] : []
    })
  }
}

function pageStatement(
  from: D1Database,
  { after, end }: { readonly after: string; readonly end: string },
  now: number,
): D1PreparedStatement {
  return from
    .prepare(
      `SELECT scope, window_started_at AS startedAt, count FROM attempt_limits
        WHERE scope > ?1 AND scope < ?2 AND window_started_at > ?3 ORDER BY scope LIMIT ?4`,
    )
    .bind(after, end, now - LIMITS_KEPT_MS, ROWS_PER_PAGE)
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
