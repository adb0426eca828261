// Lockline and the bare Worker in one isolate, no queue consumer: only the request's own work counts.
// Beside it real lock links, as they stood in real SMS, and what the bare Worker stores.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bundle } from '../support/bundle.ts'
import { eventually, type Stage, startStage } from '../support/stage.ts'
import { createSecrets } from '../world/world.ts'
import { copyStorage } from './bare-storage.ts'
import { closeAtEnd, closeOnSignal } from './closing.ts'
import { numberOf } from './logins.ts'
import { inParallel } from './open-loop.ts'
import type { Door } from './scenario.ts'

export type BareStage = {
  readonly stage: Stage
  /** Paths of lock links, each of another login. */
  readonly lockPaths: readonly string[]
  readonly close: () => Promise<void>
}

const AT_ONCE = 12
const SMS_TIMEOUT_MS = 120_000

export async function startBareStage(
  bundle: Bundle,
  door: Door,
  links: number,
): Promise<BareStage> {
  const persistPath = mkdtempSync(join(tmpdir(), 'lockline-bench-'))
  const removeFiles = closeAtEnd(() => rmSync(persistPath, { recursive: true, force: true }))
  const world = { secrets: createSecrets() }
  const first = await startStage(bundle, { world, runtime: { persistPath } })
  const closeFirst = closeAtEnd(first.close)
  closeOnSignal()
  const lockPaths = await collectLinks(first, links)
  await closeFirst()

  const stage = await startStage(bundle, {
    world,
    runtime: { persistPath, hasConsumers: false, hasFrontDoor: door === 'front' },
  })
  const closeStage = closeAtEnd(stage.close)
  closeOnSignal()
  const login = await stage.world.exchange.login({ account_id: 'unbound' })
  if (login.status !== 202) throw new Error(`the first login was answered ${login.status}`)
  const storage = await copyStorage(await stage.runtime.database(), 'unbound')
  const page = await (await stage.runtime.fetch(lockPaths[0] ?? '/')).text()
  const setup = { ...storage, pageLength: Math.max(0, page.length - 50) }
  await stage.runtime.fetch('/bare/setup', { method: 'POST', body: JSON.stringify(setup) })
  return {
    stage,
    lockPaths,
    close: async () => {
      await closeStage()
      await removeFiles()
    },
  }
}

async function collectLinks(stage: Stage, count: number): Promise<readonly string[]> {
  const { exchange, phones } = stage.world
  await inParallel(count, AT_ONCE, async (index) => {
    await exchange.api('PUT', `/v1/accounts/b${index}`, { phone: numberOf(index) })
    await exchange.login({ account_id: `b${index}` })
  })
  const paths = () =>
    Array.from({ length: count }, (_, index) => linkIn(phones.messagesTo(numberOf(index))[0]?.text))
  await eventually(
    `${count} lock links`,
    () => paths().every((path) => path !== null),
    SMS_TIMEOUT_MS,
  )
  return paths().filter((path) => path !== null)
}

function linkIn(text: string | undefined): string | null {
  return /https?:\/\/[^/\s]+(\/l\/\S+)/.exec(text ?? '')?.[1] ?? null
}
