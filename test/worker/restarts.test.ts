// What outlives a runtime: logins in flight when it is killed, locks not told of, numbers sealed with an older key and links
// signed with one; and how it starts when its settings are wrong. Each start takes seconds, so one serves several ends.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, it } from 'vitest'
import {
  accountPath,
  execute,
  importOwner,
  loggedLine,
  loginAndDeliver,
  loginOnce,
  newOwner,
  type Owner,
  pathOf,
  queryOne,
} from '../support/owner.ts'
import { type Runtime, startRuntime } from '../support/runtime.ts'
import { eventually, freePort, type Stage } from '../support/stage.ts'
import { createSecrets, startWorld, type World } from '../world/world.ts'

type Restartable = {
  readonly stage: () => Stage
  readonly start: (settings?: Readonly<Record<string, string>>) => Promise<void>
  readonly stop: () => Promise<void>
  /** The process of the runtime that is up. */
  readonly pid: () => number
}

const closers: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A world that stays while the runtime beside it comes and goes, on one port and one database. */
async function startRestartable(): Promise<Restartable> {
  const port = await freePort()
  const receipts = { sentMs: 10, deliveredMs: 30, lateMs: 1000, retryMs: 100 }
  const world: World = await startWorld({
    workerOrigin: `http://127.0.0.1:${port}`,
    knobs: { slowMs: 1000, receipts },
  })
  closers.push(world.close)
  const persistPath = mkdtempSync(join(tmpdir(), 'lockline-restarts-'))
  closers.push(async () => rmSync(persistPath, { recursive: true, force: true }))
  const logs: string[] = []
  let runtime: Runtime | null = null
  let pid = 0
  const stop = async () => {
    const stopping = runtime
    runtime = null
    await stopping?.stop()
  }
  closers.push(stop)
  return {
    stage: () => {
      if (runtime === null) throw new Error('no runtime is up')
      const nothing = async () => {}
      const readMeter = async () => ({ rowsRead: 0, rowsWritten: 0, d1Calls: 0, queueSends: 0 })
      return {
        ...{ world, runtime, logs, readMeter, close: stop },
        ...{ setFaults: nothing, setClock: nothing, newIsolate: nothing, settle: nothing },
        ...{ killIsolate: nothing, releaseNet: nothing },
      }
    },
    start: async (settings = {}) => {
      // Runtimes of other files may be kept in this process.
      const before = runtimePids()
      runtime = await startRuntime({
        bundle: inject('workerBundle'),
        port,
        persistPath,
        settings: { ...world.settings(), ...settings },
        onLog: ({ message }) => logs.push(message),
      })
      const [started, ...others] = runtimePids().filter((one) => !before.includes(one))
      if (started === undefined || others.length > 0) throw new Error('not one runtime was started')
      pid = started
    },
    stop,
    pid: () => pid,
  }
}

/** The runtimes this very process has started. */
function runtimePids(): readonly number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), 'workerd'])
  return stdout.toString().split('\n').filter(Boolean).map(Number)
}

describe('a runtime that is killed', () => {
  it('loses no login it has accepted, and repeats only what was in flight', async () => {
    const { stage, start, stop, pid } = await startRestartable()
    // Nobody overtakes a slow call, before the kill or after it.
    const patient = { SMS_ATTEMPT_TIMEOUT_MS: '10000' }
    await start(patient)
    const { world } = stage()
    const health = await stage().runtime.fetch('/healthz')
    expect([health.status, await health.json()]).toEqual([200, { status: 'well', since: null }])
    const owners: Owner[] = []
    for (let count = 0; count < 10; count += 1) owners.push(await importOwner(stage()))
    await world.carriers.twilio.setMode('slow', { slowMs: 3_000 })
    const answers = await Promise.all(
      owners.map((owner) => world.exchange.login({ account_id: owner.id })),
    )
    expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(202))
    await eventually('calls in flight', () =>
      world.carriers.twilio.calls.entries().some((call) => call.answeredAt === null),
    )
    process.kill(pid(), 'SIGKILL')
    await eventually('the end of the process', () => !runtimePids().includes(pid()))
    await stop().catch(() => {})
    await eventually('calls that were cut off', () =>
      world.carriers.twilio.calls.entries().some((call) => call.abandonedAt !== null),
    )

    await world.carriers.twilio.setMode('ok')
    await start(patient)
    // Called or not, of these nobody has written down what became of them.
    const undecided = await queryOne(
      stage(),
      "SELECT json_group_array(account_id) AS ids FROM logins WHERE state IN ('queued', 'sending')",
    )
    const undecidedIds: readonly string[] = JSON.parse(String(undecided?.ids))
    // As if the leases of the dead consumer had run out.
    await execute(stage(), "UPDATE logins SET lease_until = 0 WHERE state = 'sending'")
    await stage().runtime.tick()
    for (const owner of owners) await loginOnce(stage(), owner, 'delivered')
    const open = await queryOne(stage(), 'SELECT count(*) AS n FROM logins WHERE is_open = 1')
    expect(open?.n).toBe(0)
    for (const owner of owners) {
      const messages = world.phones.messagesTo(owner.phone)
      expect(messages.length).toBeGreaterThanOrEqual(1)
      // In flight, a provider may have sent what we never heard of: the copy says the same.
      expect(messages.length).toBeLessThanOrEqual(undecidedIds.includes(owner.id) ? 2 : 1)
      expect(new Set(messages.map((message) => message.text)).size).toBe(1)
    }
  })
})

