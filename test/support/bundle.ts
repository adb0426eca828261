// Bundles a Worker entry the way a deployment would, with wrangler itself: what runs here is what
// would be uploaded. Nothing is uploaded.

import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const PROJECT_ROOT = resolve(import.meta.dirname, '../..')

export type BundledModule = { readonly type: 'ESModule' | 'Data'; readonly path: string }

export type Bundle = { readonly root: string; readonly modules: readonly BundledModule[] }

/** Bundles `entry` (relative to the project) into `dist/<name>`; throws with wrangler's own words. */
export async function bundleWorker(entry: string, name: string): Promise<Bundle> {
  const outdir = join(PROJECT_ROOT, 'dist', name)
  mkdirSync(outdir, { recursive: true })
  const wrangler = join(PROJECT_ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const args = [wrangler, 'deploy', entry, '--dry-run', '--outdir', outdir]
  await run(process.execPath, args, {
    cwd: PROJECT_ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG: 'error', NO_COLOR: '1' },
  })
  return readBundle(outdir)
}

function readBundle(outdir: string): Bundle {
  const files = readdirSync(outdir).filter((file) => /\.(js|bin)$/.test(file))
  const modules = files.map(
    (file): BundledModule => ({
      type: file.endsWith('.js') ? 'ESModule' : 'Data',
      path: join(outdir, file),
    }),
  )
  // The entry comes first.
  return { root: outdir, modules: modules.sort((a, b) => b.type.localeCompare(a.type)) }
}
