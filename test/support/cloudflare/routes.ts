// Which call of Cloudflare's API is answered by what.

import { addQueue } from './account.ts'
import { type Answer, type Ask, fine } from './answer.ts'
import { textOf } from './body.ts'
import * as data from './data-answers.ts'
import * as worker from './worker-answers.ts'

/** By method and path; the groups of the path go to the answer. */
const ROUTES: readonly (readonly [RegExp, (ask: Ask, ...parts: string[]) => Answer])[] = [
  [/^GET \/d1\/database$/, data.listDatabases],
  [/^POST \/d1\/database$/, data.createDatabase],
  [/^GET \/d1\/database\/([^/]+)$/, (ask, id) => data.oneDatabase(ask, id)],
  [/^POST \/d1\/database\/([^/]+)\/query$/, (ask, id) => data.queryDatabase(ask, id)],
  [/^GET \/d1\/database\/([^/]+)\/time_travel\/bookmark$/, (ask, id) => data.bookmarkOf(ask, id)],
  [/^GET \/queues$/, data.listQueues],
  [
    /^POST \/queues$/,
    (ask) => fine(data.queueView(addQueue(ask.account, textOf(ask.body, 'queue_name')))),
  ],
  [
    /^(?:POST|PUT) \/queues\/([^/]+)\/consumers(?:\/([^/]+))?$/,
    (ask, id, one) => data.putConsumer(ask, id, one),
  ],
  [
    /^GET \/workers\/services\/([^/]+)$/,
    (ask, name) => worker.workerOr(ask, name, worker.serviceView),
  ],
  [/^GET \/workers\/services\/([^/]+)\/environments\/production\/routes$/, () => fine([])],
  [
    /^GET \/workers\/scripts\/([^/]+)\/deployments$/,
    (ask, name) => worker.workerOr(ask, name, worker.deploymentsView),
  ],
  [
    /^POST \/workers\/scripts\/([^/]+)\/deployments$/,
    (ask, name) => worker.deployVersions(ask, name),
  ],
  [
    /^GET \/workers\/scripts\/([^/]+)\/versions$/,
    (ask, name) => worker.workerOr(ask, name, worker.versionsView),
  ],
  [
    /^GET \/workers\/scripts\/([^/]+)\/versions\/([^/]+)$/,
    (ask, name, id) => worker.oneVersion(ask, name, id),
  ],
  [/^POST \/workers\/scripts\/([^/]+)\/versions$/, (ask, name) => worker.upload(ask, name, false)],
  [/^PUT \/workers\/scripts\/([^/]+)$/, (ask, name) => worker.upload(ask, name, true)],
  [
    /^GET \/workers\/scripts\/([^/]+)\/secrets$/,
    (ask, name) => worker.workerOr(ask, name, worker.secretsView),
  ],
  [/^PUT \/workers\/scripts\/([^/]+)\/secrets$/, (ask, name) => worker.putSecret(ask, name)],
  [
    /^GET \/workers\/scripts\/([^/]+)\/schedules$/,
    (ask, name) => worker.workerOr(ask, name, worker.schedulesView),
  ],
  [/^PUT \/workers\/scripts\/([^/]+)\/schedules$/, (ask, name) => worker.putSchedules(ask, name)],
  [
    /^GET \/workers\/scripts\/([^/]+)\/(?:script-)?settings$/,
    (ask, name) => worker.workerOr(ask, name, worker.settingsView),
  ],
  [
    /^PATCH \/workers\/scripts\/([^/]+)\/script-settings$/,
    (ask, name) => worker.patchSettings(ask, name),
  ],
  [
    /^GET \/workers\/scripts\/([^/]+)\/subdomain$/,
    (ask, name) => worker.workerOr(ask, name, worker.subdomainView),
  ],
  [/^POST \/workers\/scripts\/([^/]+)\/subdomain$/, (ask, name) => worker.putSubdomain(ask, name)],
  [/^GET \/workers\/workers\/([^/]+)$/, (ask, name) => worker.workerOr(ask, name, worker.betaView)],
  [/^GET \/workers\/subdomain$/, () => fine({ subdomain: 'fake' })],
  [
    /^POST \/workers\/scripts\/([^/]+)\/domains\/changeset$/,
    () => fine({ added: [], removed: [], updated: [], conflicting: [] }),
  ],
  [
    /^PUT \/workers\/scripts\/([^/]+)\/domains\/records$/,
    (ask, name) => worker.putDomains(ask, name),
  ],
  [/^GET \/workers\/domains$/, worker.listDomains],
]

export function answerOf(ask: Ask): Answer | null {
  for (const [shape, answer] of ROUTES) {
    const match = shape.exec(`${ask.method} ${ask.path}`)
    if (match) return answer(ask, ...match.slice(1))
  }
  return null
}
