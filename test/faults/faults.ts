// The thirteen faults: how each is injected and repaired, what goes on meanwhile, and what is to be told of it.

import type { IncidentKind } from '../../src/ops/incident-kinds.ts'
import { queryOne } from '../support/owner.ts'
import { eventually } from '../support/stage.ts'
import type { Site } from './site.ts'

const SECOND_MS = 1_000

export type Fault = {
  readonly name: string
  readonly kind: IncidentKind
  /** How long it must last until it is one, by the kind's own rule. */
  readonly ruleMs: number
  /** From then on until the post. */
  readonly limitMs: number
  /** Resolves when the fault is there: what is measured begins then. */
  readonly inject: (site: Site) => Promise<unknown>
  /** Each few seconds, from before the fault until it is over. */
  readonly meanwhile?: (site: Site) => Promise<unknown>
  readonly repair: (site: Site) => Promise<unknown>
  /** What an operator had to do besides the repair; left out, nothing. */
  readonly byHand?: string
}

const TOLD_MS = 70 * SECOND_MS
const login = (site: Site) => site.login()
const carrier = (site: Site) => site.stage.world.carriers.twilio
const exchange = (site: Site) => site.stage.world.exchange
const faults = (site: Site, given: Parameters<Site['stage']['setFaults']>[0] = {}) =>
  site.stage.setFaults(given)

async function lockOne(site: Site): Promise<void> {
  const [owner] = site.owners
  const answer = await exchange(site).api('POST', `/v1/accounts/${owner?.id}/lock`, {})
  if (answer.status !== 201) throw new Error(`the lock was answered ${answer.status}`)
}

/** Logins that D1 refuses go into ALERTS as they are. */
async function fillAlerts(site: Site): Promise<void> {
  const alertsConsumer = 'hanging'
  await faults(site, { alertsConsumer, database: true })
  for (let nth = 0; nth < 12; nth += 1) await site.login()
  await faults(site, { alertsConsumer })
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'provider answers 500',
    ...{ kind: 'provider_distrusted', ruleMs: 0, limitMs: TOLD_MS },
    inject: (site) => carrier(site).setMode('500'),
    meanwhile: login,
    repair: (site) => carrier(site).setMode('ok'),
  },
  {
    name: 'provider hangs',
    ...{ kind: 'provider_distrusted', ruleMs: 0, limitMs: TOLD_MS },
    inject: (site) => carrier(site).setMode('hang'),
    meanwhile: login,
    repair: (site) => carrier(site).setMode('ok'),
  },
  {
    name: 'provider answers 401',
    ...{ kind: 'provider_distrusted', ruleMs: 0, limitMs: TOLD_MS },
    inject: (site) => site.deploy({ TWILIO_AUTH_TOKEN: 'a-token-that-was-revoked' }),
    meanwhile: login,
    repair: (site) => site.deploy({}),
  },
  {
    name: 'provider sends no receipts',
    // They are waited for a minute.
    ...{ kind: 'receipts_stopped', ruleMs: 60 * SECOND_MS, limitMs: TOLD_MS },
    inject: async (site) => {
      await carrier(site).setMode('no-receipt')
      for (let nth = 0; nth < 8; nth += 1) await site.login()
    },
    meanwhile: login,
    repair: (site) => carrier(site).setMode('ok'),
  },
  {
    name: 'exchange answers 500',
    ...{ kind: 'lock_unconfirmed', ruleMs: 60 * SECOND_MS, limitMs: TOLD_MS },
    inject: async (site) => {
      await exchange(site).setCallbackMode('500')
      await lockOne(site)
    },
    repair: (site) => exchange(site).setCallbackMode('ok'),
  },
  {
    name: 'exchange hangs',
    ...{ kind: 'lock_unconfirmed', ruleMs: 60 * SECOND_MS, limitMs: TOLD_MS },
    inject: async (site) => {
      await exchange(site).setCallbackMode('hang')
      await lockOne(site)
    },
    repair: (site) => exchange(site).setCallbackMode('ok'),
  },
  {
    name: 'exchange answers 410',
    ...{ kind: 'callbacks_stopped', ruleMs: 0, limitMs: TOLD_MS },
    inject: async (site) => {
      await exchange(site).setCallbackMode('410')
      const [owner] = site.owners
      await site.login()
      const { body } = await exchange(site).api('GET', `/v1/accounts/${owner?.id}/sessions`)
      const [session] = Object(body).sessions
      const path = `/v1/accounts/${owner?.id}/sessions/${session.session_id}`
      await exchange(site).api('DELETE', path)
      await eventually('a callback given up', () =>
        queryOne(site.stage, "SELECT 1 FROM callbacks WHERE state = 'stopped'"),
      )
    },
    repair: async (site) => {
      await exchange(site).setCallbackMode('ok')
      await site.act('redrive_callbacks', { hours: '1' })
    },
    byHand: 'callbacks brought again; else ten minutes later',
  },
  {
    name: 'D1 refuses',
    ...{ kind: 'database_unavailable', ruleMs: 0, limitMs: TOLD_MS },
    inject: (site) => faults(site, { database: true }),
    meanwhile: login,
    repair: (site) => faults(site),
  },
  {
    name: 'D1 hangs',
    ...{ kind: 'database_unavailable', ruleMs: 0, limitMs: TOLD_MS },
    inject: (site) => faults(site, { database: 'hanging' }),
    meanwhile: login,
    repair: (site) => faults(site),
  },
  {
    name: 'queue late',
    ...{ kind: 'queue_late', ruleMs: 120 * SECOND_MS, limitMs: TOLD_MS },
    inject: fillAlerts,
    repair: (site) => faults(site),
  },
  {
    name: 'cron stands still',
    ...{ kind: 'cron_still', ruleMs: 0, limitMs: 240 * SECOND_MS },
    inject: async (site) => site.stopCron(),
    meanwhile: login,
    repair: (site) => site.startCron(),
  },
  {
    name: 'a message dies',
    ...{ kind: 'dead_letters', ruleMs: 0, limitMs: TOLD_MS },
    inject: async (site) => {
      await fillAlerts(site)
      await faults(site, { alertsConsumer: true })
      const died = () => queryOne(site.stage, 'SELECT 1 FROM dead_letters')
      await eventually('the death of a message', died, 200 * SECOND_MS)
    },
    repair: async (site) => {
      await faults(site)
      await site.act('redrive_dead_letters')
      await eventually('the end of its dead letters', async () => {
        const left = await queryOne(site.stage, 'SELECT 1 FROM dead_letters')
        if (left !== null) await site.act('redrive_dead_letters')
        return left === null
      })
    },
    byHand: 'put back into its queue; else an hour later',
  },
  {
    name: 'a bad setting',
    ...{ kind: 'settings_broken', ruleMs: 0, limitMs: TOLD_MS },
    inject: (site) => site.deploy({ EXCHANGE_NAME: '' }),
    repair: (site) => site.deploy({}),
  },
]
