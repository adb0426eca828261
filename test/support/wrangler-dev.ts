// `wrangler dev` as a team runs it: the project's wrangler.toml, its own settings in `.dev.vars` beside it, and nothing
// else from us. Slow to start; the other tests use the runtime below it.

import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from './bundle.ts'
import { eventually, freePort } from './stage.ts'

const run = promisify(execFile)
const WRANGLER = join(PROJECT_ROOT, 'node_modules/wrangler/bin/wrangler.js')
const READY_WITHIN_MS = 120_000

export type WranglerDev = { readonly origin: string; readonly stop: () => Promise<void> }

/** `settings` are written to `.dev.vars`. Ready once /healthz answers, whatever it says. */
export async function startWranglerDev(
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<WranglerDev> {
  const folder = mkdtempSync(join(tmpdir(), 'lockline-dev-'))
  const config = join(folder, 'wrangler.toml')
  const state = join(folder, 'state')
  const text = readFileSync(join(PROJECT_ROOT, 'wrangler.toml'), 'utf8')
  const main = JSON.stringify(join(PROJECT_ROOT, 'src/index.ts'))
  writeFileSync(config, text.replace('"src/index.ts"', main))
  joinMigrations(join(folder, 'migrations'))
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'`)
  writeFileSync(join(folder, '.dev.vars'), lines.join('\n'))

  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', CI: '1' }
  const where = ['--config', config, '--persist-to', state]
  const migrate = [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--local', ...where]
  await run(process.execPath, migrate, { cwd: folder, env })
  const listen = ['--ip', '127.0.0.1', '--port', String(port)]
  const inspect = ['--inspector-port', String(await freePort())]
  const child = spawn(process.execPath, [WRANGLER, 'dev', ...where, ...listen, ...inspect], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => said.push(`${data}`))
  const hasEnded = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const origin = `http://127.0.0.1:${port}`
  const stop = async () => {
    child.kill('SIGINT')
    await hasEnded
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await eventually('wrangler dev', () => isUp(origin, child.exitCode), READY_WITHIN_MS)
  } catch (error) {
    await stop()
    throw new Error(`wrangler dev did not start:\n${said.join('').slice(-4_000)}`, { cause: error })
  }
  return { origin, stop }
}

/** All statements in one file: for each file wrangler starts a runtime of its own, which takes half a second. */
function joinMigrations(folder: string): void {
  const own = join(PROJECT_ROOT, 'migrations')
  const files = readdirSync(own).filter((file) => file.endsWith('.sql'))
  const texts = files.sort().map((file) => readFileSync(join(own, file), 'utf8'))
  mkdirSync(folder)
  writeFileSync(join(folder, '0001_all.sql'), texts.join('\n'))
}

async function isUp(origin: string, exitCode: number | null): Promise<boolean> {
  if (exitCode !== null) throw new Error(`it ended with ${exitCode}`)
  const answer = await fetch(`${origin}/healthz`).catch(() => null)
  await answer?.body?.cancel()
  return answer !== null
}
