// Workers as Cloudflare's API answers of them: versions, shares of the traffic, secrets, triggers, addresses.

import { addVersion, type FakeVersion, type FakeWorker, nextId, split } from './account.ts'
import { type Answer, type Ask, fine, NO_WORKER, refused } from './answer.ts'
import { field, listOf, recordOf, textOf } from './body.ts'

export function workerOr(
  { account }: Ask,
  name: string | undefined,
  view: (worker: FakeWorker) => unknown,
): Answer {
  const worker = account.workers.get(name ?? '')
  return worker ? fine(view(worker)) : NO_WORKER
}

export const serviceView = ({ name }: FakeWorker) => ({
  default_environment: {
    environment: 'production',
    script: { last_deployed_from: 'wrangler', tag: name, tags: null },
  },
})
export const deploymentsView = ({ deployments }: FakeWorker) => ({
  deployments: deployments.map((versions) => ({ versions, strategy: 'percentage' })),
})
export const versionView = ({ id, number, tag, message }: FakeVersion) => ({
  ...{ id, number },
  annotations: {
    ...(tag && { 'workers/tag': tag }),
    ...(message && { 'workers/message': message }),
  },
  metadata: { created_on: '2026-11-28T00:00:00Z', source: 'wrangler' },
})
export const versionsView = ({ versions }: FakeWorker) => ({ items: versions.map(versionView) })
export const secretsView = ({ secrets }: FakeWorker) =>
  [...secrets.keys()].map((name) => ({ name, type: 'secret_text' }))
export const schedulesView = ({ crons }: FakeWorker) => ({
  schedules: crons.map((cron) => ({ cron })),
})
export const settingsView = ({ versions, observability, secrets }: FakeWorker) => ({
  observability,
  bindings: [
    ...listOf(versions[0]?.metadata.bindings),
    ...[...secrets.keys()].map((name) => ({ type: 'secret_text', name })),
  ],
})
export const betaView = (worker: FakeWorker) => ({
  name: worker.name,
  subdomain: subdomainView(worker),
})
export const subdomainView = ({ isOnWorkersDev, hasPreviews }: FakeWorker) => ({
  ...{ enabled: isOnWorkersDev, previews_enabled: hasPreviews },
})

export function oneVersion({ account }: Ask, name = '', id = ''): Answer {
  const version = account.workers.get(name)?.versions.find((one) => one.id === id)
  return version ? fine({ ...versionView(version), resources: { bindings: [] } }) : NO_WORKER
}

export function deployVersions({ account, body }: Ask, name = ''): Answer {
  const worker = account.workers.get(name)
  if (!worker) return NO_WORKER
  const shares = listOf(field(body, 'versions')).map((share) => ({
    version_id: textOf(share, 'version_id'),
    percentage: Number(field(share, 'percentage')),
  }))
  const known = new Set(worker.versions.map(({ id }) => id))
  const sum = shares.reduce((all, { percentage }) => all + percentage, 0)
  if (shares.length > 2 || sum !== 100 || shares.some(({ version_id }) => !known.has(version_id))) {
    return refused(400, 10021, 'shares of one or two known versions, 100 together')
  }
  split(worker, shares)
  return fine({ id: nextId() })
}

/** `isDeployed`: takes all traffic at once. */
export function upload({ account, body }: Ask, name = '', isDeployed: boolean): Answer {
  if (!isDeployed && !account.workers.has(name)) return NO_WORKER
  const metadata = recordOf(field(body, 'metadata'))
  const annotations = recordOf(metadata.annotations)
  const bindings = listOf(metadata.bindings)
  const version = addVersion(account, name, {
    metadata,
    tag: textOf(annotations, 'workers/tag') || null,
    message: textOf(annotations, 'workers/message') || null,
    files: Object.keys(recordOf(body)).filter((part) => part !== 'metadata'),
    secrets: Object.fromEntries(
      bindings
        .filter((binding) => field(binding, 'type') === 'secret_text')
        .map((binding) => [textOf(binding, 'name'), textOf(binding, 'text')]),
    ),
  })
  const worker = account.workers.get(name)
  if (isDeployed && worker) {
    split(worker, [{ version_id: version.id, percentage: 100 }])
    worker.observability = metadata.observability ?? null
  }
  return fine({ ...versionView(version), startup_time_ms: 10, deployment_id: version.id })
}

export function putSecret({ account, body }: Ask, name = ''): Answer {
  const worker = account.workers.get(name)
  if (!worker) return NO_WORKER
  const { metadata = {}, files = [] } = worker.versions[0] ?? {}
  const secrets = { [textOf(body, 'name')]: textOf(body, 'text') }
  const version = addVersion(account, name, { metadata, files, tag: null, message: null, secrets })
  split(worker, [{ version_id: version.id, percentage: 100 }])
  return fine({ name: textOf(body, 'name'), type: 'secret_text' })
}

export function putSchedules({ account, body }: Ask, name = ''): Answer {
  const worker = account.workers.get(name)
  if (!worker) return NO_WORKER
  worker.crons = listOf(body).map((schedule) => textOf(schedule, 'cron'))
  return fine(schedulesView(worker))
}

export function patchSettings({ account, body }: Ask, name = ''): Answer {
  const worker = account.workers.get(name)
  if (!worker) return NO_WORKER
  if ('observability' in recordOf(body)) worker.observability = field(body, 'observability')
  return fine(settingsView(worker))
}

export function putSubdomain({ account, body }: Ask, name = ''): Answer {
  const worker = account.workers.get(name)
  if (!worker) return NO_WORKER
  worker.isOnWorkersDev = field(body, 'enabled') === true
  worker.hasPreviews = field(body, 'previews_enabled') === true
  return fine(subdomainView(worker))
}

export function putDomains({ account, body }: Ask, name = ''): Answer {
  const worker = account.workers.get(name)
  if (!worker) return NO_WORKER
  worker.domains = listOf(field(body, 'origins')).map((origin) => textOf(origin, 'hostname'))
  return fine(worker.domains.map((hostname) => ({ hostname })))
}

export function listDomains({ account, query }: Ask): Answer {
  const found = [...account.workers.values()].filter(({ name }) => name === query.get('service'))
  return fine(
    found.flatMap(({ name, domains }) => domains.map((hostname) => ({ hostname, service: name }))),
  )
}
