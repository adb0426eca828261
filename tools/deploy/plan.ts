// What a deployment has to do: the difference between what an environment wants and what the platform has. Pure. Nothing
// is ever removed, and an empty plan is a deployment that is done.

import type { ConsumerWanted, Environment } from '../cloudflare/environment.ts'
import type { Queue } from '../cloudflare/queues.ts'
import type { Share } from '../cloudflare/workers.ts'
import type { PlatformState, WorkerState } from './state.ts'

export type Wanted = {
  readonly environment: Environment
  /** Names this code, these settings and nothing else. */
  readonly release: string
  /** File names by binding, in their order. */
  readonly migrations: ReadonlyMap<string, readonly string[]>
  /** Names of settings that neither vars nor the file have. */
  readonly missing: readonly string[]
  /** Names of secrets in the file. */
  readonly secrets: readonly string[]
  /** The share of the traffic that the release is to have. */
  readonly percentage: number
  /** In Cloudflare's own builds secrets are given to the Worker there, perhaps later. */
  readonly mayLackSettings: boolean
}

export type Plan = {
  readonly databases: readonly string[]
  readonly queues: readonly string[]
  readonly migrations: readonly { readonly binding: string; readonly files: readonly string[] }[]
  /** Put with the code: those of the file that the platform does not have. */
  readonly secrets: readonly string[]
  /** `first`: there is no such Worker yet. `version`: beside what runs. `none`: it is there. */
  readonly upload: 'first' | 'version' | 'none'
  /** The release was uploaded before and has to be given its traffic. */
  readonly uploaded: string | null
  readonly splits: boolean
  readonly triggers: readonly string[]
  readonly setsObservability: boolean
}

export type Planned =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly refusals: readonly string[] }

export function planDeployment(wanted: Wanted, state: PlatformState): Planned {
  const refusals = [
    ...missingSettings(wanted, state.worker),
    ...takenQueues(wanted.environment, state.queues),
    ...strangeMigrations(wanted, state),
    ...(state.worker === null && wanted.percentage < 100
      ? [
          'The first deployment takes all traffic: there is nothing to share it with. Leave --gradual out.',
        ]
      : []),
  ]
  if (refusals.length > 0) return { ok: false, refusals }
  const { environment } = wanted
  const secrets = wanted.secrets.filter((name) => !state.worker?.secrets.includes(name))
  const code = planCode(wanted, state.worker, secrets)
  return {
    ok: true,
    plan: {
      databases: environment.databases
        .filter(({ binding }) => !state.databases.get(binding))
        .map(({ binding }) => binding),
      queues: environment.queues.filter((name) => !state.queues.has(name)),
      migrations: environment.databases.flatMap(({ binding }) => {
        const applied = state.databases.get(binding)?.migrations ?? []
        const files = (wanted.migrations.get(binding) ?? []).filter(
          (file) => !applied.includes(file),
        )
        return files.length > 0 ? [{ binding, files }] : []
      }),
      secrets,
      ...code,
      // The first upload brings them along.
      triggers: state.worker === null ? [] : triggersToSet(environment, state),
      setsObservability:
        state.worker !== null && !includes(state.worker.observability, environment.observability),
    },
  }
}

export function isEmpty(plan: Plan): boolean {
  const { databases, queues, migrations, triggers } = plan
  const lists = [databases, queues, migrations, triggers]
  return (
    lists.every(({ length }) => length === 0) &&
    plan.upload === 'none' &&
    !plan.splits &&
    !plan.setsObservability
  )
}

function planCode(wanted: Wanted, worker: WorkerState | null, secrets: readonly string[]) {
  if (worker === null) return { upload: 'first', uploaded: null, splits: false } as const
  const running = worker.shares.find((share) => releaseOf(worker, share) === wanted.release)
  if (running && secrets.length === 0) {
    const splits = running.percentage !== wanted.percentage
    return { upload: 'none', uploaded: running.versionId, splits } as const
  }
  // An older upload would bring back the secrets of its time.
  const [newest] = worker.versions
  if (newest?.release === wanted.release && secrets.length === 0) {
    return { upload: 'none', uploaded: newest.id, splits: true } as const
  }
  return { upload: 'version', uploaded: null, splits: true } as const
}

export function releaseOf(worker: WorkerState, share: Share): string | null {
  return worker.versions.find(({ id }) => id === share.versionId)?.release ?? null
}

function missingSettings(wanted: Wanted, worker: WorkerState | null): readonly string[] {
  if (wanted.mayLackSettings) return []
  const missing = wanted.missing.filter((name) => !worker?.secrets.includes(name))
  if (missing.length === 0) return []
  return [
    `Settings are missing: ${missing.join(', ')}. Secrets: \`npm run keys -- --out FILE\` makes those that are yours ` +
      'to make, providers give you theirs; then --secrets-file FILE. Plain ones belong into vars of wrangler.toml.',
  ]
}

/** A queue has one consumer. Another Worker's is never taken away. */
function takenQueues(
  { worker, consumers }: Environment,
  queues: ReadonlyMap<string, Queue>,
): readonly string[] {
  return consumers.flatMap(({ queue }) => {
    const others = (queues.get(queue)?.consumers ?? []).filter((one) => one.worker !== worker)
    return others.length > 0
      ? [
          `Queue ${queue} is consumed by ${others[0]?.worker ?? 'something else'}, not by ${worker}.`,
        ]
      : []
  })
}

/** The database is ahead of this checkout: its code would not know the tables. */
function strangeMigrations(wanted: Wanted, state: PlatformState): readonly string[] {
  return wanted.environment.databases.flatMap(({ binding, name }) => {
    const known = wanted.migrations.get(binding) ?? []
    const strange = (state.databases.get(binding)?.migrations ?? []).filter(
      (file) => !known.includes(file),
    )
    return strange.length > 0
      ? [
          `${name} has migrations that are not in this checkout: ${strange.join(', ')}. Is it an older one?`,
        ]
      : []
  })
}

export function triggersToSet(environment: Environment, state: PlatformState): readonly string[] {
  const worker = state.worker
  const consumers = environment.consumers.filter(
    (wanted) => !isConsumed(wanted, environment.worker, state.queues.get(wanted.queue)),
  )
  return [
    ...consumers.map(({ queue }) => `consumer of ${queue}`),
    ...(sameSet(environment.crons, worker?.crons ?? []) ? [] : ['cron']),
    ...environment.domains
      .filter((host) => !worker?.domains.includes(host))
      .map((host) => `domain ${host}`),
    ...environment.routes
      .filter((pattern) => !worker?.routes.includes(pattern))
      .map((pattern) => `route ${pattern}`),
  ]
}

function isConsumed(wanted: ConsumerWanted, worker: string, queue: Queue | undefined): boolean {
  const consumer = queue?.consumers.find((one) => one.worker === worker)
  return (
    consumer !== undefined &&
    consumer.deadLetterQueue === wanted.deadLetterQueue &&
    includes(consumer.settings, wanted.settings)
  )
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item))
}

/** Whether `actual` says all that `wanted` says; the platform adds its own. */
export function includes(actual: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true
  if (!isRecord(wanted)) return actual === wanted
  return (
    isRecord(actual) && Object.entries(wanted).every(([key, value]) => includes(actual[key], value))
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
