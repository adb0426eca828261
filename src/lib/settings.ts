// What a setting of the Worker is: one entry that says its name, how it is read and what README tells
// of it. Rooms list their own; config.ts gathers the lists, and README's tables are made of them. Env is
// read nowhere else, and a test holds that what is read is listed.

import type { Result } from './result.ts'
import { mapValues } from './table.ts'

/** Env as the runtime gives it: anything may be missing or of another kind. */
export type Settings = Readonly<Record<string, unknown>>

export type SettingProblem = { readonly setting: string; readonly problem: string }

/** How a value is read; where it is absent, too. `context` is what the value is checked against. */
export type SettingKind<T, Context = unknown> = {
  /** Refused where it is absent; with `when` in the notes, only then. */
  readonly isRequired: boolean
  /** For README: what is read and what stands in, like `1 to 1000` and `3`. */
  readonly bounds?: string
  readonly fallback?: string
  readonly read: (value: unknown, context: Context) => Result<T, string | readonly string[]>
}

/** What an operator has to know; README's row. */
export type SettingNotes = {
  /** Format and meaning, in Markdown, on one line. */
  readonly help: string
  /** Kept out of `[vars]` of wrangler.toml. */
  readonly isSecret?: boolean
  /** The command that makes one. */
  readonly make?: string
  /** When it is needed, where neither always nor never is true. */
  readonly when?: string
}

export type Setting<T, Context = unknown> = SettingKind<T, Context> &
  SettingNotes & { readonly name: string }

/** Settings by the names their values have in the code. `never`: whatever they are checked against. */
export type SettingTable<Context = never> = Readonly<Record<string, Setting<unknown, Context>>>

export type ValuesOf<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer T, never> ? T : never
}

export function setting<T, Context = unknown>(
  name: string,
  kind: SettingKind<T, Context>,
  notes: SettingNotes,
): Setting<T, Context> {
  return { name, ...kind, ...notes }
}

/** Whether there is any text to read. */
export function isSet(settings: Settings, name: string): boolean {
  const value = settings[name]
  return typeof value === 'string' && value.trim() !== ''
}

/** `T`, or null after the problem was recorded. */
export function readSetting<T, Context>(
  { name, read }: Setting<T, Context>,
  settings: Settings,
  problems: SettingProblem[],
  context: Context,
): T | null {
  const value = read(settings[name], context)
  if (value.ok) return value.value
  for (const problem of [value.error].flat()) problems.push({ setting: name, problem })
  return null
}

/** All of `table`, so that every problem is found at once; null where there is one. */
export function readSettings<Context, Table extends SettingTable<Context>>(
  table: Table,
  settings: Settings,
  problems: SettingProblem[],
  context: Context,
): ValuesOf<Table> | null {
  const before = problems.length
  const values = mapValues(table, (entry) => readSetting(entry, settings, problems, context))
  return problems.length > before ? null : (values as ValuesOf<Table>)
}
