// SQL past the Worker, one request for any number of statements. The local runtime's own proxy would stop this
// whole process, world included, for every statement.

import type { Runtime } from './runtime.ts'
import { controlWorker } from './stage.ts'

export type Value = string | number | null
export type Statement = { readonly sql: string; readonly values: readonly Value[] }

type Result = { readonly results: readonly Record<string, Value>[]; readonly meta: unknown }

/** All in one transaction, as a D1 batch is. */
export async function runSql(
  runtime: Runtime,
  statements: readonly Statement[],
): Promise<readonly Result[]> {
  const answer = await controlWorker(runtime, 'sql', statements)
  if (!answer.ok) throw new Error(`D1 said: ${await answer.text()}`)
  return answer.json() as Promise<readonly Result[]>
}

/** Our own tables. */
export async function tableNames(runtime: Runtime): Promise<readonly string[]> {
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
  const [tables] = await runSql(runtime, [{ sql, values: [] }])
  const names = tables?.results.map(({ name }) => String(name)) ?? []
  return names.filter((name) => !/^(_|sqlite_|d1_)/.test(name))
}

/** An empty database with all its tables. */
export async function forgetRows(runtime: Runtime): Promise<void> {
  const names = await tableNames(runtime)
  await runSql(
    runtime,
    names.map((name) => ({ sql: `DELETE FROM ${name}`, values: [] })),
  )
}

/** The same as a binding, for code of ours that is called from here: no more of it than drizzle uses. */
export function remoteDatabase(runtime: Runtime): D1Database {
  const all = async (statement: Statement) => {
    const [result] = await runSql(runtime, [statement])
    return result
  }
  const prepare = (sql: string, values: readonly Value[] = []) => ({
    sql,
    values,
    bind: (...bound: Value[]) => prepare(sql, bound),
    all: () => all({ sql, values }),
    run: () => all({ sql, values }),
    raw: async () => (await all({ sql, values }))?.results.map((row) => Object.values(row)),
  })
  const database = {
    prepare: (sql: string) => prepare(sql),
    batch: (statements: readonly Statement[]) =>
      runSql(
        runtime,
        statements.map(({ sql, values }) => ({ sql, values })),
      ),
  }
  return database as unknown as D1Database
}
