// D1 over REST: find by name, create, query, where Time Travel stands.

import * as v from 'valibot'
import type { Cloudflare } from './api.ts'

const DatabaseSchema = v.object({ uuid: v.string(), name: v.string() })
const QuerySchema = v.array(
  v.object({ results: v.optional(v.array(v.record(v.string(), v.unknown())), []) }),
)
const BookmarkSchema = v.object({ bookmark: v.string() })

/** The id of the database of exactly this name; null where there is none. */
export async function findDatabase(cloudflare: Cloudflare, name: string): Promise<string | null> {
  const query = new URLSearchParams({ name, per_page: '100' })
  // The API looks for names that hold this one, too.
  const found = await cloudflare.ask('GET', `d1/database?${query}`, v.array(DatabaseSchema))
  return found.find((database) => database.name === name)?.uuid ?? null
}

/** `location`: like `weur`; cannot be changed later. Null lets Cloudflare choose by where the call comes from. */
export async function createDatabase(
  cloudflare: Cloudflare,
  name: string,
  location: string | null,
): Promise<string> {
  const body = { name, ...(location === null ? {} : { primary_location_hint: location }) }
  return (await cloudflare.ask('POST', 'd1/database', DatabaseSchema, body)).uuid
}

/** Several statements are one transaction. The rows of the first one. */
export async function queryDatabase(
  cloudflare: Cloudflare,
  id: string,
  sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const [first] = await cloudflare.ask('POST', `d1/database/${id}/query`, QuerySchema, { sql })
  return first?.results ?? []
}

/** Where the database stands now: `wrangler d1 time-travel restore` goes back to it for 30 days. */
export async function readBookmark(cloudflare: Cloudflare, id: string): Promise<string> {
  const path = `d1/database/${id}/time_travel/bookmark`
  return (await cloudflare.ask('GET', path, BookmarkSchema)).bookmark
}

/** How much of the 10 GB is used. */
export async function databaseBytes(cloudflare: Cloudflare, id: string): Promise<number> {
  const schema = v.object({ file_size: v.optional(v.number(), 0) })
  return (await cloudflare.ask('GET', `d1/database/${id}`, schema)).file_size
}
