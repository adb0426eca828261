// Brings a database's tables up to date over REST, as `wrangler d1 migrations apply` does and in its own table, so that
// either can go on where the other stopped. Each file is one transaction: done and noted, or neither.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloudflare } from '../cloudflare/api.ts'
import { queryDatabase } from '../cloudflare/databases.ts'

const NOTES = `CREATE TABLE IF NOT EXISTS "d1_migrations"(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);`

/** File names in the order of their numbers. */
export function migrationsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
}

/** @throws at the first file that fails, naming it; those before it are done */
export async function applyMigrations(
  cloudflare: Cloudflare,
  databaseId: string,
  folder: string,
  files: readonly string[],
): Promise<void> {
  await queryDatabase(cloudflare, databaseId, NOTES)
  for (const file of files) {
    const sql = readFileSync(join(folder, file), 'utf8')
    const note = `INSERT INTO "d1_migrations" (name) VALUES ('${file.replaceAll("'", "''")}');`
    try {
      await queryDatabase(cloudflare, databaseId, `${sql}\n${note}`)
    } catch (error) {
      throw new Error(
        `Migration ${file} failed and left nothing behind; nothing was uploaded.\n${wordsOf(error)}`,
      )
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
