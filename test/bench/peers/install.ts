// What the usual stack is made of, installed where nothing else of the project looks: a folder that git
// ignores. Only `--peers` does it, and only once.

import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from '../../support/bundle.ts'

const run = promisify(execFile)

export const PEER_PACKAGES = {
  bullmq: '6.7.0',
  ioredis: '6.0.0',
  'notifme-sdk': '1.16.25',
  standardwebhooks: '1.1.1',
} as const
/** Debian's server and what it needs beyond a bare system. */
const DEBIAN_PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1']

const ROOT = join(PROJECT_ROOT, '.wrangler/bench-peers')

export type Peers = {
  /** Where the two programs lie beside their packages. */
  readonly folder: string
  readonly redis: string
  /** Beside the server, when it was unpacked here instead of installed. */
  readonly libraryPath: string
}

/** @throws with the installer's own words. */
export async function installPeers(): Promise<Peers> {
  mkdirSync(ROOT, { recursive: true })
  await installPackages()
  for (const name of ['server.js', 'worker.js']) {
    copyFileSync(join(import.meta.dirname, name), join(ROOT, name))
  }
  return { folder: ROOT, ...(await findRedis()) }
}

async function installPackages(): Promise<void> {
  const isThere = Object.keys(PEER_PACKAGES).every((name) =>
    existsSync(join(ROOT, 'node_modules', name)),
  )
  if (isThere) return
  console.log('Installing the packages of the usual stack …')
  const manifest = { name: 'bench-peers', private: true, type: 'module' }
  writeFileSync(join(ROOT, 'package.json'), JSON.stringify(manifest))
  const wanted = Object.entries(PEER_PACKAGES).map(([name, version]) => `${name}@${version}`)
  const quiet = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund']
  await run('npm', ['install', '--prefix', ROOT, ...quiet, ...wanted], { cwd: ROOT })
}

/** The system's Redis, or Debian's package unpacked beside the rest: no service starts from it. */
async function findRedis(): Promise<Pick<Peers, 'redis' | 'libraryPath'>> {
  const installed = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync)
  if (installed) return { redis: installed, libraryPath: '' }
  const folder = join(ROOT, 'redis')
  const redis = join(folder, 'usr/bin/redis-server')
  if (!existsSync(redis)) {
    console.log("Unpacking Debian's Redis …")
    mkdirSync(folder, { recursive: true })
    await run('apt-get', ['download', ...DEBIAN_PACKAGES], { cwd: folder })
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.deb'))) {
      await run('dpkg', ['-x', name, '.'], { cwd: folder })
    }
  }
  const libraries = ['usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu']
  return { redis, libraryPath: libraries.map((path) => join(folder, path)).join(':') }
}
