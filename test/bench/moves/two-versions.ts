// Two versions of the Worker beside each other, over two databases on disk: the one has the old key of everything first, the
// other the new one. Afterwards a third, which knows the new ones alone.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bundle } from '../../support/bundle.ts'
import { type Database, type Runtime, startRuntime } from '../../support/runtime.ts'
import { shardNames, shardSetting } from '../../support/shards.ts'
import { freePorts } from '../../support/stage.ts'
import { localOpsKey, localOpsKeySetting } from '../../world/ops-key.ts'
import { createSecrets, startWorld, type World } from '../../world/world.ts'
import { closeAtEnd, closeOnSignal } from '../closing.ts'

const ROTATED = ['WEBHOOK_SECRETS', 'CALLBACK_SECRETS', 'LINK_SECRETS', 'DATA_SECRETS'] as const

export type TwoVersions = {
  readonly world: World
  /** Of the version with the old ones first, and of that with the new ones first. */
  readonly origins: readonly [former: string, later: string]
  readonly apiKey: string
  readonly opsKey: string
  readonly webhookSecrets: readonly [old: string, current: string]
  readonly databases: () => Promise<readonly Database[]>
  /** Its work is done by the later version: what one isolate puts into a queue, the other one gets. */
  readonly tick: () => Promise<void>
  /** The later version alone. */
  readonly deployLater: () => Promise<void>
  /** The version that knows the new ones alone; returns its origin. */
  readonly dropOld: () => Promise<string>
  readonly close: () => Promise<void>
}

export async function startTwoVersions(bundle: Bundle): Promise<TwoVersions> {
  const [port = 0, otherPort = 0] = await freePorts(2)
  const [old, current] = [createSecrets(), createSecrets()]
  const world = await startWorld({
    workerOrigin: `http://127.0.0.1:${port}`,
    carriers: ['twilio', 'infobip'],
    secrets: {
      webhookSecrets: [...old.webhookSecrets, ...current.webhookSecrets],
      callbackSecrets: [...old.callbackSecrets, ...current.callbackSecrets],
      linkSecrets: [...old.linkSecrets, ...current.linkSecrets],
      dataSecrets: [...old.dataSecrets, ...current.dataSecrets],
    },
  })
  const closeWorld = closeAtEnd(world.close)
  const persistPath = mkdtempSync(join(tmpdir(), 'lockline-moves-'))
  const removeFiles = closeAtEnd(() => rmSync(persistPath, { recursive: true, force: true }))
  const settings: Readonly<Record<string, string>> = {
    ...world.settings(),
    SHARDS: shardSetting(2),
    API_KEYS: `${world.secrets.apiKeys.join(' ')} ${localOpsKeySetting(world.secrets)}`,
  }
  const withKeys = (listOf: (keys: readonly string[]) => readonly string[]) => ({
    ...settings,
    ...Object.fromEntries(
      ROTATED.map((name) => [name, listOf((settings[name] ?? '').split(' ')).join(' ')]),
    ),
  })
  const later = withKeys((keys) => keys.toReversed())
  const start = (options: Partial<Parameters<typeof startRuntime>[0]>) =>
    startRuntime({ bundle, port, settings, persistPath, shards: 2, ...options })
  let runtime: Runtime = await start({ morePorts: [otherPort], moreSettings: [later] })
  closeOnSignal()
  const stopRuntime = closeAtEnd(() => runtime.stop())
  const deploy = async (next: typeof settings) => {
    await runtime.stop()
    runtime = await start({ settings: next })
    closeOnSignal()
    return runtime
  }
  const [oldSecret = '', newSecret = ''] = world.secrets.webhookSecrets
  return {
    world,
    origins: [`http://127.0.0.1:${port}`, `http://127.0.0.1:${otherPort}`],
    apiKey: world.secrets.apiKeys[0] ?? '',
    opsKey: localOpsKey(world.secrets),
    webhookSecrets: [oldSecret, newSecret],
    databases: () => Promise.all(shardNames(2).map((name) => runtime.database(name))),
    tick: () => runtime.tick().catch(() => {}),
    deployLater: async () => void (await deploy(later)),
    dropOld: async () => (await deploy(withKeys((keys) => keys.slice(-1)))).origin,
    close: async () => {
      await stopRuntime()
      await closeWorld()
      await removeFiles()
    },
  }
}