describe('a deployment with newer keys', () => {
  it('tells of a lock pressed before, opens what the older ones sealed, and seals it anew before they go', async () => {
    const { stage, start, stop } = await startRestartable()
    await start()
    const { world } = stage()
    const [olderData = ''] = world.secrets.dataSecrets
    const [olderLink = ''] = world.secrets.linkSecrets
    const [newerData = ''] = createSecrets().dataSecrets
    const [newerLink = ''] = createSecrets().linkSecrets
    const [early, late] = [await importOwner(stage()), newOwner()]
    const locked = await importOwner(stage())
    const { link: pressed } = await loginAndDeliver(stage(), locked)
    const { link } = await loginAndDeliver(stage(), await importOwner(stage()))
    await world.exchange.setCallbackMode('refuse')
    await stage().runtime.fetch(pathOf(pressed), { method: 'POST' })
    await stop()

    await world.exchange.setCallbackMode('ok')
    await start({
      DATA_SECRETS: `${newerData} ${olderData}`,
      LINK_SECRETS: `${newerLink} ${olderLink}`,
    })
    await loginAndDeliver(stage(), early)
    await world.exchange.api('PUT', accountPath(late), { phone: late.phone })
    // As if a minute had passed: what is that overdue has lost its queue message.
    await execute(stage(), 'UPDATE callbacks SET next_attempt_at = 0, lease_until = 0')
    await stage().runtime.tick()
    const told = await world.exchange.waitForCallback(
      ({ event, status }) => event?.accountId === locked.id && status === 200,
    )
    expect(told.event?.type).toBe('account.locked')

    // A link sent before still locks.
    const page = await stage().runtime.fetch(pathOf(link), { method: 'POST' })
    expect(page.status).toBe(200)

    await eventually('the end of the walk', () =>
      queryOne(stage(), 'SELECT 1 AS over FROM seal_walks WHERE finished_at IS NOT NULL'),
    )
    const held = await queryOne(
      stage(),
      "SELECT json_group_array(held -> 'phone') AS phones FROM sealing_keys WHERE current_from IS NOT NULL",
    )
    // The two, the one who locked and the one whose link did.
    expect(held?.phones).toBe('[4]')
    await stop()

    await start({ DATA_SECRETS: newerData, LINK_SECRETS: newerLink })
    for (const owner of [early, late]) {
      const { message } = await loginAndDeliver(stage(), owner)
      expect(message.to).toBe(owner.phone)
    }
  })
})

describe('a runtime with wrong settings', () => {
  it('answers 503 everywhere, and names every setting that is wrong but no value', async () => {
    const { stage, start } = await startRestartable()
    const secret = 'whsec_tell_tale'
    await start({
      EXCHANGE_NAME: '',
      WEBHOOK_SECRETS: secret,
      TWILIO_AUTH_TOKEN: '',
      API_KEYS: 'k',
    })
    const { runtime, world, logs } = stage()
    const health = await runtime.fetch('/healthz')
    const text = await health.text()
    expect(health.status).toBe(503)
    const { settings } = JSON.parse(text)
    const names = settings.map((problem: { setting: string }) => problem.setting)
    expect(names.sort()).toEqual([
      'API_KEYS',
      'EXCHANGE_NAME',
      'TWILIO_AUTH_TOKEN',
      'WEBHOOK_SECRETS',
    ])
    const answers = await Promise.all([
      world.exchange.login({ account_id: 'a' }).then((answer) => answer.status),
      world.exchange.api('GET', '/v1/accounts/a').then((answer) => answer.status),
      ...['/l/x.y', '/l/x.y/status', '/nowhere'].map(
        async (path) => (await runtime.fetch(path)).status,
      ),
      runtime.fetch('/l/x.y', { method: 'POST' }).then((answer) => answer.status),
      runtime.fetch('/v1/receipts/twilio/x', { method: 'POST' }).then((answer) => answer.status),
    ])
    expect(new Set(answers)).toEqual(new Set([503]))
    const values = [secret, ...Object.values(world.secrets).flat()]
    for (const name of names) await loggedLine(stage(), new RegExp(`config.invalid.*"${name}"`))
    const told = [text, ...logs].join('\n')
    expect(values.filter((value) => told.includes(value))).toEqual([])
  })
})
