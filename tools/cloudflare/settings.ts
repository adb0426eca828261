// What an environment is set to, parsed by the Worker's own parser before anything is touched: its vars, secrets from a
// file, and the names of those that the platform has already. Shows no value.

import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { type Config, parseConfig, SETTING_TABLES } from '../../src/config.ts'
import type { Ports } from '../../src/lib/ports.ts'
import type { SettingProblem, Settings } from '../../src/lib/settings.ts'
import { parseShardMap } from '../../src/lib/shard-map.ts'
import { PROVIDER_NAMES, PROVIDERS } from '../../src/sms/registry.ts'

/** An array is a record by its numbers, but no secrets by name. */
const SecretsSchema = v.pipe(
  v.custom<object>((given) => !Array.isArray(given)),
  v.record(v.string(), v.string()),
)

/** Never used: settings are parsed, nothing is sent with them. */
export const idlePorts: Ports = {
  now: () => Date.now(),
  after: () => () => {},
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fetch: () => Promise.reject(new Error('Settings are only looked at here.')),
}

/**
 * Secrets by name, from JSON as `npm run keys` writes it.
 * @throws where there is no such file, or it is no such JSON; quotes nothing of it but names of settings
 */
export function readSecretsFile(path: string): Readonly<Record<string, string>> {
  const text = readFileSync(path, 'utf8')
  const parsed = v.safeParse(SecretsSchema, parseJson(text))
  if (parsed.success) return parsed.output
  const names = parsed.issues.flatMap(({ path }) => path?.map(({ key }) => String(key)) ?? [])
  const known = [...new Set(names)].filter((name) => SECRET_NAMES.includes(name))
  if (known.length > 0) throw new Error(`${path}: ${known.join(', ')} must be text.`)
  throw new Error(`${path} must be JSON: an object of secrets by name, each a text.`)
}

export type SettingsVerdict =
  | { readonly kind: 'fine'; readonly config: Config }
  /** All that is wrong is not here: whether the platform has it is to be asked. */
  | { readonly kind: 'missing'; readonly names: readonly string[] }
  | { readonly kind: 'refused'; readonly problems: readonly SettingProblem[] }

/**
 * Pure. What stands empty in `vars` is missing for good: a secret of that name could not be put beside it.
 * @param vars of wrangler.toml
 * @param secrets from a file
 */
export function judgeSettings(vars: Settings, secrets: Settings): SettingsVerdict {
  const twice = Object.keys(secrets).filter((name) => name in vars)
  const parsed = parseConfig({ ...vars, ...secrets }, idlePorts)
  const problems = [
    ...twice.map((setting) => ({ setting, problem: 'is in vars and in the secrets file' })),
    ...misplaced(vars),
    ...(parsed.ok ? [] : parsed.error),
  ]
  if (parsed.ok && problems.length === 0) return { kind: 'fine', config: parsed.value }
  const refused = problems.filter(({ setting }) => setting in vars || setting in secrets)
  return refused.length > 0
    ? { kind: 'refused', problems: refused }
    : { kind: 'missing', names: [...new Set(problems.map(({ setting }) => setting))] }
}

/**
 * Pure. Databases that SHARDS sends accounts to and the environment does not bind: the Worker would answer nothing. What is
 * wrong with SHARDS otherwise the Worker's own parser says.
 */
export function unboundDatabases(
  vars: Settings,
  databases: readonly { readonly binding: string }[],
): readonly SettingProblem[] {
  const given = String(vars.SHARDS ?? '')
  const parsed = parseShardMap(given.split(/\s+/).filter((text) => text !== ''))
  if (given.trim() === '' || !parsed.ok) return []
  const bound = new Set(databases.map(({ binding }) => binding))
  const unbound = [...new Set(parsed.value)].filter((name) => !bound.has(name))
  if (unbound.length === 0) return []
  return [
    {
      setting: 'SHARDS',
      problem: `names ${unbound.join(', ')}, which d1_databases of the environment does not bind: add { binding = "${unbound[0]}", database_name = "…", migrations_dir = "migrations" } and run this again, which makes and migrates it`,
    },
  ]
}

function misplaced(vars: Settings): readonly SettingProblem[] {
  return SECRET_NAMES.filter((name) => name in vars).map((setting) => ({
    setting,
    problem: 'is a secret, and wrangler.toml is none: remove it from vars and put it as a secret',
  }))
}

/** Settings that are kept out of wrangler.toml; of `http:<name>` only what `http` itself has. */
export const SECRET_NAMES: readonly string[] = [
  ...SETTING_TABLES.flatMap((table) => Object.values(table)),
  ...PROVIDER_NAMES.flatMap((name) => Object.values(PROVIDERS[name].settings)),
]
  .filter(({ isSecret }) => isSecret)
  .map(({ name }) => name)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
