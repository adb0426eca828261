// Carries a plan out, in the order in which each step can rely on those before it: tables before the code that needs them,
// the code before its traffic. Every step says what it did, and one that is done is not in the plan of the next run.

import { createDatabase, readBookmark } from '../cloudflare/databases.ts'
import { createQueue } from '../cloudflare/queues.ts'
import { listVersions, type Share, setObservability, splitTraffic } from '../cloudflare/workers.ts'
import { type Before, goingBackFromFailure } from './going-back.ts'
import { applyMigrations } from './migrate.ts'
import type { DeployOptions } from './options.ts'
import { type Plan, releaseOf, type Wanted } from './plan.ts'
import type { DeployPlace, DeployPorts } from './ports.ts'
import { setTriggers, type Upload, uploadFirst, uploadVersion } from './release.ts'
import type { PlatformState } from './state.ts'

export type Work = {
  readonly wanted: Wanted
  readonly plan: Plan
  readonly state: PlatformState
  readonly secrets: Readonly<Record<string, string>>
  readonly options: Pick<DeployOptions, 'location'>
  readonly place: Pick<DeployPlace, 'message'>
  readonly isWell: (
    version: { readonly worker: string; readonly id: string } | null,
  ) => Promise<boolean>
}

export type Done = {
  readonly before: Before
  readonly sharesBefore: readonly Share[]
  readonly percentage: number
  readonly isWell: boolean
  /** The release was asked before it got traffic. */
  readonly isStaged: boolean
}

/** @throws what failed, after it was said how to go back */
export async function carryOut(work: Work, ports: DeployPorts): Promise<Done> {
  const bookmarks = new Map<string, string>()
  try {
    return await carryOn(work, bookmarks, ports)
  } catch (error) {
    const { environment } = work.wanted
    if (work.state.worker !== null) {
      for (const line of goingBackFromFailure(environment, bookmarks)) ports.say(line)
    }
    throw error
  }
}

/** `bookmarks` are of databases that were about to be changed, by their names. */
async function carryOn(
  work: Work,
  bookmarks: Map<string, string>,
  ports: DeployPorts,
): Promise<Done> {
  const { wanted, plan, state } = work
  const { say, cloudflare, wrangler } = ports
  const databaseIds = await createWhatIsMissing(work, ports)
  await migrate(work, databaseIds, bookmarks, ports)
  const upload: Upload = {
    environment: wanted.environment,
    databaseIds,
    release: wanted.release,
    message: work.place.message,
    secrets: pick(work.secrets, plan.secrets),
  }
  const sharesBefore = state.worker?.shares ?? []
  const before = { versionId: formerVersion(work), bookmarks }
  const done = { before, sharesBefore, percentage: wanted.percentage }
  if (plan.upload === 'first') {
    await uploadFirst(wrangler, upload)
    say('  done  uploaded, with consumers, cron and addresses')
    return { ...done, isWell: await work.isWell(null), isStaged: false }
  }
  if (plan.triggers.length > 0) {
    await setTriggers(wrangler, upload)
    say(`  done  set ${plan.triggers.join(', ')}`)
  }
  if (plan.setsObservability) {
    const { worker, observability } = wanted.environment
    await setObservability(cloudflare, worker, observability)
    say('  done  set what is logged')
  }
  if (plan.upload === 'version') {
    await uploadVersion(wrangler, upload)
    say('  done  uploaded')
  }
  if (!plan.splits) return { ...done, isWell: await work.isWell(null), isStaged: false }
  return { ...done, isWell: await giveTraffic(work, before, ports), isStaged: true }
}

async function createWhatIsMissing(
  { wanted, plan, state, options }: Work,
  { cloudflare, say }: DeployPorts,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const { binding, name } of wanted.environment.databases) {
    const known = state.databases.get(binding)
    ids.set(name, known?.id ?? (await createDatabase(cloudflare, name, options.location)))
    if (!known) say(`  done  created database ${name}`)
  }
  for (const queue of plan.queues) {
    await createQueue(cloudflare, queue)
    say(`  done  created queue ${queue}`)
  }
  return ids
}

async function migrate(
  { wanted, plan }: Work,
  ids: ReadonlyMap<string, string>,
  bookmarks: Map<string, string>,
  { cloudflare, say }: DeployPorts,
): Promise<void> {
  for (const { name, binding, migrationsFolder } of wanted.environment.databases) {
    const files = plan.migrations.find((one) => one.binding === binding)?.files ?? []
    const id = ids.get(name)
    if (files.length === 0 || id === undefined) continue
    if (!plan.databases.includes(binding)) {
      const bookmark = await readBookmark(cloudflare, id)
      bookmarks.set(name, bookmark)
      say(`  note  ${name} stands at ${bookmark}`)
    }
    await applyMigrations(cloudflare, id, migrationsFolder, files)
    say(`  done  migrated ${name}: ${files.length} files`)
  }
}

/** First none of it, then, if its answers are right, as much as was asked for. */
async function giveTraffic(
  { wanted, plan, state, isWell }: Work,
  { versionId: former }: Before,
  { cloudflare, say }: DeployPorts,
): Promise<boolean> {
  const { environment, release, percentage } = wanted
  const { worker } = environment
  const id = plan.uploaded ?? (await findVersion(wanted, cloudflare))
  const isRunning = state.worker?.shares.some(({ versionId }) => versionId === id) ?? false
  if (!isRunning && former !== null) {
    const shares = [
      { versionId: former, percentage: 100 },
      { versionId: id, percentage: 0 },
    ]
    await splitTraffic(cloudflare, worker, shares, `${release}: asked before it gets traffic`)
  }
  if (!(await isWell({ worker, id }))) return false
  const shares =
    former === null || percentage === 100
      ? [{ versionId: id, percentage: 100 }]
      : [
          { versionId: former, percentage: 100 - percentage },
          { versionId: id, percentage },
        ]
  await splitTraffic(cloudflare, worker, shares, release)
  say(`  done  ${release} has ${percentage} % of the traffic`)
  return true
}

async function findVersion(
  { environment, release }: Wanted,
  cloudflare: DeployPorts['cloudflare'],
): Promise<string> {
  const versions = await listVersions(cloudflare, environment.worker)
  const found = versions.find((version) => version.release === release)
  if (!found)
    throw new Error(`${release} was uploaded, but Cloudflare does not list it. Run this again.`)
  return found.id
}

/** What had most of the traffic and is another release: what one goes back to. */
function formerVersion({ wanted, state }: Work): string | null {
  const worker = state.worker
  if (worker === null) return null
  const others = worker.shares.filter((share) => releaseOf(worker, share) !== wanted.release)
  const [most] = [...(others.length > 0 ? others : worker.shares)].sort(
    (a, b) => b.percentage - a.percentage,
  )
  return most?.versionId ?? null
}

function pick(
  secrets: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => names.includes(name)))
}
