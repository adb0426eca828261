// `npm start`: the Worker in the local runtime, the world around it, and a page to play with both.
// Stops as one; leaves nothing running behind.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { bundleWorker, PROJECT_ROOT } from '../support/bundle.ts'
import { type LogLine, startRuntime } from '../support/runtime.ts'
import { shardNames } from '../support/shards.ts'
import { ageDemoUser, DEMO_SETTINGS, importDemoAccount } from './demo.ts'
import { localOpsKeySetting } from './ops-key.ts'
import { startWorldServer } from './server.ts'
import { readStartOptions, START_HELP, type StartOptions } from './start-options.ts'
import { createSecrets, startWorld, type WorldSecrets } from './world.ts'

const STATE_PATH = join(PROJECT_ROOT, '.wrangler')
const DATABASE_PATH = join(STATE_PATH, 'state/v3')
const SECRETS_PATH = join(STATE_PATH, 'world-secrets.json')
const CRON_MS = 60_000
/** Who uses the state at present. */
const RUNNING_PATH = join(STATE_PATH, 'world-running.json')

async function main(): Promise<void> {
  const choice = readStartOptions(process.argv.slice(2))
  if (choice.kind === 'help') {
    console.log(START_HELP)
    return
  }
  if (choice.kind === 'refused') fail(`${choice.message}\n\n${START_HELP}`)
  else await start(choice.options)
}

async function start(options: StartOptions): Promise<void> {
  const { port, worldPort, callbackUrl } = options
  refuseSharedState()
  await refuseTakenPort(port, '--port')
  await refuseTakenPort(worldPort, '--world-port')
  if (options.isFresh) {
    rmSync(DATABASE_PATH, { recursive: true, force: true })
    rmSync(SECRETS_PATH, { force: true })
  }

  mkdirSync(STATE_PATH, { recursive: true })
  writeFileSync(RUNNING_PATH, JSON.stringify({ pid: process.pid, worldPort }))
  process.on('exit', () => rmSync(RUNNING_PATH, { force: true }))
  const bundle = await step('Bundling the Worker', () => bundleWorker('src/index.ts', 'worker'))
  const workerOrigin = `http://localhost:${port}`
  const world = await step('Starting carriers, phone and exchange', () =>
    startWorld({ workerOrigin, secrets: keptSecrets(), hasOperator: true }),
  )
  const runtime = await step('Starting the Worker and applying migrations', () =>
    startRuntime({
      bundle,
      port,
      settings: {
        ...world.settings(),
        ...DEMO_SETTINGS,
        API_KEYS: `${world.secrets.apiKeys.join(' ')} ${localOpsKeySetting(world.secrets)}`,
        ...(callbackUrl && { CALLBACK_URL: callbackUrl }),
      },
      shards: options.shards,
      persistPath: DATABASE_PATH,
      onLog: (line) => showLog(line, options.isVerbose),
    }),
  )
  const page = await step('Importing the demo user', async () => {
    const answer = await importDemoAccount(world.exchange)
    if (answer.status !== 200) throw new Error(`the Worker answered ${answer.status}`)
    const databases = await Promise.all(shardNames(options.shards).map(runtime.database))
    return startWorldServer(world, {
      port: worldPort,
      beforeThief: () => ageDemoUser(databases),
    })
  })
  // The local runtime never fires cron triggers by itself.
  const cron = setInterval(() => void runtime.tick().catch(showError), CRON_MS)
  stopOnSignal(async () => {
    clearInterval(cron)
    await Promise.all([page.close(), runtime.stop()])
    await world.close()
  })
  console.log(`
Lockline is running.

  Open  http://localhost:${worldPort}   the demo: exchange, carriers, phone
        http://localhost:${port}/docs   the API
        http://localhost:${port}/ops?token=${world.secrets.opsToken}
                                the operator's page; once, then /ops

Next: log in on the demo page and watch the SMS arrive. Let the thief in, see what
he leaves in the account, tap the link, lock. Then set a carrier to "hang".

Ctrl-C stops everything.`)
  if (callbackUrl) console.log(ownExchange(callbackUrl, workerOrigin, world.secrets))
}

/** As README's code reads it. The keys are of this machine and of no worth. */
function ownExchange(callbackUrl: string, workerOrigin: string, secrets: WorldSecrets): string {
  return `
Callbacks go to ${callbackUrl}. Your exchange needs:

  LOCKLINE_URL=${workerOrigin}
  LOCKLINE_API_KEY=${secrets.apiKeys[0]}
  LOCKLINE_WEBHOOK_SECRET=${secrets.webhookSecrets[0]}
  LOCKLINE_CALLBACK_SECRET=${secrets.callbackSecrets[0]}`
}

/** The world's keys outlive a restart: without them nothing stored could be opened again. */
function keptSecrets(): WorldSecrets {
  const fresh = createSecrets()
  const kept = existsSync(SECRETS_PATH) ? JSON.parse(readFileSync(SECRETS_PATH, 'utf8')) : {}
  // Those of a former version lack what came later.
  const secrets = { ...fresh, ...kept }
  mkdirSync(STATE_PATH, { recursive: true })
  writeFileSync(SECRETS_PATH, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  return secrets
}

async function step<T>(what: string, run: () => Promise<T>): Promise<T> {
  const startedAt = Date.now()
  process.stdout.write(`${what} …`)
  const result = await run()
  process.stdout.write(` ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`)
  return result
}

/** Two Workers on one database file would lock each other out, and send each other's messages. */
function refuseSharedState(): void {
  if (!existsSync(RUNNING_PATH)) return
  const { pid, worldPort } = JSON.parse(readFileSync(RUNNING_PATH, 'utf8'))
  try {
    process.kill(pid, 0)
  } catch {
    return // It ended without a word.
  }
  fail(
    `Lockline runs here already: http://localhost:${worldPort}. Stop it first, or use another checkout.`,
  )
}

async function refuseTakenPort(port: number, option: string): Promise<void> {
  const server = createServer()
  const problem = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve)
    server.listen(port, '127.0.0.1', () => resolve(null))
  })
  await new Promise((resolve) => server.close(resolve))
  if (problem === null) return
  const reason = problem.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${problem.code})`
  fail(`Port ${port} ${reason}. Choose another: npm start -- ${option} ${port + 10}`)
}

function showLog(line: LogLine, isVerbose: boolean): void {
  if (isVerbose || line.level === 'error') console.log(line.message)
}

function showError(error: unknown): void {
  console.error(error instanceof Error ? error.message : error)
}

/** Once for an orderly stop; a second signal does not wait for it. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false
  const onSignal = () => {
    if (isStopping) process.exit(130)
    isStopping = true
    console.log('\nStopping …')
    stop().then(
      () => {
        console.log('Stopped.')
        process.exit(0)
      },
      (error) => {
        showError(error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The local runtime's own handler would end the process in the middle of this.
    process.removeAllListeners(signal)
    process.on(signal, onSignal)
  }
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}

try {
  await main()
} catch (error) {
  process.stdout.write('\n')
  fail(error instanceof Error ? error.message : String(error))
}
