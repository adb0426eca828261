// The usual stack as something to shoot at: Redis that syncs every write to disk, a server and a worker
// process, the same simulated carriers as Lockline has.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../support/stage.ts'
import { startWorld } from '../../world/world.ts'
import { closeAtEnd, closeOnSignal } from '../closing.ts'
import type { Shootable } from '../lockline-target.ts'
import { createLoginSigner } from '../logins.ts'
import type { Peers } from './install.ts'

const START_TIMEOUT_MS = 20_000

export async function startPeers({ folder, redis, libraryPath }: Peers): Promise<Shootable> {
  const port = await freePort()
  const redisPort = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const world = await startWorld({ workerOrigin: origin, carriers: ['twilio', 'infobip'] })
  const closeWorld = closeAtEnd(world.close)
  const data = mkdtempSync(join(tmpdir(), 'lockline-bench-redis-'))
  const removeData = closeAtEnd(() => rmSync(data, { recursive: true, force: true }))
  closeOnSignal()

  const { secrets, carriers } = world
  const apiKey = secrets.apiKeys[0] ?? ''
  const webhookSecret = secrets.webhookSecrets[0] ?? ''
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    REDIS_PORT: String(redisPort),
    WEBHOOK_SECRET: webhookSecret,
    API_KEY: apiKey,
    TWILIO_URL: carriers.twilio.origin,
    TWILIO_SID: secrets.twilioAccountSid,
    TWILIO_TOKEN: secrets.twilioAuthToken,
    INFOBIP_URL: carriers.infobip.origin,
    INFOBIP_KEY: secrets.infobipApiKey,
  }
  const options = `--bind 127.0.0.1 --port ${redisPort} --appendonly yes --appendfsync always --save`
  const stopRedis = await startProcess(
    redis,
    [...options.split(' '), '', '--dir', data],
    { cwd: data, env: { ...process.env, LD_LIBRARY_PATH: libraryPath } },
    'Ready to accept connections',
  )
  const stopServer = await startProcess(process.execPath, ['server.js'], { cwd: folder, env })
  const stopWorker = await startProcess(process.execPath, ['worker.js'], { cwd: folder, env })
  return {
    name: 'usual stack',
    world,
    target: { origins: [origin], apiKey, sign: createLoginSigner(webhookSecret) },
    setDelays: async () => {},
    tick: async () => {},
    close: async () => {
      for (const stop of [stopWorker, stopServer, stopRedis, closeWorld, removeData]) await stop()
    },
  }
}

type Place = { readonly cwd: string; readonly env: NodeJS.ProcessEnv }

/** Resolves when it has printed `ready`, with what ends it. @throws when it ends before. */
async function startProcess(
  program: string,
  parameters: readonly string[],
  place: Place,
  ready = 'ready',
): Promise<() => Promise<void>> {
  const child = spawn(program, parameters, { ...place, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = closeAtEnd(() => end(child))
  await new Promise<void>((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4_000)
      if (said.includes(ready)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`${program} ended at once:\n${said}`)))
    setTimeout(
      () => reject(new Error(`${program} is not ready:\n${said}`)),
      START_TIMEOUT_MS,
    ).unref()
  })
  return stop
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
