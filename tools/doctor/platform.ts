// What Cloudflare has of the environment beside what wrangler.toml asks for: code, tables, queues, cron, addresses. Reads
// only, through the same eyes as a deployment.

import type { Cloudflare } from '../cloudflare/api.ts'
import { databaseBytes } from '../cloudflare/databases.ts'
import type { Environment } from '../cloudflare/environment.ts'
import { readWorkersDev } from '../cloudflare/workers.ts'
import { migrationsIn } from '../deploy/migrate.ts'
import { releaseOf, triggersToSet } from '../deploy/plan.ts'
import { type PlatformState, readState, type WorkerState } from '../deploy/state.ts'
import { fail, type Line, ok, warn } from './line.ts'

/** https://developers.cloudflare.com/d1/platform/limits */
const DATABASE_MAX_BYTES = 10e9
const FULL_SHARE = 0.7

export type PlatformReport = {
  readonly lines: readonly Line[]
  /** Names of secrets that are set there. */
  readonly secrets: readonly string[]
  /** Of the control data; null where there is none yet. */
  readonly databaseId: string | null
}

export async function platformReport(
  cloudflare: Cloudflare,
  environment: Environment,
): Promise<PlatformReport> {
  const state = await readState(cloudflare, environment)
  const { worker } = state
  const act = `npm run deploy -- --env ${environment.name} makes it so.`
  if (worker === null) {
    const lines = [fail(`${environment.worker} is not deployed`, act)]
    return { lines, secrets: [], databaseId: null }
  }
  const lines = [
    versionLine(environment, worker),
    ...(await databaseLines(cloudflare, environment, state, act)),
    ...queueLines(environment, state, act),
    ...triggerLines(environment, state, act),
    ...addressLines(environment, worker, await readWorkersDev(cloudflare, environment.worker)),
  ]
  return { lines, secrets: worker.secrets, databaseId: state.databases.get('DB')?.id ?? null }
}

function versionLine({ worker: name, name: environment }: Environment, worker: WorkerState): Line {
  const shares = worker.shares.map(
    (share) => `${releaseOf(worker, share) ?? share.versionId} ${share.percentage} %`,
  )
  const text = `${name}: ${shares.join(', ')}`
  return worker.shares.length > 1
    ? warn(
        text,
        `A gradual deployment is half way: npm run deploy -- --env ${environment} ends it.`,
      )
    : ok(text)
}

async function databaseLines(
  cloudflare: Cloudflare,
  environment: Environment,
  state: PlatformState,
  act: string,
): Promise<readonly Line[]> {
  const lines = environment.databases.map(async ({ binding, name, migrationsFolder }) => {
    const database = state.databases.get(binding)
    if (!database) return [fail(`there is no database ${name}`, act)]
    const files = migrationsIn(migrationsFolder)
    const open = files.filter((file) => !database.migrations.includes(file))
    const share = (await databaseBytes(cloudflare, database.id)) / DATABASE_MAX_BYTES
    const percent = `${name} is ${(share * 100).toFixed(1)} % full`
    return [
      open.length > 0
        ? fail(`${name} lacks ${open.length} migrations, from ${open[0]}`, act)
        : ok(`${name} has all ${files.length} migrations`),
      share > FULL_SHARE
        ? warn(percent, 'Spread the accounts over more databases: docs/scale.md.')
        : ok(percent),
    ]
  })
  return (await Promise.all(lines)).flat()
}

function queueLines({ queues }: Environment, state: PlatformState, act: string): readonly Line[] {
  const missing = queues.filter((name) => !state.queues.has(name))
  const paused = queues.filter((name) => state.queues.get(name)?.isPaused)
  return [
    ...missing.map((name) => fail(`there is no queue ${name}`, act)),
    ...paused.map((name) =>
      fail(`delivery of ${name} is paused`, `npx wrangler queues resume-delivery ${name}`),
    ),
    ...(missing.length + paused.length === 0 ? [ok(`${queues.length} queues, none paused`)] : []),
  ]
}

function triggerLines(
  environment: Environment,
  state: PlatformState,
  act: string,
): readonly Line[] {
  const open = triggersToSet(environment, state)
  return open.length === 0
    ? [
        ok(
          `consumers, cron (${environment.crons.join(', ')}), domain and routes as in wrangler.toml`,
        ),
      ]
    : open.map((trigger) => fail(`not as in wrangler.toml: ${trigger}`, act))
}

function addressLines(
  environment: Environment,
  worker: WorkerState,
  workersDev: { readonly isOn: boolean; readonly hasPreviews: boolean },
): readonly Line[] {
  const origin = String(environment.vars.PUBLIC_ORIGIN)
  const host = URL.parse(origin)?.host ?? ''
  const isOwn =
    worker.domains.includes(host) ||
    worker.routes.some((pattern) => pattern.startsWith(`${host}/`)) ||
    host.endsWith('.workers.dev')
  const hasDomain = worker.domains.length + worker.routes.length > 0
  const act = 'Take workers_dev and preview_urls out of wrangler.toml, or set them false; deploy.'
  return [
    isOwn
      ? ok(`${host} is the Worker's`)
      : fail(
          `PUBLIC_ORIGIN is ${origin}, and the Worker has no such domain`,
          'Add it to routes of the environment in wrangler.toml, custom_domain = true; deploy.',
        ),
    workersDev.isOn && hasDomain
      ? fail('workers.dev is on: it goes round the firewall and limits of the domain', act)
      : workersDev.isOn
        ? warn('the Worker answers under workers.dev alone', 'Give it a domain before it is used.')
        : ok('workers.dev is off'),
    workersDev.hasPreviews
      ? fail('preview URLs are on: each version answers without the firewall of the domain', act)
      : ok('preview URLs are off'),
  ]
}
