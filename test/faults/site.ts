// Where one fault is injected: a Worker of its own in the local runtime with the world around it, the minute's work each
// real minute, and what the operator sees and hears.

import type { Bundle } from '../support/bundle.ts'
import { importOwner, type Owner } from '../support/owner.ts'
import { controlWorker, type Stage, startStage } from '../support/stage.ts'
import type { OpsReceiver, ReceivedIncident } from '../world/ops-receiver.ts'

const MINUTE_MS = 60_000
/** Each logs in again only when all others have. */
const OWNERS = 20

export type Site = {
  readonly stage: Stage
  readonly owners: readonly Owner[]
  /** From now on each real minute, this one included. */
  readonly startCron: () => Promise<void>
  readonly stopCron: () => void
  /** A new version with these settings instead: nothing is remembered. */
  readonly deploy: (settings: Readonly<Record<string, string>>) => Promise<void>
  readonly login: () => Promise<void>
  /** As an operator does it, from a form of /ops. */
  readonly act: (name: string, fields?: Readonly<Record<string, string>>) => Promise<void>
  /** The first of the kind, of one scope where it is given. */
  readonly heard: (of: {
    readonly kind: string
    readonly type: 'opened' | 'closed'
    readonly scope: string | null
  }) => ReceivedIncident | undefined
  readonly seen: () => Promise<Seen>
  readonly close: () => Promise<void>
}

/** What each of the three says; `incidents` (kind and scope) null where /v1/ops/status cannot be asked. */
export type Seen = {
  readonly page: { readonly status: number; readonly text: string }
  readonly incidents: readonly string[] | null
  readonly health: string
}

export async function startSite(bundle: Bundle): Promise<Site> {
  const stage = await startStage(bundle, { world: { hasOperator: true } })
  const { world, runtime } = stage
  const ops = operatorOf(world.ops)
  await controlWorker(runtime, 'real-net', {})
  const owners: Owner[] = []
  while (owners.length < OWNERS) owners.push(await importOwner(stage))
  let cron: NodeJS.Timeout | null = null
  let logins = 0
  // A tick that fails says so in the Worker's log; what is measured is what is told.
  const tick = () => runtime.tick().catch(() => {})
  const stopCron = () => {
    if (cron !== null) clearInterval(cron)
    cron = null
  }
  const withToken = { authorization: `Bearer ${world.secrets.opsToken}` }
  return {
    stage,
    owners,
    startCron: async () => {
      await tick()
      cron = setInterval(() => void tick(), MINUTE_MS)
    },
    stopCron,
    deploy: async (next) => {
      await controlWorker(runtime, 'start', { ...world.settings(), ...next })
    },
    login: async () => {
      const owner = owners[logins % owners.length]
      logins += 1
      if (owner) await world.exchange.login({ account_id: owner.id })
    },
    act: async (name, fields = {}) => {
      const answer = await runtime.fetch(`/ops/acts/${name}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          ...withToken,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ ...fields, reason: 'fault repaired', back: '/ops' }).toString(),
      })
      if (answer.status !== 303) throw new Error(`${name} was answered ${answer.status}`)
    },
    heard: ({ kind, type, scope }) =>
      ops.incidents
        .latest(100)
        .find(
          (one) =>
            one.isGenuine &&
            one.kind === kind &&
            one.type === `incident.${type}` &&
            (scope === null || one.scope === scope),
        ),
    seen: async () => {
      const page = await runtime.fetch('/ops', { headers: withToken })
      const text = await page.text()
      const { status, body } = await world.exchange.api('GET', '/v1/ops/status')
      const found: readonly { readonly kind: string; readonly scope: string }[] =
        Object(body).incidents ?? []
      const health: unknown = await (await runtime.fetch('/healthz')).json()
      return {
        page: { status: page.status, text },
        incidents: status === 200 ? found.map(({ kind, scope }) => `${kind} ${scope}`) : null,
        health: String(Object(health).status),
      }
    },
    close: async () => {
      stopCron()
      await stage.close()
    },
  }
}

function operatorOf(ops: OpsReceiver | null): OpsReceiver {
  if (ops === null) throw new Error('there is no operator')
  return ops
}
