// Bundles a Worker entry the way a deployment would, with wrangler itself: what runs here is what
// would be uploaded. Nothing is uploaded.

import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Platform } from './platform.ts'

const run = promisify(execFile)

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..')

export type BundledModule = { readonly type: 'ESModule' | 'Data'; readonly path: string }

/** What is uploaded, and what the platform has to have for it. */
export type Bundle = {
  readonly root: string
  readonly modules: readonly BundledModule[]
  readonly platform: Platform
}

/** Bundles `entry` (relative to the project) into `dist/<name>`; throws with wrangler's own words. */
export async function bundleWorker(entry: string, name: string): Promise<Bundle> {
  const outdir = join(PROJECT_ROOT, 'dist', name)
  mkdirSync(outdir, { recursive: true })
  const wrangler = join(PROJECT_ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const args = [wrangler, 'deploy', entry, '--dry-run', '--outdir', outdir]
  const bundling = run(process.execPath, args, {
    cwd: PROJECT_ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'error', NO_COLOR: '1' },
  })
  // Loaded here alone: who is handed a bundle has no need of wrangler.
  const [{ readPlatform }] = await Promise.all([import('./platform.ts'), bundling])
  return { root: outdir, modules: readModules(outdir), platform: readPlatform(PROJECT_ROOT) }
}

function readModules(outdir: string): readonly BundledModule[] {
  const files = readdirSync(outdir).filter((file) => /\.(js|bin)$/.test(file))
  const modules = files.map(
    (file): BundledModule => ({
      type: file.endsWith('.js') ? 'ESModule' : 'Data',
      path: join(outdir, file),
    }),
  )
  // The entry comes first.
  return modules.sort((a, b) => b.type.localeCompare(a.type))
}
