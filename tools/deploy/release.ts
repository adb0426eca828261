// The code of a deployment: bundled by wrangler, named by what it is made of, uploaded by wrangler from a wrangler.toml that
// names the databases by id. Decides nothing.

import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Environment, readEnvironment } from '../cloudflare/environment.ts'

/** Runs wrangler with these arguments; `output` is all it said. */
export type Wrangler = (
  args: readonly string[],
) => Promise<{ readonly code: number; readonly output: string }>

const RELEASE_DIGITS = 12

/**
 * Bundles and names the release: the same code and settings have the same name on every machine.
 * @param version of package.json
 * @throws with wrangler's words where it does not bundle
 */
export async function nameRelease(
  wrangler: Wrangler,
  environment: Environment,
  folder: string,
  version: string,
): Promise<string> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await run(wrangler, 'The Worker could not be bundled', [
    ...['deploy', '--dry-run', '--outdir', folder],
    ...whichConfig(environment.configPath, environment.name),
  ])
  const digest = createHash('sha256').update(JSON.stringify(environment.content))
  // Maps and wrangler's own notes name places on this machine.
  const files = readdirSync(folder).filter((file) => /\.(js|mjs|bin|wasm|txt|html)$/.test(file))
  for (const file of files.sort()) {
    digest.update(`\0${basename(file)}\0`).update(readFileSync(join(folder, file)))
  }
  return `${version}-${digest.digest('hex').slice(0, RELEASE_DIGITS)}`
}

export type Upload = {
  readonly environment: Environment
  /** By the database's name. */
  readonly databaseIds: ReadonlyMap<string, string>
  readonly release: string
  readonly message: string
  readonly secrets: Readonly<Record<string, string>>
}

/** The Worker is made, with its triggers, and takes all traffic. */
export async function uploadFirst(wrangler: Wrangler, upload: Upload): Promise<void> {
  await withFiles(upload, (config, secrets) =>
    run(wrangler, 'The upload failed', ['deploy', ...config, ...named(upload), ...secrets]),
  )
}

/** A version beside what runs: it takes no traffic yet. */
export async function uploadVersion(wrangler: Wrangler, upload: Upload): Promise<void> {
  await withFiles(upload, (config, secrets) =>
    run(wrangler, 'The upload failed', [
      ...['versions', 'upload'],
      ...[...config, ...named(upload), ...secrets],
    ]),
  )
}

/** Consumers, cron, domains and routes as wrangler.toml has them. */
export async function setTriggers(wrangler: Wrangler, upload: Upload): Promise<void> {
  await withFiles(upload, (config) =>
    run(wrangler, 'Setting the triggers failed', ['triggers', 'deploy', ...config]),
  )
}

function named({ release, message }: Upload): readonly string[] {
  return ['--tag', release, '--message', message]
}

function whichConfig(path: string, environment: string): readonly string[] {
  // Even when empty: else CLOUDFLARE_ENV of the shell would choose.
  return ['--config', path, '--env', environment]
}

async function run(wrangler: Wrangler, failure: string, args: readonly string[]): Promise<void> {
  const { code, output } = await wrangler(args)
  if (code !== 0) throw new Error(`${failure}; wrangler said:\n\n${output.trim()}`)
}

/** Both files last as long as wrangler needs them. */
async function withFiles(
  { environment, databaseIds, secrets }: Upload,
  use: (config: readonly string[], secrets: readonly string[]) => Promise<void>,
): Promise<void> {
  const folder = dirname(environment.configPath)
  // Beside the original, whose paths are relative.
  const config = join(folder, `wrangler.${environment.name || 'top'}.deploy.toml`)
  const secretsFile = join(folder, `wrangler.${environment.name || 'top'}.deploy.secrets.json`)
  const remove = () => {
    rmSync(config, { force: true })
    rmSync(secretsFile, { force: true })
  }
  const done = onSignals(remove)
  try {
    // One that a killed run left may be readable to others.
    remove()
    const text = readFileSync(environment.configPath, 'utf8')
    writeFileSync(config, withDatabaseIds(text, withoutThoseGiven(environment, databaseIds)))
    checkIds(readEnvironment(config, environment.name), databaseIds)
    const hasSecrets = Object.keys(secrets).length > 0
    if (hasSecrets) writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 })
    await use(
      whichConfig(config, environment.name),
      hasSecrets ? ['--secrets-file', secretsFile] : [],
    )
  } finally {
    remove()
    done()
  }
}

/** A signal ends the process without its `finally`: `clean` runs first. Returns what takes that back. */
function onSignals(clean: () => void): () => void {
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const handle = () => {
      clean()
      process.exit(128 + constants.signals[signal])
    }
    process.on(signal, handle)
    return { signal, handle }
  })
  return () => {
    for (const { signal, handle } of handlers) process.off(signal, handle)
  }
}

/** In a table of its own an id may stand anywhere below the name, where a second one would break the file. */
function withoutThoseGiven(
  { databases }: Environment,
  ids: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const given = new Set(databases.flatMap(({ name, id }) => (id === null ? [] : [name])))
  return new Map([...ids].filter(([name]) => !given.has(name)))
}

/** Each `database_name = "…"` in a table or an inline table gets its `database_id`. Pure. */
export function withDatabaseIds(toml: string, ids: ReadonlyMap<string, string>): string {
  return toml
    .split('\n')
    .map((line) =>
      /^\s*#/.test(line) || line.includes('database_id')
        ? line
        : line.replaceAll(
            /(database_name\s*=\s*"([^"]*)")/g,
            (whole, pair: string, name: string) => {
              const id = ids.get(name)
              if (id === undefined) return whole
              return `${pair}${line.includes('{') ? ', ' : '\n'}database_id = "${id}"`
            },
          ),
    )
    .join('\n')
}

function checkIds(environment: Environment, ids: ReadonlyMap<string, string>): void {
  for (const { name, id } of environment.databases) {
    if (id === null || id !== ids.get(name)) {
      throw new Error(
        `wrangler.toml names the database ${name} in a way that is not understood here.`,
      )
    }
  }
}
